"""Files → versions, each annotator by a name of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stance.metrics.versions import read_versions

TASK: dict[str, Any] = {
    "id": 1,
    "data": {"text": "نفى الوزير"},
    "annotations": [{"id": 5, "completed_by": None, "result": []}],
}


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (["ann.json", "bob.json"], ["ann", "bob"]),
        (["a/ann.json", "b/bob.json"], ["ann", "bob"]),
        (["a/export.json", "b/export.json"], ["a", "b"]),
        (["x/a/export.json", "y/a/export.json"], ["x", "y"]),
        (["x/a/export.json", "x/b/export.json", "y/a/export.json"], ["x/a", "x/b", "y/a"]),
        (["ann.json", "a/export.json", "b/export.json"], ["top/ann", "a/export", "b/export"]),
        (["export.json", "a/export.json"], ["top", "a"]),
        (["a.json", "a.jsonl"], ["a.json", "a.jsonl"]),
    ],
)
def test_files_are_named_by_what_tells_them_apart(tmp_path: Path, files: list[str], names: list[str]) -> None:
    paths = [tmp_path / "top" / name for name in files]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(TASK["data"] if path.suffix == ".jsonl" else [TASK]), encoding="utf-8")
    versions, skipped = read_versions(paths)
    assert [version.annotator for version in versions] == names
    assert skipped == []


def test_one_file_twice_is_one_annotator(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([TASK]), encoding="utf-8")
    (one, other), _ = read_versions([path, path])
    assert one == other


def test_annotators_of_one_export_and_tasks_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    two = [*TASK["annotations"], {"id": 6, "completed_by": None, "result": []}]
    tasks = [{**TASK, "data": {"text": "\ud83d"}}, {"data": {}}, {**TASK, "id": 3, "annotations": two}]
    path.write_text(json.dumps(tasks), encoding="utf-8")
    versions, skipped = read_versions([path])
    assert [version.annotator for version in versions] == ["annotation 5", "annotation 6"]
    assert [entry.where for entry in skipped] == [f"{path}: task 1", f"{path}: task #2"]
