"""Halves of UTF-16 pairs: JSON's escapes and odd file names let them in, but they are no characters."""

from __future__ import annotations

import json
import os
from pathlib import PurePath

__all__ = ["LONE_SURROGATES", "holds_lone_surrogates", "printable_path"]

LONE_SURROGATES = "holds lone surrogates, which are no characters; decode the text as UTF-16 before it is imported"
"""What is said of a record that holds one."""


def holds_lone_surrogates(record: object) -> bool:
    """Return whether anything in a JSON record cannot be written as UTF-8."""
    try:
        json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def printable_path(path: PurePath) -> str:
    """Return a path as text; bytes of it that are not UTF-8, which Python keeps as lone surrogates, as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
