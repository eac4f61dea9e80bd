"""What annotators did → files: the export as Label Studio made it, articles for training, what is wrong with them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stance.errors import FormatError
from stance.formats.jsonl import article_to_json
from stance.formats.labelstudio import Skipped, Task, articles_of_tasks, read_export, write_export
from stance.labelstudio.client import Studio
from stance.labelstudio.project import Project, check_config
from stance.labelstudio.select import PRIORITY
from stance.lint import Incident, incidents_to_json, lint_tasks, summarise
from stance.schema import Article

__all__ = ["PullReport", "fingerprint", "pull"]

EXPORT = "export.json"
ARTICLES = "articles.jsonl"
CANCELLED = "cancelled.json"
VANISHED = "vanished.json"
CHANGED = "changed.jsonl"
INCIDENTS = "incidents.json"
MANIFEST = "manifest.json"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PullReport:
    """What a pull brought.

    Args:
        directory: where the files are.
        annotated: tasks with a finished annotation.
        annotations: their annotations.
        cancelled: annotations of annotators who skipped the task.
        changed: ids of the articles annotated, or annotated otherwise, since the last pull.
        vanished: numbers of tasks that the last pull had annotated and the server has no more; kept in a file.
        skipped: what could not become an attribution, and why.
        incidents: everything that is wrong with the finished annotations, with task, annotation and region.
        fingerprint: SHA-256 of the export.
    """

    directory: Path
    annotated: int
    annotations: int
    cancelled: int
    changed: tuple[str, ...]
    vanished: tuple[int, ...]
    skipped: tuple[Skipped, ...]
    incidents: tuple[Incident, ...]
    fingerprint: str


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file, as `sha256sum` prints it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def pull(directory: Path, *, studio: Studio, project: Project, changed_only: bool = False) -> PullReport:
    """Bring the annotations of a project into a directory.

    Written are `export.json` (tasks with their finished annotations, as Label Studio exports them, drafts left out),
    `articles.jsonl`, `cancelled.json`, `incidents.json` and `manifest.json`; each is whole or not there, and the last
    one comes last. A bad annotation is reported and written all the same.

    Args:
        directory: where to; made if need be.
        studio: the server.
        project: whose annotations.
        changed_only: whether to also write `changed.jsonl`, with only the articles whose annotations are not those
            of the last pull into this directory.

    Returns:
        What came.

    Raises:
        StudioConfigMismatch: if the project's labelling config was edited so that its annotations cannot be read.
        StudioError: if the server fails; the files of the last pull stay as they are.
    """
    check_config(project, str(studio.project(project.id).get("label_config")))
    exported = studio.export(project.id)
    finished = [Task(row) for row in (_only(row, cancelled=False) for row in exported) if row["annotations"]]
    skippers = [Task(row) for row in (_only(row, cancelled=True) for row in exported) if row["annotations"]]
    incidents = lint_tasks(finished)
    articles, skipped = articles_of_tasks(finished)
    articles = [_without_priority(article) for article in articles]

    directory.mkdir(parents=True, exist_ok=True)
    last: dict[str, str] = _manifest(directory).get("annotations") or {}
    digests = {str(task.id): _digest(task) for task in finished}
    changed = {task.article_id for task in finished if last.get(str(task.id)) != digests[str(task.id)]}
    present = {row.get("id") for row in exported}
    vanished = _keep_vanished(directory, present=present)

    _write_tasks(directory / EXPORT, finished)
    _write_tasks(directory / CANCELLED, skippers)
    _write_articles(directory / ARTICLES, articles)
    _write(directory / INCIDENTS, _pretty(incidents_to_json(incidents)))
    if changed_only:
        _write_articles(directory / CHANGED, [article for article in articles if article.id in changed])
    report = PullReport(
        directory=directory,
        annotated=len(finished),
        annotations=sum(len(task.annotations()) for task in finished),
        cancelled=sum(len(task.annotations(cancelled=True)) for task in skippers),
        changed=tuple(sorted(changed)),
        vanished=vanished,
        skipped=tuple(skipped),
        incidents=tuple(incidents),
        fingerprint=fingerprint(directory / EXPORT),
    )
    _write(directory / MANIFEST, _pretty(_noted(report, project, digests)))
    return report


def _only(row: Json, *, cancelled: bool) -> Json:
    """Return the task with its finished, or its cancelled, annotations alone, and no drafts."""
    kept = [entry for entry in row.get("annotations") or [] if bool(entry.get("was_cancelled")) == cancelled]
    return {**row, "annotations": kept, "drafts": []}


def _without_priority(article: Article) -> Article:
    # The place in the queue is ours, not the article's.
    meta = {key: value for key, value in article.meta.items() if key != PRIORITY}
    return Article(article.id, article.text, article.attributions, meta)


def _digest(task: Task) -> str:
    marks = [[annotation.id, annotation.updated_at, annotation.results()] for annotation in task.annotations()]
    return hashlib.sha256(json.dumps(marks, sort_keys=True).encode()).hexdigest()


def _manifest(directory: Path) -> Json:
    path = directory / MANIFEST
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise FormatError(f"not JSON ({error}); delete it to pull as if for the first time", where=str(path)) from error
    return found if isinstance(found, dict) else {}


def _keep_vanished(directory: Path, *, present: set[object]) -> tuple[int, ...]:
    """Put the annotated tasks that the server has lost aside, before the export that still has them is replaced."""
    if not (directory / EXPORT).exists():
        return ()
    gone = [task for task in read_export(directory / EXPORT) if task.id not in present]
    if gone:
        kept = read_export(directory / VANISHED) if (directory / VANISHED).exists() else []
        named = {task.id for task in gone}
        _write_tasks(directory / VANISHED, [*(task for task in kept if task.id not in named), *gone])
    return tuple(int(str(task.id)) for task in gone)


def _noted(report: PullReport, project: Project, digests: dict[str, str]) -> Json:
    return {
        "project": project.id,
        "title": project.title,
        "url": project.url,
        "pulled_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "tasks": report.annotated,
        "cancelled": report.cancelled,
        "incidents": summarise(report.incidents),
        "sha256": {EXPORT: report.fingerprint, ARTICLES: fingerprint(report.directory / ARTICLES)},
        "annotations": digests,
    }


def _write_tasks(path: Path, tasks: Sequence[Task]) -> None:
    partial = _partial(path)
    write_export(tasks, partial)
    partial.replace(path)


def _write_articles(path: Path, articles: Iterable[Article]) -> None:
    _write(path, "".join(json.dumps(article_to_json(article), ensure_ascii=False) + "\n" for article in articles))


def _pretty(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _write(path: Path, content: str) -> None:
    partial = _partial(path)
    partial.write_text(content, encoding="utf-8")
    partial.replace(path)


def _partial(path: Path) -> Path:
    return path.with_name(path.name + ".partial")
