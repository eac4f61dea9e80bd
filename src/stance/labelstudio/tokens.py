"""API tokens: from the environment, a file or a log-in; never from the command line, never shown."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

from stance.errors import StudioUnauthorised, StudioUnreachable
from stance.labelstudio.server import Account

__all__ = ["TOKEN_VARIABLE", "check_token", "given_token", "personal_token"]

TOKEN_VARIABLE = "LABEL_STUDIO_API_KEY"


def given_token(token_file: Path | None = None) -> str:
    """Return the token that the user gave.

    Args:
        token_file: a file that holds it; by default the environment variable is asked.

    Returns:
        The token.

    Raises:
        StudioUnauthorised: if there is none.
    """
    if token_file is not None:
        try:
            token = token_file.read_text(encoding="utf-8-sig").strip()
        except (OSError, UnicodeDecodeError) as error:
            # Not chained on: what cannot be decoded holds the token.
            raise StudioUnauthorised(f"the token file {token_file} cannot be read: {error}") from None
    else:
        token = os.environ.get(TOKEN_VARIABLE, "").strip()
    if not token:
        raise StudioUnauthorised(
            f"no token; copy one from Label Studio's Account & Settings into ${TOKEN_VARIABLE} or a file (--token-file)"
        )
    return token


def check_token(token: str) -> None:
    """See that a token can be one: an invisible mark that was copied along is named, and the token is not shown.

    Args:
        token: an API token.

    Raises:
        StudioUnauthorised: if it holds anything but printable ASCII.
    """
    for stray in token:
        if not (stray.isascii() and stray.isprintable()):
            name = unicodedata.name(stray, "a control character")
            raise StudioUnauthorised(f"the token holds U+{ord(stray):04X} ({name}); copy it without what is around it")


def personal_token(url: str, *, account: Account) -> str:
    """Log in as a browser does and ask for a personal token.

    Args:
        url: the server.
        account: who logs in.

    Returns:
        A token that the SDK takes.

    Raises:
        StudioUnauthorised: if the log-in or the token was refused.
        StudioUnreachable: if the server does not answer.
    """
    import httpx

    try:
        with httpx.Client(base_url=url, timeout=30, follow_redirects=True, trust_env=False) as browser:
            browser.get("/user/login")
            form = {"email": account.username, "password": account.password}
            headers = {"X-CSRFToken": browser.cookies.get("csrftoken") or "", "Referer": url}
            browser.post("/user/login", data=form, headers=headers)
            headers["X-CSRFToken"] = browser.cookies.get("csrftoken") or ""
            reply = browser.post("/api/token/", headers=headers)
    except httpx.HTTPError as error:
        raise StudioUnreachable(f"Label Studio at {url} does not answer ({type(error).__name__})") from None
    token = reply.json().get("token") if reply.status_code < 300 else None
    if not isinstance(token, str):
        raise StudioUnauthorised(
            f"Label Studio at {url} gave {account.username} no token; is its password still right?"
        )
    return token
