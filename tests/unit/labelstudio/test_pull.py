"""A pull of what no Label Studio that we can start exports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stance.errors import FormatError
from stance.formats import read_export, read_jsonl, task_of_article
from stance.labelstudio.client import Studio
from stance.labelstudio.project import Project, labelling_config
from stance.labelstudio.pull import pull
from stance.lint import incidents_to_json
from stance.schema import Article, Attribution, Span, Stance

pytest.importorskip("label_studio_sdk")

PROJECT = Project(1, "Arabic stance", "http://127.0.0.1:9/projects/1")
ARTICLE = Article("half", "نفت الوزارة وجود أي اتفاق", (Attribution(Span(0, 3), Stance.DENIES, Span(4, 11)),))


class Exporting(Studio):
    """A server that exports these tasks."""

    def __init__(self, tasks: list[dict[str, Any]]) -> None:
        super().__init__("http://127.0.0.1:9", token="f" * 40)
        self.tasks_to_export = tasks

    def project(self, project: int) -> dict[str, Any]:
        return {"label_config": labelling_config()}

    def export(self, project: int) -> list[dict[str, Any]]:
        return self.tasks_to_export


def test_half_a_character_stops_no_pull(tmp_path: Path) -> None:
    # 1.23.2 fails at it itself; servers that escape what is not ASCII pass it on.
    row = {"id": 7, **task_of_article(ARTICLE, annotated=True)}
    marks = row["annotations"][0]["result"]
    speaker = next(mark for mark in marks if mark["id"].startswith("speaker"))
    marks[-1]["to_id"] = speaker["id"] = "speaker \ud83d"
    marks.append({**speaker, "id": "\udca7", "value": {**speaker["value"], "labels": ["denies \ud83d"]}})
    marks.append({"type": "relation", "from_id": marks[0]["id"], "to_id": "\ud83d", "direction": "right"})
    report = pull(tmp_path, studio=Exporting([row]), project=PROJECT, changed_only=True)
    assert report.annotated == 1 and {own.kind for own in report.incidents} >= {"label-unknown", "relation-dangling"}
    assert any("\ud83d" in own.why for own in report.skipped)
    assert read_export(tmp_path / "export.json")[0].raw == {**row, "drafts": []}
    assert json.loads((tmp_path / "incidents.json").read_text()) == incidents_to_json(report.incidents)
    assert read_jsonl(tmp_path / "articles.jsonl") == read_jsonl(tmp_path / "changed.jsonl") == [ARTICLE]
    assert pull(tmp_path, studio=Exporting([row]), project=PROJECT).changed == ()


def test_a_pull_that_fails_replaces_nothing(tmp_path: Path) -> None:
    row = {"id": 7, **task_of_article(ARTICLE, annotated=True)}
    pull(tmp_path, studio=Exporting([row]), project=PROJECT)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    (tmp_path / "vanished.json").write_text("cut sho", encoding="utf-8")
    with pytest.raises(FormatError, match=r"vanished\.json"):
        pull(tmp_path, studio=Exporting([]), project=PROJECT)
    (tmp_path / "vanished.json").unlink()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
