"""A Label Studio of our own on this machine: installed once, started, waited for, stopped.

Its home is `$STANCE_STUDIO_HOME`, else `~/.cache/arabic-stance/label-studio`:

    venv/          its own environment, since its pins clash with ours (`$STANCE_STUDIO_VENV` names another)
    data/          the SQLite database and what else Label Studio keeps
    account.json   user, password and token
    server.json    process and address of the running server
    server.log     what it said
    lock           held while a server is being started

All of it is readable by the owner alone.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from stance.errors import MissingExtraError, StudioError, StudioUnreachable
from stance.labelstudio.installation import LABEL_STUDIO_VERSION, home_directory, install, program

__all__ = ["Account", "Server", "down", "find", "is_healthy", "noted", "up"]

DEFAULT_PORT = 8080
_START_SECONDS = 240.0
_STOP_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Account:
    """The one user of the local server.

    Args:
        username: the e-mail address to log in with.
        password: for the log-in page.
        token: for the API.
    """

    username: str
    password: str = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Server:
    """A running local server.

    Args:
        url: where it answers.
        pid: its process.
        home: its files.
        account: its user.
    """

    url: str
    pid: int
    home: Path
    account: Account


def up(*, home: Path | None = None, port: int | None = None, report: Callable[[str], None] | None = None) -> Server:
    """Start the local Label Studio, installing it first where it is missing.

    Args:
        home: its directory; by default `home_directory()`.
        port: where it should answer; by default 8080, or any free port where that is taken.
        report: is told, line by line, what is being done.

    Returns:
        The server, which answers; the one that runs already, if one does.

    Raises:
        StudioError: if it cannot be installed, or the given port is taken.
        StudioUnreachable: if it does not come up.
    """
    home = (home or home_directory()).absolute()
    report = report or (lambda _: None)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    home.chmod(0o700)  # one that an earlier version made, too
    with _locked(home, report=report):
        return _wait_for_noted(home, report=report) or _start(home, port=port, report=report)


@contextlib.contextmanager
def _locked(home: Path, *, report: Callable[[str], None]) -> Iterator[None]:
    """Keep others from installing and starting in the same home; the lock of a process that dies is free."""
    import fcntl  # not on Windows, where nothing can be started, but servers elsewhere can be talked to

    with (home / "lock").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report("waiting for another `stance studio up` …")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _wait_for_noted(home: Path, *, report: Callable[[str], None]) -> Server | None:
    server = noted(home=home)
    if server is None:
        return None
    if not is_healthy(server.url):
        # Still starting, or busy: a second one would write to the same database.
        report(f"waiting for Label Studio at {server.url} …")
        _wait_until_up(server, is_alive=lambda: _is_ours(server.pid))
    report(f"Label Studio is running at {server.url}")
    return server


def _start(home: Path, *, port: int | None, report: Callable[[str], None]) -> Server:
    (home / "data").mkdir(exist_ok=True)
    install(home, report=report)
    account = _account(home)
    port = _free_port(port)
    report(f"starting Label Studio {LABEL_STUDIO_VERSION} (the first start takes a minute) …")
    with open(home / "server.log", "ab", opener=_open_private) as log:
        process = subprocess.Popen(
            [program(home), "start", "--no-browser", "--internal-host", "127.0.0.1", "-p", str(port)],
            cwd=home,
            env=_settings(home, account),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=0o077,
        )
    server = Server(f"http://127.0.0.1:{port}", process.pid, home, account)
    try:
        _write_private(home / "server.json", {"pid": process.pid, "url": server.url})
        _wait_until_up(server, is_alive=lambda: process.poll() is None)
    except BaseException:
        # Ctrl-C too: what nobody waits for any more is not left running.
        _stop(process.pid)
        (home / "server.json").unlink(missing_ok=True)
        raise
    report(f"Label Studio answers at {server.url}")
    return server


def noted(*, home: Path | None = None) -> Server | None:
    """Return the local server if its process lives, whether or not it answers yet.

    Args:
        home: its directory; by default `home_directory()`.

    Returns:
        The server, or None. What a killed server left behind is no server.
    """
    home = home or home_directory()
    try:
        note = json.loads((home / "server.json").read_text(encoding="utf-8"))
        server = Server(str(note["url"]), int(note["pid"]), home, _account(home))
    except (FileNotFoundError, json.JSONDecodeError, KeyError, ValueError):
        return None
    return server if _is_ours(server.pid) else None


def find(*, home: Path | None = None) -> Server | None:
    """Return the local server if it runs and answers.

    Args:
        home: its directory; by default `home_directory()`.

    Returns:
        The server, or None.
    """
    server = noted(home=home)
    return server if server is not None and is_healthy(server.url) else None


def down(*, home: Path | None = None) -> bool:
    """Stop the local server.

    Args:
        home: its directory; by default `home_directory()`.

    Returns:
        Whether there was one to stop. Its data stay.

    Raises:
        StudioError: if the process outlives being killed.
    """
    server = noted(home=home)
    if server is not None:
        _stop(server.pid)
    if server is not None and noted(home=home) is None:  # another may have been started meanwhile
        (server.home / "server.json").unlink(missing_ok=True)
    return server is not None


def _stop(pid: int) -> None:
    for how in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)
        if _wait_until_gone(pid):
            return
    raise StudioError(f"process {pid} of Label Studio does not end; stop it by hand")


def _account(home: Path) -> Account:
    path = home / "account.json"
    if path.exists():
        return Account(**json.loads(path.read_text(encoding="utf-8")))
    account = Account("annotator@example.com", secrets.token_urlsafe(12), secrets.token_hex(20))
    _write_private(path, asdict(account))
    return account


def _write_private(path: Path, content: object) -> None:
    # Made unreadable for others before anything is in it.
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with open(partial, "x", encoding="utf-8", opener=_open_private) as stream:
        json.dump(content, stream)
    partial.replace(path)


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _settings(home: Path, account: Account) -> dict[str, str]:
    ours = {
        "LABEL_STUDIO_BASE_DATA_DIR": str(home / "data"),
        "LABEL_STUDIO_USERNAME": account.username,
        "LABEL_STUDIO_PASSWORD": account.password,
        "LABEL_STUDIO_USER_TOKEN": account.token,
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
        # No telemetry and no look for updates.
        "COLLECT_ANALYTICS": "false",
        "LATEST_VERSION_CHECK": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
        # A model server on this machine may be called; the link-local range, where clouds keep secrets, may not.
        "USE_DEFAULT_BANNED_SUBNETS": "false",
        "USER_ADDITIONAL_BANNED_SUBNETS": "169.254.0.0/16",
        "PYTHONUNBUFFERED": "1",
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("LABEL_STUDIO_", "PYTHON"))}
    return inherited | ours


def _free_port(wanted: int | None) -> int:
    # Label Studio would quietly move to another port, and we would wait at the wrong one.
    for port in (wanted,) if wanted is not None else (DEFAULT_PORT, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise StudioError(f"port {wanted} is taken; give another one, or none to take any that is free")


def is_healthy(url: str) -> bool:
    """Return whether a server answers at /health.

    Args:
        url: the server.

    Returns:
        Whether it does, within two seconds.

    Raises:
        MissingExtraError: if httpx is not installed.
    """
    try:
        import httpx
    except ImportError as error:
        raise MissingExtraError("Talking to Label Studio", extra="studio") from error
    try:
        return httpx.get(f"{url}/health", timeout=2.0, trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _wait_until_up(server: Server, *, is_alive: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and is_alive():
        if is_healthy(server.url):
            return
        time.sleep(0.25)
    log = server.home / "server.log"
    said = _last_lines(log.read_text(encoding="utf-8", errors="replace"))
    raise StudioUnreachable(
        f"Label Studio (process {server.pid}) did not come up at {server.url}; "
        f"`stance studio down` stops what is left of it. The end of {log}:\n{said}"
    )


def _is_ours(pid: int) -> bool:
    """Return whether the process is a Label Studio, and not one that got a dead server's number."""
    status = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self").exists():
        try:
            return b"label-studio" in status.read_bytes()
        except OSError:
            return False
    listed = subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False)
    return "label-studio" in listed.stdout


def _wait_until_gone(pid: int) -> bool:
    deadline = time.monotonic() + _STOP_SECONDS
    while time.monotonic() < deadline:
        if hasattr(os, "waitpid"):
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)  # reaps it where we are its parent
        if _is_gone(pid):
            return True
        time.sleep(0.1)
    return False


def _is_gone(pid: int) -> bool:
    """Return whether the process has ended and let go of its port; one that is ending has lost its name long before."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    about = Path(f"/proc/{pid}")
    try:
        # A zombie that nobody reaps holds nothing any more, but for one whose other threads are still ending.
        is_zombie = (about / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
        return is_zombie and len(list((about / "task").iterdir())) <= 1
    except OSError:
        return False


def _last_lines(text: str, count: int = 12) -> str:
    return "\n".join(text.strip().splitlines()[-count:])
