"""Files of annotated articles, whichever of our formats they are in."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from stance.errors import FormatError
from stance.formats.jsonl import read_jsonl
from stance.formats.labelstudio import Skipped, articles_of_tasks, read_export
from stance.formats.surrogates import printable_path
from stance.schema import Article

__all__ = ["articles_by_id", "read_articles"]


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
    raise FormatError("expected a Label Studio export (.json) or articles (.jsonl)", where=printable_path(path))


def articles_by_id(articles: Iterable[Article], *, where: str) -> dict[str, Article]:
    """Return articles by their ids.

    Args:
        articles: the articles.
        where: where they are from, for messages.

    Raises:
        FormatError: if two have the same id.
    """
    found: dict[str, Article] = {}
    for article in articles:
        if found.setdefault(article.id, article) is not article:
            raise FormatError(f"article {article.id} is there twice; rename or delete one", where=where)
    return found
