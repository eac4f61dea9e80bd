"""Where commands write: files that are whole or not there, and standard output."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from rich.console import Console

from stance.errors import FormatError
from stance.formats.jsonl import write_jsonl
from stance.formats.labelstudio import task_of_article
from stance.formats.sources import STDIN
from stance.formats.table import attribution_table
from stance.schema import Article

__all__ = ["open_target", "write_articles"]


@contextmanager
def open_target(name: str, *, inputs: Iterable[str] = ()) -> Iterator[TextIO]:
    """Open what a command writes.

    Args:
        name: a file, or `-` for standard output; a file that was there stays as it is until all is written.
        inputs: what the command reads.

    Yields:
        The stream.

    Raises:
        FormatError: if the file is itself an input.
    """
    if name == STDIN:
        yield sys.stdout
        return
    target = Path(name).resolve()  # through a link the file that it points to is replaced, not the link
    if any(Path(own).resolve() == target for own in inputs if own != STDIN):
        raise FormatError("is input and output; name another file", where=name)
    if target.exists() and not target.is_file():
        with _opened(target) as stream:  # a pipe or device takes what comes, a folder refuses it
            yield stream
        return
    part = target.with_name(f".{target.name}.part")
    try:
        with _opened(part) as stream:
            yield stream
        if target.exists():
            shutil.copymode(target, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _opened(path: Path) -> TextIO:
    return path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")


def write_articles(articles: Iterable[Article], stream: TextIO, *, shown: str, version: str) -> None:
    """Write tagged articles one by one.

    Args:
        articles: articles, possibly lazy.
        stream: an open text file in UTF-8.
        shown: `jsonl`, `label-studio` (tasks with predictions) or `table`.
        version: the tagger's version, for the predictions.
    """
    if shown == "jsonl":
        write_jsonl(articles, stream)
    elif shown == "label-studio":
        stream.write("[\n")
        for number, article in enumerate(articles):
            task = task_of_article(article, model_version=version)
            stream.write((",\n" if number else "") + json.dumps(task, ensure_ascii=False))
        stream.write("\n]\n")
    else:
        console = Console(file=stream)
        for article in articles:
            console.print(attribution_table(article))
