"""JSON from anywhere: what Python's parser lets through is not all that can be handled and written again."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["parse_json"]

_DEEPEST = 100


def parse_json(text: str) -> Any:
    """Parse JSON.

    Args:
        text: a whole document.

    Returns:
        What it holds.

    Raises:
        ValueError: if it is not JSON, or holds numbers of thousands of digits or lists in lists without end.
    """
    try:
        found = json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    level = [found]
    for _ in range(_DEEPEST):
        inner = (
            value.values() if isinstance(value, dict) else value for value in level if isinstance(value, dict | list)
        )
        level = [value for values in inner for value in values]
        if not level:
            return found
    raise ValueError(f"nested more than {_DEEPEST} levels deep")
