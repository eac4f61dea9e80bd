"""Files of annotated articles, whichever of our formats they are in."""

from __future__ import annotations

from pathlib import Path

from stance.errors import FormatError
from stance.formats.jsonl import read_jsonl
from stance.formats.labelstudio import Skipped, articles_of_tasks, read_export
from stance.schema import Article

__all__ = ["read_articles"]


def read_articles(path: str | Path) -> tuple[list[Article], list[Skipped]]:
    """Read annotated articles from a Label Studio export (`.json`) or JSONL (`.jsonl`).

    Args:
        path: the file.

    Returns:
        The articles, and what had to be left out, with the reason.

    Raises:
        FormatError: if the file cannot be read at all.
    """
    path = Path(path)
    if path.suffix == ".jsonl":
        return read_jsonl(path), []
    if path.suffix == ".json":
        return articles_of_tasks(read_export(path))
    raise FormatError("expected a Label Studio export (.json) or articles (.jsonl)", where=str(path))
