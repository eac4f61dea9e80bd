"""JSON lines: what comes out, what comes in, and faults that name file, line and mend."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from stance.errors import FormatError
from stance.formats import article_to_json, parse_line, read_jsonl, write_jsonl
from stance.schema import Article, Attribution, Span, Stance

TEXT = "😀 نفت الوزارة وجود أي خلاف\r\nوقالت إنها ماضية"
ARTICLE = Article(
    "n1",
    TEXT,
    (
        Attribution(Span(2, 5), Stance.DENIES, Span(6, 13), Span(14, 26), 0.75, (Stance.REJECTS,)),
        Attribution(Span(28, 33), Stance.STATES, optional=True),
    ),
    {"outlet": "وكالة"},
)


GOOD = {"cue": [2, 5], "stance": "denies"}


def line(**changes: Any) -> str:
    return json.dumps({"id": "n1", "text": TEXT, **changes})


def test_the_contract_to_the_letter() -> None:
    assert article_to_json(ARTICLE) == {
        "id": "n1",
        "text": TEXT,
        "outlet": "وكالة",
        "attributions": [
            {
                "stance": "denies",
                "score": 0.75,
                "cue": {"start": 2, "end": 5, "text": "نفت"},
                "speaker": {"start": 6, "end": 13, "text": "الوزارة"},
                "content": {"start": 14, "end": 26, "text": "وجود أي خلاف"},
                "alt": ["rejects"],
            },
            {
                "stance": "states",
                "score": None,
                "cue": {"start": 28, "end": 33, "text": "وقالت"},
                "speaker": None,
                "content": None,
                "optional": True,
            },
        ],
    }


def test_a_file_in_and_out(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        write_jsonl(iter([ARTICLE, Article("n2", "")]), stream)
    assert read_jsonl(path) == [ARTICLE, Article("n2", "")]
    assert len(path.read_bytes().splitlines()) == 2
    assert "نفت" in path.read_text(encoding="utf-8"), "Arabic stays readable, not escaped"


def test_meta_never_takes_the_place_of_the_article_itself() -> None:
    record = article_to_json(Article("n1", "نص", meta={"text": "غيره", "id": 7, "date": "2026"}))
    assert record == {"id": "n1", "text": "نص", "date": "2026", "attributions": []}


def test_spans_may_be_pairs() -> None:
    row = {"stance": "denies", "cue": [2, 5], "content": [14, 26]}
    (own,) = parse_line(line(attributions=[row]), where="here").attributions
    assert (own.cue, own.speaker, own.content) == (Span(2, 5), None, Span(14, 26))


def test_an_article_without_an_id_is_named_by_its_place() -> None:
    assert parse_line('{"text": "نص"}', where="in.jsonl:3").id == "in.jsonl:3"
    assert parse_line('{"id": 0, "text": "نص"}', where="in.jsonl:3").id == "0"


def test_blank_lines_a_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + line().encode() + b"\r\n\r\n  \n" + line(id="n2").encode())
    assert [(article.id, article.text) for article in read_jsonl(path)] == [("n1", TEXT), ("n2", TEXT)]


def test_a_line_separator_inside_a_text_does_not_break_the_line(tmp_path: Path) -> None:
    stream = io.StringIO()
    write_jsonl([Article("n1", "قال\u2028ثم\x85نفى\u2029")], stream)
    path = tmp_path / "articles.jsonl"
    path.write_text(stream.getvalue(), encoding="utf-8")
    assert [article.text for article in read_jsonl(path)] == ["قال\u2028ثم\x85نفى\u2029"]


DEEP = '{"text": "نص", "x": ' + "[" * 200_000 + "]" * 200_000 + "}"


@pytest.mark.parametrize(
    ("faulty", "message"),
    [
        ("{", r"a\.jsonl:2: not JSON"),
        (DEEP, r"a\.jsonl:2: not JSON"),
        ('{"text": "نص", "x": ' + "[" * 150 + "]" * 150 + "}", r"a\.jsonl:2: not JSON \(nested more than 100 levels"),
        ('{"text": "نص", "x": ' + "1" * 5000 + "}", r"a\.jsonl:2: not JSON"),
        ("[]", r"a\.jsonl:2: expected an object with `text`, got list"),
        ('{"id": "n1"}', r"a\.jsonl:2: no `text`; each line needs"),
        ('{"text": 5}', r"a\.jsonl:2: no `text`"),
        ('{"text": "\\ud83d"}', r"a\.jsonl:2: holds lone surrogates.*UTF-16"),
        ('{"text": "نص", "id": "\\ud83d"}', r"a\.jsonl:2: holds lone surrogates"),
        ('{"text": "نص", "outlet": {"name": "\\udc00"}}', r"a\.jsonl:2: holds lone surrogates"),
        (line(attributions={}), None),
        (line(attributions={"cue": 1}), r"a\.jsonl:2: `attributions` must be a list"),
        (line(attributions=[5]), r"a\.jsonl:2, attribution 0: expected an object, got int"),
        (line(attributions=[{"stance": "denies"}]), r"a\.jsonl:2, attribution 0: has no cue"),
        (line(attributions=[{"cue": [2, 5]}]), r"attribution 0: unknown stance None; use one of proposes, rejects"),
        (line(attributions=[{"cue": [2, 5], "stance": "Denies"}]), r"unknown stance 'Denies'; use one of"),
        (line(attributions=[{**GOOD, "alt": 5}]), r"`alt` must be a list of stances, got 5"),
        *(
            (
                line(attributions=[{**GOOD, "score": score}]),
                r"a\.jsonl:2, attribution 0: `score` must be a number from 0",
            )
            for score in (10**400, -1, 1.5, True, "high", [0.5], float("nan"), float("inf"))
        ),
        (
            line(attributions=[{**GOOD, "alt": ["no"]}]),
            r"attribution 0: unknown stance 'no'",
        ),
        (line(attributions=[{**GOOD, "cue": [5, 2]}]), r"attribution 0, cue: span \[5, 2\) ends before"),
        (line(attributions=[{**GOOD, "cue": [2, 2]}]), r"attribution 0, cue: span \[2, 2\) is empty"),
        (
            line(attributions=[{**GOOD, "cue": [-1, 2]}]),
            r"attribution 0, cue: span \[-1, 2\) starts before",
        ),
        (line(attributions=[{**GOOD, "cue": [2.0, 5]}]), r"expected \{start, end\} or \[start, end\]"),
        (line(attributions=[{**GOOD, "cue": [True, 5]}]), r"expected \{start, end\} or"),
        (line(attributions=[{**GOOD, "cue": {"start": 2}}]), r"expected \{start, end\} or"),
        (line(attributions=[{**GOOD, "cue": [2, 99]}]), r"a\.jsonl:2: article n1, .*runs off the text"),
        (
            line(attributions=[GOOD, {**GOOD, "speaker": "س"}]),
            r"a\.jsonl:2, attribution 1, speaker: expected",
        ),
    ],
)
def test_a_fault_names_file_line_and_mend(tmp_path: Path, faulty: str, message: str | None) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"{line()}\n{faulty}\n", encoding="utf-8")
    if message is None:
        assert len(read_jsonl(path)) == 2
        return
    with pytest.raises(FormatError, match=message) as caught:
        read_jsonl(path)
    assert caught.value.where is not None
    assert caught.value.where.startswith(f"{path}:2")


def test_a_line_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(line().encode() + b"\n" + '{"text": "قال"}'.encode("cp1256"))
    with pytest.raises(FormatError, match=r"a\.jsonl:2: not UTF-8"):
        read_jsonl(path)
