"""What annotators did → files: the export as Label Studio made it, articles for training, what is wrong with them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from stance.errors import FormatError, StudioError
from stance.formats.jsonl import article_to_json
from stance.formats.labelstudio import Annotation, Skipped, Task, articles_of_tasks, read_export, write_export
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
        changed: ids of the articles annotated, annotated otherwise, or annotated no more, since the last pull.
        vanished: tasks with annotations that the last pull had and the server has no more, and with those alone; kept
            in a file.
        skipped: what could not become an attribution, and why.
        incidents: everything that is wrong with the finished annotations, with task, annotation and region.
        fingerprint: SHA-256 of the export.
    """

    directory: Path
    annotated: int
    annotations: int
    cancelled: int
    changed: tuple[str, ...]
    vanished: tuple[Task, ...]
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
    one comes last. Annotations that the last pull brought and the server has no more are added to `vanished.json`.
    A bad annotation is reported and written all the same.

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
        StudioError: if the server fails, or the directory holds another project's annotations; the files of the last
            pull stay as they are.
        FormatError: if a file of the last pull cannot be read.
    """
    check_config(project, str(studio.project(project.id).get("label_config")))
    last = _manifest(directory, project=project)
    exported = studio.export(project.id)
    finished = [Task(row) for row in (_only(row, cancelled=False) for row in exported) if row["annotations"]]
    skippers = [Task(row) for row in (_only(row, cancelled=True) for row in exported) if row["annotations"]]
    incidents = lint_tasks(finished)
    articles, skipped = articles_of_tasks(finished)
    articles = [_without_priority(article) for article in articles]

    before = _tasks(directory / EXPORT)
    vanished = _vanished([*before, *_tasks(directory / CANCELLED)], present=exported)
    digests = {str(task.id): _digest(task) for task in finished}
    differing = {number for number, _ in digests.items() ^ (last.get("annotations") or {}).items()}
    changed = {task.article_id for task in (*before, *finished) if str(task.id) in differing}
    changed |= {task.article_id for task in vanished}

    with _staged(directory) as staging:
        if vanished:
            write_export(_united([*_tasks(directory / VANISHED), *vanished]), staging / VANISHED)
        write_export(finished, staging / EXPORT)
        write_export(skippers, staging / CANCELLED)
        _write(staging / ARTICLES, _lines(articles))
        _write(staging / INCIDENTS, _pretty(incidents_to_json(incidents)))
        if changed_only:
            _write(staging / CHANGED, _lines(article for article in articles if article.id in changed))
        report = PullReport(
            directory=directory,
            annotated=len(finished),
            annotations=sum(len(task.annotations()) for task in finished),
            cancelled=sum(len(task.annotations(cancelled=True)) for task in skippers),
            changed=tuple(sorted(changed)),
            vanished=tuple(vanished),
            skipped=tuple(skipped),
            incidents=tuple(incidents),
            fingerprint=fingerprint(staging / EXPORT),
        )
        _write(staging / MANIFEST, _pretty(_noted(report, project, digests, articles=fingerprint(staging / ARTICLES))))
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


def _manifest(directory: Path, *, project: Project) -> Json:
    """Return what the last pull into a directory noted, which must have been one of this project."""
    path = directory / MANIFEST
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise FormatError(f"not JSON ({error}); delete it to pull as if for the first time", where=str(path)) from error
    if not isinstance(found, dict):
        return {}
    title = found.get("title", project.title)
    if title != project.title:
        raise StudioError(
            f"{directory} holds the annotations of project {title!r}, and a pull of {project.title!r} would replace "
            f"them; pull into another directory, or delete {path} if the project was renamed"
        )
    return found


def _tasks(path: Path) -> list[Task]:
    return read_export(path) if path.exists() else []


def _vanished(before: Sequence[Task], *, present: Iterable[Json]) -> list[Task]:
    """Return the tasks whose annotations, some or all, the server has no more, with those annotations alone."""
    there = {_identity(task): _names(task) for task in map(Task, present)}
    gone = []
    for task in _united(before):
        names = there.get(_identity(task), set())
        lost = [own.raw for own in task.annotations(cancelled=True) if _name(own) not in names]
        if lost:
            gone.append(Task({**task.raw, "annotations": lost}))
    return gone


def _united(tasks: Iterable[Task]) -> list[Task]:
    """Return every task once, with all the annotations that it has anywhere, the last of each."""
    found: dict[object, Task] = {}
    for task in tasks:
        earlier = found.get(_identity(task), task)
        annotations = {_name(own): own.raw for one in (earlier, task) for own in one.annotations(cancelled=True)}
        found[_identity(task)] = Task({**task.raw, "annotations": list(annotations.values())})
    return list(found.values())


# Numbers alone say little: a server that was set up anew counts its tasks and annotations from 1 again.
def _identity(task: Task) -> tuple[object, str, str]:
    return task.id, task.article_id, task.text


def _name(annotation: Annotation) -> tuple[object, object]:
    return annotation.id, annotation.raw.get("created_at")


def _names(task: Task) -> set[tuple[object, object]]:
    return {_name(annotation) for annotation in task.annotations(cancelled=True)}


def _noted(report: PullReport, project: Project, digests: dict[str, str], *, articles: str) -> Json:
    return {
        "project": project.id,
        "title": project.title,
        "url": project.url,
        "pulled_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "tasks": report.annotated,
        "cancelled": report.cancelled,
        "incidents": summarise(report.incidents),
        "sha256": {EXPORT: report.fingerprint, ARTICLES: articles},
        "annotations": digests,
    }


@contextmanager
def _staged(directory: Path) -> Iterator[Path]:
    """Yield an empty directory, whose files replace those of `directory` once all of them are written."""
    directory.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=directory, prefix=".pull-") as staging:
        yield Path(staging)
        # What the server has lost comes first, while the old export still has it; the manifest seals the rest.
        for name in (VANISHED, EXPORT, CANCELLED, ARTICLES, INCIDENTS, CHANGED, MANIFEST):
            if (Path(staging) / name).exists():
                (Path(staging) / name).replace(directory / name)


def _lines(articles: Iterable[Article]) -> str:
    return "".join(json.dumps(article_to_json(article), ensure_ascii=False) + "\n" for article in articles)


def _pretty(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _write(path: Path, content: str) -> None:
    # Half a character in a label or a region's id goes out as the escape it came as.
    path.write_text(content, encoding="utf-8", errors="backslashreplace")
