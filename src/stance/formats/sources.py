"""Whatever a command is given to read: files, folders, standard input; what is broken is named and passed over."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from stance.errors import FormatError
from stance.formats.jsonl import parse_line
from stance.formats.labelstudio import read_export
from stance.formats.plaintext import read_text
from stance.formats.surrogates import printable_path
from stance.schema import Article

__all__ = ["STDIN", "read_sources"]

STDIN = "-"
_READABLE = (".txt", ".jsonl", ".json")


def read_sources(
    sources: Iterable[str], *, on_fault: Callable[[FormatError], None], skip: Path | None = None
) -> Iterator[Article]:
    """Yield the articles of some sources, lazily.

    Args:
        sources: text files, JSONL files, Label Studio exports, folders of these, or `-` for standard input (JSONL if
            its first line is a JSON object, else one text). Texts of a folder are named by their path in it.
        on_fault: told of every file or line that cannot be read, the rest is read all the same; and of every article
            whose id an earlier one has.
        skip: a file that is no source though it lies in a folder of sources, such as the one to be written.

    Yields:
        Articles in order.
    """
    seen: set[str] = set()
    for place, articles in _read_each(sources, on_fault, skip):
        for article in articles:
            if article.id in seen:
                on_fault(FormatError(f"an earlier article is called {article.id} too; rename one", where=place))
            seen.add(article.id)
            yield article


def _read_each(
    sources: Iterable[str], on_fault: Callable[[FormatError], None], skip: Path | None
) -> Iterator[tuple[str, Iterator[Article]]]:
    for source in sources:
        path = Path(source)
        if source == STDIN:
            yield "standard input", _read_stream(on_fault)
        elif path.is_dir():
            files = sorted(own for own in path.rglob("*") if own.suffix in _READABLE and own.is_file())
            if not files:
                on_fault(FormatError(f"holds no {', '.join(_READABLE)} file", where=printable_path(path)))
            for file in files:
                if skip is None or file.resolve() != skip.resolve():
                    yield printable_path(file), _read_file(file, on_fault, folder=path)
        else:
            yield printable_path(path), _read_file(path, on_fault)


def _read_file(path: Path, on_fault: Callable[[FormatError], None], *, folder: Path | None = None) -> Iterator[Article]:
    try:
        if path.suffix == ".jsonl":
            with path.open("rb") as lines:
                yield from _read_lines(lines, printable_path(path), on_fault)
        elif path.suffix == ".json":
            for task in read_export(path):
                if task.fault:
                    on_fault(FormatError(task.fault, where=f"{printable_path(path)}, {task.place}"))
                    continue
                meta = {key: value for key, value in task.data.items() if key not in ("id", "text")}
                yield Article(task.article_id, task.text, (), meta)
        else:
            yield read_text(path, folder=folder)
    except OSError as error:
        on_fault(FormatError(error.strerror or str(error), where=printable_path(path)))
    except FormatError as error:
        on_fault(error)


def _read_lines(lines: Iterable[bytes], name: str, on_fault: Callable[[FormatError], None]) -> Iterator[Article]:
    for number, line in enumerate(lines, 1):
        where = f"{name}:{number}"
        if not line.strip():
            continue
        try:
            yield parse_line(line.decode("utf-8-sig" if number == 1 else "utf-8"), where=where)
        except UnicodeDecodeError as error:
            on_fault(FormatError(f"not UTF-8 ({error.reason})", where=where))
        except FormatError as error:
            on_fault(error)


def _read_stream(on_fault: Callable[[FormatError], None]) -> Iterator[Article]:
    stream = sys.stdin.buffer
    first = stream.readline()
    if first.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{"):

        def every() -> Iterator[bytes]:
            yield first
            yield from stream

        yield from _read_lines(every(), "standard input", on_fault)
        return
    try:
        text = (first + stream.read()).decode("utf-8")
    except UnicodeDecodeError as error:
        on_fault(FormatError(f"not UTF-8 ({error.reason})", where="standard input"))
        return
    if text.strip():
        yield Article("stdin", text)
