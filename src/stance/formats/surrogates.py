"""Halves of UTF-16 pairs: JSON's escapes let them in, but they are no characters and cannot be written again."""

from __future__ import annotations

import json

__all__ = ["LONE_SURROGATES", "holds_lone_surrogates"]

LONE_SURROGATES = "holds lone surrogates, which are no characters; decode the text as UTF-16 before it is imported"
"""What is said of a record that holds one."""


def holds_lone_surrogates(record: object) -> bool:
    """Return whether anything in a JSON record cannot be written as UTF-8."""
    try:
        json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False
