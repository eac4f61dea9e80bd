"""Articles as JSON lines: the contract that scorers and applications read.

A line: `{"id", "text", "attributions": [{"stance", "score", "cue": {"start", "end", "text"}, "speaker": … or null,
"content": … or null}]}`. Spans may also come as `[start, end]`. Other keys of the article are kept as its meta.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from stance.errors import FormatError, SchemaError
from stance.formats.parsing import parse_json
from stance.formats.surrogates import LONE_SURROGATES, holds_lone_surrogates, printable_path
from stance.schema import Article, Attribution, Part, Span, Stance, is_score

__all__ = ["article_to_json", "parse_line", "read_jsonl", "write_jsonl"]

_OWN_KEYS = ("id", "text", "attributions")


def read_jsonl(path: str | Path) -> list[Article]:
    """Read every article of a JSONL file.

    Args:
        path: the file.

    Returns:
        Its articles in order.

    Raises:
        FormatError: at the first line that is not an article, naming file and line.
    """
    return [parse_line(line, where=where) for line, where in iter_lines(path)]


def parse_line(line: str, *, where: str) -> Article:
    """Read one article.

    Args:
        line: a JSON object; `id` may be missing, then `where` names the article.
        where: file and line, for messages.

    Returns:
        The article.

    Raises:
        FormatError: if it is not JSON, has no text, or an attribution is malformed.
    """
    try:
        record = parse_json(line)
    except ValueError as error:
        raise FormatError(f"not JSON ({error})", where=where) from error
    if not isinstance(record, dict):
        raise FormatError(f"expected an object with `text`, got {type(record).__name__}", where=where)
    text = record.get("text")
    if not isinstance(text, str):
        raise FormatError("no `text`; each line needs the article's text as a string", where=where)
    if holds_lone_surrogates(record):
        raise FormatError(LONE_SURROGATES, where=where)
    name = str(record["id"]) if record.get("id") is not None else where
    rows = record.get("attributions") or []
    if not isinstance(rows, list):
        raise FormatError("`attributions` must be a list", where=where)
    try:
        attributions = tuple(_attribution(row, where=f"{where}, attribution {i}") for i, row in enumerate(rows))
        meta = {key: value for key, value in record.items() if key not in _OWN_KEYS}
        return Article(name, text, attributions, meta)
    except SchemaError as error:
        raise FormatError(str(error), where=where) from error


def _attribution(row: object, *, where: str) -> Attribution:
    if not isinstance(row, dict):
        raise FormatError(f"expected an object, got {type(row).__name__}", where=where)
    cue = _span(row.get("cue"), where=f"{where}, cue")
    if cue is None:
        raise FormatError("has no cue; an attribution is found by its cue", where=where)
    score, alt = row.get("score"), row.get("alt") or []
    if score is not None and not is_score(score):
        raise FormatError("`score` must be a number from 0 to 1, or null", where=where)
    if not isinstance(alt, list):
        raise FormatError(f"`alt` must be a list of stances, got {alt!r}", where=where)
    return Attribution(
        cue=cue,
        stance=_stance(row.get("stance"), where=where),
        speaker=_span(row.get("speaker"), where=f"{where}, speaker"),
        content=_span(row.get("content"), where=f"{where}, content"),
        score=None if score is None else float(score),
        alt=tuple(_stance(name, where=where) for name in alt),
        optional=bool(row.get("optional", False)),
    )


def _stance(value: object, *, where: str) -> Stance:
    try:
        return Stance(str(value))
    except ValueError as error:
        raise FormatError(f"unknown stance {value!r}; use one of {', '.join(Stance)}", where=where) from error


def _span(value: object, *, where: str) -> Span | None:
    if value is None:
        return None
    pair = [value.get("start"), value.get("end")] if isinstance(value, Mapping) else value
    if not isinstance(pair, list | tuple) or len(pair) != 2 or not all(type(offset) is int for offset in pair):
        raise FormatError(f"expected {{start, end}} or [start, end] in code points, got {value!r}", where=where)
    try:
        return Span(*pair)
    except SchemaError as error:
        raise FormatError(str(error), where=where) from error


def article_to_json(article: Article) -> dict[str, Any]:
    """Return the article as the contract's object.

    Args:
        article: any article.

    Returns:
        A JSON-serialisable dict; `alt` and `optional` appear only where they say something.
    """
    rows = []
    for attribution in article.attributions:
        row: dict[str, Any] = {"stance": str(attribution.stance), "score": attribution.score}
        row.update({str(part): None for part in Part})
        for part, span in attribution.spans():
            row[str(part)] = {"start": span.start, "end": span.end, "text": span.text_of(article.text)}
        if attribution.alt:
            row["alt"] = [str(stance) for stance in attribution.alt]
        if attribution.optional:
            row["optional"] = True
        rows.append(row)
    meta = {key: value for key, value in article.meta.items() if key not in _OWN_KEYS}
    return {"id": article.id, "text": article.text, **meta, "attributions": rows}


def write_jsonl(articles: Iterable[Article], stream: TextIO) -> None:
    """Write one line an article.

    Args:
        articles: articles, possibly lazy.
        stream: an open text file in UTF-8.
    """
    for article in articles:
        stream.write(json.dumps(article_to_json(article), ensure_ascii=False) + "\n")


def iter_lines(path: str | Path) -> Iterator[tuple[str, str]]:
    """Yield each line that is not blank with its place `file:line`.

    Raises:
        FormatError: at a line that is not UTF-8.
    """
    with Path(path).open("rb") as lines:
        for number, line in enumerate(lines, 1):
            where = f"{printable_path(Path(path))}:{number}"
            if line.strip():
                try:
                    yield line.decode("utf-8-sig" if number == 1 else "utf-8"), where
                except UnicodeDecodeError as error:
                    raise FormatError(f"not UTF-8 ({error.reason})", where=where) from error
