"""Files of annotated articles → a `datasets.Dataset`, split by article."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.errors import FormatError
from stance.formats import Skipped, article_to_json, parse_line, read_articles
from stance.schema import Article

__all__ = ["Corpus", "fingerprint", "load_corpus", "split_by_article"]


@dataclass(frozen=True)
class Corpus:
    """Articles of some files, backed by a `datasets.Dataset` (Arrow, memory-mapped).

    Args:
        table: one row an article, as the JSONL contract has it.
        fingerprints: SHA-256 of each file, by its name.
        skipped: what could not be read, with the reason.
    """

    table: Any
    fingerprints: dict[str, str]
    skipped: tuple[Skipped, ...]

    def __len__(self) -> int:
        return len(self.table)

    def articles(self) -> list[Article]:
        """Return the articles in order."""
        return [parse_line(row, where=f"row {number}") for number, row in enumerate(self.table["article"])]


def fingerprint(path: str | Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def load_corpus(files: Sequence[str | Path]) -> Corpus:
    """Load annotated articles.

    Args:
        files: Label Studio exports (`.json`) and JSONL files.

    Returns:
        The corpus.

    Raises:
        FormatError: if a file cannot be read, or two articles share an id but not their text.
    """
    from datasets import Dataset

    rows: list[dict[str, str]] = []
    skipped: list[Skipped] = []
    texts: dict[str, str] = {}
    for path in files:
        articles, faults = read_articles(path)
        skipped.extend(faults)
        for article in articles:
            if texts.setdefault(article.id, article.text) != article.text:
                raise FormatError(
                    f"article {article.id} is there twice with different texts; rename one", where=str(path)
                )
            rows.append({"id": article.id, "article": json.dumps(article_to_json(article), ensure_ascii=False)})
    if not rows:
        raise FormatError(f"no annotated article in {', '.join(map(str, files)) or 'no files'}; give a finished export")
    fingerprints = {str(path): fingerprint(path) for path in files}
    return Corpus(Dataset.from_list(rows), fingerprints, tuple(skipped))


def split_by_article(articles: Sequence[Article], *, share: float, seed: int) -> tuple[list[Article], list[Article]]:
    """Split articles in two, never within one, and never one text into both.

    Args:
        articles: all articles.
        share: about this share of the texts goes into the second part.
        seed: another seed gives another split; adding articles moves none that was there.

    Returns:
        The first and the second part, in the order they came.
    """

    def is_held_out(article: Article) -> bool:
        digest = hashlib.sha256(f"{seed}\0{article.text}".encode()).digest()
        return int.from_bytes(digest[:8], "big") / 2**64 < share

    return [a for a in articles if not is_held_out(a)], [a for a in articles if is_held_out(a)]
