"""Addresses and tokens that cannot be right are named, and a token goes nowhere but where it was meant to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from stance.errors import StudioError, StudioUnauthorised
from stance.labelstudio.client import Studio, connect
from stance.labelstudio.tokens import given_token

TOKEN = "0123456789abcdef0123456789abcdef01234567"
TARGET = "https://studio.example.org"


@pytest.fixture
def moved() -> Iterator[tuple[str, list[str]]]:
    """The address of a server that redirects to `TARGET`, and what it was sent."""
    sent: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def redirect(self) -> None:
            sent.append(f"{self.requestline}\n{self.headers}")
            self.send_response(301)
            self.send_header("Location", f"{TARGET}{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = do_PATCH = redirect  # noqa: N815

        def log_message(self, *args: object) -> None:
            return None

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", sent
        server.shutdown()
        thread.join()


def test_a_redirect_is_named_before_the_token_is_sent(moved: tuple[str, list[str]], tmp_path: Path) -> None:
    url, sent = moved
    (tmp_path / "token").write_text(TOKEN)
    with pytest.raises(StudioError, match=f"redirects to {TARGET}.*--url"):
        connect(url, token_file=tmp_path / "token")
    assert sent and not any(TOKEN in request for request in sent)


def test_no_call_follows_a_redirect(moved: tuple[str, list[str]]) -> None:
    url, sent = moved
    studio = Studio(url, token=TOKEN)
    for call in (
        lambda: studio.create_project({"title": "x"}),
        lambda: studio.update_task(1, {"text": "x"}),
        lambda: studio.export(1),
    ):
        with pytest.raises(StudioError, match=f"redirects to {TARGET}"):
            call()
    assert [request.split()[0] for request in sent] == ["POST", "PATCH", "GET"], "asked once each"


@pytest.mark.parametrize(
    "url",
    ["http://[bad", "localhost:8080", "studio.example.org", "http://", "http://x:port", "http://\u200fx", "ftp://x"],
)
def test_what_is_no_address(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LABEL_STUDIO_API_KEY", raising=False)
    monkeypatch.setenv("STANCE_STUDIO_HOME", str(tmp_path))
    with pytest.raises(StudioError, match="is no address of a server; give one such as https://"):
        connect(url)
    with pytest.raises(StudioError, match="is no address of a server"):
        Studio(url, token=TOKEN)


@pytest.mark.parametrize(
    ("stray", "name"),
    [
        ("\u200f", r"U\+200F \(RIGHT-TO-LEFT MARK\)"),
        ("\ufeff", r"U\+FEFF \(ZERO WIDTH NO-BREAK SPACE\)"),
        ("\n", r"U\+000A \(a control character\)"),
    ],
)
def test_a_stray_mark_in_a_token_is_named(stray: str, name: str) -> None:
    with pytest.raises(StudioUnauthorised, match=f"the token holds {name}") as caught:
        Studio(TARGET, token=f"{TOKEN[:20]}{stray}{TOKEN[20:]}")
    assert TOKEN[:20] not in str(caught.value)
    assert caught.value.__cause__ is None and caught.value.__context__ is None


def test_a_token_file_of_a_windows_editor(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_bytes(b"\xef\xbb\xbf" + TOKEN.encode() + b"\r\n")
    assert given_token(file) == TOKEN
    file.write_bytes(TOKEN.encode("utf-16"))
    with pytest.raises(StudioUnauthorised, match="cannot be read") as caught:
        given_token(file)
    assert caught.value.__cause__ is None and caught.value.__suppress_context__, "the cause holds the token"
