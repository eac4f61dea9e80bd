"""Files by their endings, and text files as they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stance.errors import FormatError
from stance.formats import articles_by_id, read_articles, read_export, read_text, task_of_article, write_export
from stance.formats.labelstudio import Task
from stance.formats.sources import read_sources
from stance.lint import lint_tasks
from stance.schema import Article, Attribution, Span, Stance

ARTICLE = Article("n1", "نفى الوزير", (Attribution(Span(0, 3), Stance.DENIES, Span(4, 10)),))


def test_a_text_file_is_taken_as_it_is(tmp_path: Path) -> None:
    text = "\ufeffعنوان\r\n\rقال 😀\tنص\n\n"
    path = tmp_path / "خبر عاجل.txt"
    path.write_bytes(text.encode())
    assert read_text(path) == Article("خبر عاجل", text)


def test_a_text_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "old.txt"
    path.write_bytes("قال الوزير".encode("cp1256"))
    with pytest.raises(FormatError, match=r"old\.txt: not UTF-8 \(.* at byte 0\); convert it first"):
        read_text(path)


def test_articles_of_an_export_and_of_jsonl_are_the_same(tmp_path: Path) -> None:
    export, lines = tmp_path / "a.json", tmp_path / "a.jsonl"
    write_export([Task({"id": 1, **task_of_article(ARTICLE, annotated=True)})], export)
    row = {"stance": "denies", "cue": [0, 3], "speaker": [4, 10]}
    lines.write_text(json.dumps({"id": "n1", "text": ARTICLE.text, "attributions": [row]}), encoding="utf-8")
    assert read_articles(export) == read_articles(lines) == ([ARTICLE], [])


def test_a_task_with_half_a_character_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    export = tmp_path / "a.json"
    broken = {"id": 7, "data": {"text": "نفى \ud83d"}, "annotations": [{"id": 1, "result": []}]}
    write_export([Task(broken), Task({"id": 8, **task_of_article(ARTICLE, annotated=True)})], export)
    assert read_export(export)[0].raw == broken
    articles, skipped = read_articles(export)
    assert articles == [ARTICLE]
    assert [str(fault) for fault in skipped] == [
        "task 7: holds lone surrogates, which are no characters; decode the text as UTF-16 before it is imported"
    ]
    faults: list[str] = []
    read = list(read_sources([str(export)], on_fault=lambda fault: faults.append(str(fault))))
    assert [article.text for article in read] == [ARTICLE.text]
    assert faults == [f"{export}, {skipped[0]}"]


@pytest.mark.parametrize("name", ["a.csv", "a", "a.JSON"])
def test_another_ending_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("[]", encoding="utf-8")
    with pytest.raises(FormatError, match=r"expected a Label Studio export \(\.json\) or articles \(\.jsonl\)"):
        read_articles(tmp_path / name)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", r"a\.json: not a Label Studio JSON export .*; export again as JSON"),
        ('[{"data": {"text": "نص", "x": ' + "1" * 5000 + "}}]", r"a\.json: not a Label Studio JSON export \(Exceeds"),
        ("[" * 100_000 + "]" * 100_000, r"a\.json: not a Label Studio JSON export \(nested too deeply\)"),
        ("[" * 200 + "]" * 200, r"a\.json: not a Label Studio JSON export \(nested more than 100 levels deep\)"),
        ('[{"data": {"text": "نص"}}, {}]', r"a\.json: task #2 has no `data`"),
        ("{}", "expected a list of tasks; export as JSON, not JSON_MIN or CSV"),
        ("[5]", "expected a list of tasks"),
        ('[{"id": 3, "text": "نص"}]', "task 3 has no `data`; export as JSON, not JSON_MIN"),
    ],
)
def test_what_is_no_export_is_refused_with_the_mend(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FormatError, match=message):
        read_export(path)


def test_articles_by_their_ids() -> None:
    other = Article("n2", "أكد")
    assert articles_by_id([ARTICLE, other], where="a.json") == {"n1": ARTICLE, "n2": other}
    with pytest.raises(FormatError, match=r"a\.json: article n1 is there twice; rename or delete one"):
        articles_by_id([ARTICLE, Article("n1", "أكد")], where="a.json")


def test_tasks_without_ids_are_articles_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    task = {"data": {"text": "نص"}, "annotations": [{"result": []}]}
    path.write_text(json.dumps([task, task]), encoding="utf-8")
    assert [article.id for article in read_articles(path)[0]] == ["#1", "#2"]
    incidents = lint_tasks(read_export(path))
    assert "article-duplicate-id" not in {incident.kind for incident in incidents}
