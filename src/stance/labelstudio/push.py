"""Articles → tasks with predictions. What is on the server decides what is still to do, so a push can be run again."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from stance.errors import StudioError, StudioUnauthorised
from stance.formats.labelstudio import task_of_article
from stance.labelstudio.client import Studio
from stance.labelstudio.project import Project
from stance.schema import Article

__all__ = ["PushReport", "push", "task_key"]

PAGE = 200
_ATTEMPTS = 3

TaskKey = tuple[str, str]
TagMany = Callable[[Iterable[Article]], Iterable[Article]]


@dataclass(slots=True)
class PushReport:
    """What a push did.

    Args:
        created: tasks that are new.
        predicted: tasks that were there and got this model's predictions.
        unchanged: tasks that were there with all there was to push.
        changed: ids of articles that were there, or came earlier, with another text; they are in as new tasks, the old
            ones stay.
        copies: numbers of tasks that were there and repeat an earlier one, as two pushes at once leave them.
    """

    created: int = 0
    predicted: int = 0
    unchanged: int = 0
    changed: list[str] = field(default_factory=list)
    copies: list[int] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many articles were seen to."""
        return self.created + self.predicted + self.unchanged


@dataclass(frozen=True, slots=True)
class _Known:
    task: int
    versions: frozenset[str]
    copies: list[int] = field(default_factory=list)


def task_key(article_id: str, *, text: str) -> TaskKey:
    """Return what makes two tasks the same one: the article's id and the hash of its text."""
    return article_id, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def push(
    articles: Iterable[Article],
    *,
    studio: Studio,
    project: Project,
    model_version: str | None = None,
    tag_many: TagMany | None = None,
    annotated: bool = False,
    page: int = PAGE,
    progress: Callable[[int], None] | None = None,
) -> PushReport:
    """Import articles as tasks, once each.

    Args:
        articles: articles, possibly lazy; at most a page of them is held at a time.
        studio: the server.
        project: where they go.
        model_version: if given, their attributions go in as this model's predictions; a task that is there and has
            none of this version gets them too, and annotators see this version from now on.
        tag_many: if given, finds the attributions of `model_version`; it is asked only about articles that are missing
            or have no predictions of this version.
        annotated: whether the attributions of new tasks go in as finished annotations.
        page: tasks in one call.
        progress: is told how many articles have been seen to.

    Returns:
        What was done.

    Raises:
        StudioUnreachable: if the server fails and goes on failing; what is in stays, and a second push goes on.
        StudioUnauthorised: if it refuses the token.
        StudioError: if it refuses the tasks, or would not tell this model version from others.
    """
    _check_version(model_version)
    known = _known_tasks(studio, project)
    report = PushReport(copies=sorted({number for task in known.values() for number in task.copies}))
    ids = {article_id for article_id, _ in known}
    seen: set[TaskKey] = set()
    for batch in _batches(articles, page):
        fresh = []
        for article in batch:
            key = _key(article)
            if key in seen:
                continue
            fresh.append(article)
            # No two articles without an id are versions of one another.
            if article.id and article.id in ids and key not in known:
                report.changed.append(article.id)
            seen.add(key)
            ids.add(article.id)
        known = _push_page(
            fresh,
            known=known,
            studio=studio,
            project=project,
            version=model_version,
            tag_many=tag_many,
            annotated=annotated,
            report=report,
        )
        if progress is not None:
            progress(report.done)
    if model_version is not None and report.done:
        studio.update_project(project.id, {"model_version": model_version})
    return report


def _push_page(
    articles: Sequence[Article],
    *,
    known: dict[TaskKey, _Known],
    studio: Studio,
    project: Project,
    version: str | None,
    tag_many: TagMany | None,
    annotated: bool,
    report: PushReport,
) -> dict[TaskKey, _Known]:
    """Send what of a page is missing, and return what is known of the server afterwards.

    An import that failed may still have gone in, so it is never just repeated: the server is asked again what it has.
    """
    before = known
    tagged: dict[TaskKey, Article] = {}
    for attempt in range(1, _ATTEMPTS + 1):
        missing = [article for article in articles if _key(article) not in known]
        stale = [article for article in articles if version and _lacks(known.get(_key(article)), version)]
        if tag_many is not None:
            untagged = [article for article in (*missing, *stale) if _key(article) not in tagged]
            tagged.update(zip(map(_key, untagged), tag_many(untagged), strict=True))
            missing, stale = ([tagged[_key(article)] for article in wanted] for wanted in (missing, stale))
        try:
            if missing:
                tasks = [task_of_article(article, model_version=version, annotated=annotated) for article in missing]
                studio.import_tasks(project.id, tasks)
            if stale:
                studio.import_predictions(project.id, [_prediction(a, known[_key(a)].task, version) for a in stale])
        except StudioUnauthorised:
            raise
        except StudioError:
            if attempt == _ATTEMPTS:
                raise
            known = _known_tasks(studio, project)
            continue
        break
    created = sum(_key(article) not in before for article in articles)
    predicted = sum(bool(version) and _lacks(before.get(_key(article)), str(version)) for article in articles)
    report.created += created
    report.predicted += predicted
    report.unchanged += len(articles) - created - predicted
    return known


def _known_tasks(studio: Studio, project: Project) -> dict[TaskKey, _Known]:
    found: dict[TaskKey, _Known] = {}
    for task in studio.tasks(project.id, include=("id", "data", "predictions_model_versions")):
        data: dict[str, Any] = task["data"] or {}
        name, text = "" if data.get("id") is None else str(data["id"]), str(data.get("text") or "")
        versions = str(task["predictions_model_versions"] or "").split(",")
        own = _Known(int(task["id"]), frozenset(version.strip() for version in versions))
        first = found.setdefault(task_key(name, text=text), own)
        if first is not own:
            first.copies.append(own.task)
        if not name:
            # A task without an id is pulled under its number, and may come back so.
            found.setdefault(task_key(str(own.task), text=text), own)
    return found


def _check_version(version: str | None) -> None:
    """Refuse a name that Label Studio does not list as it is: it joins the versions of a task with commas."""
    if version is not None and (not version or version != version.strip() or set(version) & set(',"\\')):
        raise StudioError(
            f"model version {version!r} would not be known again on the server; give it a name without commas, quotes, "
            f"backslashes and outer spaces, with --model-version"
        )


def _lacks(known: _Known | None, version: str) -> bool:
    return known is not None and version not in known.versions


def _key(article: Article) -> TaskKey:
    return task_key(article.id, text=article.text)


def _prediction(article: Article, task: int, version: str | None) -> dict[str, Any]:
    prediction: dict[str, Any] = task_of_article(article, model_version=version)["predictions"][0]
    return {"task": task, **prediction}


def _batches(articles: Iterable[Article], size: int) -> Iterator[list[Article]]:
    remaining = iter(articles)
    while batch := list(itertools.islice(remaining, size)):
        yield batch
