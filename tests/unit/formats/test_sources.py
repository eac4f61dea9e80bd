"""What commands are given: files, folders and standard input; the broken is named and the rest is read."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest

from stance.formats.sources import STDIN, read_sources
from stance.schema import Article


def read(*sources: object) -> tuple[list[Article], list[str]]:
    faults: list[str] = []
    articles = list(read_sources([str(own) for own in sources], on_fault=lambda fault: faults.append(str(fault))))
    return articles, faults


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    def feed(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))

    return feed


def test_a_folder_is_read_in_order_and_in_depth(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two.txt").write_text("ثان", encoding="utf-8")
    (tmp_path / "a.txt").write_text("أول", encoding="utf-8")
    (tmp_path / "c.jsonl").write_text('{"id": "three", "text": "ثالث"}\n', encoding="utf-8")
    (tmp_path / "d.json").write_text(json.dumps([{"id": 4, "data": {"text": "رابع"}}]), encoding="utf-8")
    (tmp_path / "two.txt").write_text("خامس", encoding="utf-8")
    (tmp_path / "image.png").write_bytes(b"\x89PNG")
    articles, faults = read(tmp_path)
    assert [(article.id, article.text) for article in articles] == [
        ("a", "أول"),
        ("b/two", "ثان"),
        ("three", "ثالث"),
        ("4", "رابع"),
        ("two", "خامس"),
    ]
    assert faults == []


def test_what_is_broken_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    lines = tmp_path / "a.jsonl"
    lines.write_bytes('{"text": "أول"}\n{\n'.encode() + b"\xff\xfe\n" + '{"text": "رابع"}\n'.encode())
    old = tmp_path / "old.txt"
    old.write_bytes("قال".encode("cp1256"))
    export = tmp_path / "x.json"
    export.write_text("{}", encoding="utf-8")
    good = tmp_path / "good.txt"
    good.write_text("خامس", encoding="utf-8")
    articles, faults = read(lines, old, tmp_path / "gone.txt", export, good)
    assert [article.text for article in articles] == ["أول", "رابع", "خامس"]
    starts = [f"{lines}:2: not JSON", f"{lines}:3: not UTF-8", f"{old}: not UTF-8", f"{tmp_path / 'gone.txt'}: No such"]
    assert len(faults) == 5
    for fault, start in zip(faults, [*starts, f"{export}: expected a list of tasks"], strict=True):
        assert fault.startswith(start)


def test_a_folder_with_nothing_to_read_is_a_fault(tmp_path: Path) -> None:
    assert read(tmp_path) == ([], [f"{tmp_path}: holds no .txt, .jsonl, .json file"])


def test_articles_come_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "أول"}\n{"text": "ثان"}\n', encoding="utf-8")
    stream = read_sources([str(path), str(tmp_path / "gone.txt")], on_fault=lambda fault: pytest.fail(str(fault)))
    assert next(stream).text == "أول"


def test_standard_input_as_one_text(stdin) -> None:  # type: ignore[no-untyped-def]
    stdin("العنوان\r\nقال 😀\r".encode())
    assert read(STDIN) == ([Article("stdin", "العنوان\r\nقال 😀\r")], [])


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_standard_input_as_json_lines(stdin, mark: bytes) -> None:  # type: ignore[no-untyped-def]
    stdin(mark + '{"id": "1", "text": "أول"}\n\n{\n{"id": "2", "text": "ثان"}'.encode())
    articles, faults = read(STDIN)
    assert articles == [Article("1", "أول"), Article("2", "ثان")]
    assert len(faults) == 1
    assert faults[0].startswith("standard input:3: not JSON")


def test_empty_standard_input_is_no_article(stdin) -> None:  # type: ignore[no-untyped-def]
    stdin(b" \n")
    assert read(STDIN) == ([], [])


def test_standard_input_in_another_encoding(stdin) -> None:  # type: ignore[no-untyped-def]
    stdin("قال".encode("cp1256"))
    articles, (fault,) = read(STDIN)
    assert articles == []
    assert fault.startswith("standard input: not UTF-8")


def test_a_file_to_be_skipped_is_no_source(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("أول", encoding="utf-8")
    (tmp_path / "out.jsonl").write_text('{"text": "ثان"}\n', encoding="utf-8")
    articles = read_sources(
        [str(tmp_path)], on_fault=lambda fault: pytest.fail(str(fault)), skip=tmp_path / "out.jsonl"
    )
    assert [article.id for article in articles] == ["a"]


def test_ids_that_repeat_are_reported_and_all_are_read(tmp_path: Path) -> None:
    one, other = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    one.write_text('{"id": 1, "text": "أول"}\n{"id": "1", "text": "ثان"}\n', encoding="utf-8")
    other.write_text('{"id": "1", "text": "ثالث"}\n', encoding="utf-8")
    articles, faults = read(one, other)
    assert [article.text for article in articles] == ["أول", "ثان", "ثالث"]
    assert faults == [f"{path}: an earlier article is called 1 too; rename one" for path in (one, other)]


def test_tasks_are_named_by_data_then_task_then_number(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    tasks = [{"id": 7, "data": {"id": 0}}, {"id": 8, "data": {"id": None}}, {"data": {}}, {"id": None, "data": {}}]
    path.write_text(json.dumps([task | {"data": task["data"] | {"text": "نص"}} for task in tasks]), encoding="utf-8")
    articles, faults = read(path)
    assert [article.id for article in articles] == ["0", "8", "#3", "#4"]
    assert faults == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_not_utf8_is_escaped(tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    for name in (b"\xe9.txt", b"\xe9.jsonl"):
        Path(os.fsdecode(bytes(folder) + b"/" + name)).write_text('{"text": "نص"}', encoding="utf-8")
    (lines, text), faults = read(folder)
    assert (lines.id, text.id) == (f"{folder}/\\xe9.jsonl:1", "\\xe9")
    assert faults == []
