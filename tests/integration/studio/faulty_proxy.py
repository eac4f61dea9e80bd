"""A proxy in front of the real server that answers 500 where it is told to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

BEFORE = "before"
"""Fail without asking the server."""
AFTER = "after"
"""Let the server do it, and fail all the same."""

Fault = Callable[[str, str], str | None]
"""Method and path to `BEFORE`, `AFTER` or None."""


@contextmanager
def faulty_proxy(target: str, fault: Fault, *, on_fault: Callable[[], object] = lambda: None) -> Iterator[str]:
    """Yield the address of a proxy to `target`; `on_fault` is called where it fails, before it says so."""
    upstream = httpx.Client(base_url=target, timeout=60, trust_env=False)

    class Handler(BaseHTTPRequestHandler):
        def forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            kind = fault(self.command, self.path)
            reply = None
            if kind != BEFORE:
                headers = {key: value for key, value in self.headers.items() if key.lower() != "host"}
                headers["Accept-Encoding"] = "identity"
                with suppress(httpx.TransportError):  # the server may be gone
                    reply = upstream.request(self.command, self.path, headers=headers, content=body)
            if kind is not None:
                on_fault()
                reply = None
            content = b"<h1>Server Error (500)</h1>" if reply is None else reply.content
            self.send_response(500 if reply is None else reply.status_code)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Type", "text/html" if reply is None else "application/json")
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = forward  # noqa: N815

        def log_message(self, *args: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        upstream.close()
