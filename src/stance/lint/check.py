"""Checks whole exports and collections of articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stance.formats.labelstudio import Task, task_of_article
from stance.lint.attributions import check_attributions
from stance.lint.incidents import Incident, Place
from stance.lint.labels import check_labels
from stance.lint.reading import place_of_task, readings_of_task
from stance.lint.relations import check_relations
from stance.lint.spans import check_spans
from stance.schema import Article

__all__ = ["lint_articles", "lint_tasks"]

_CHECKS = (check_spans, check_labels, check_relations, check_attributions)


def lint_tasks(tasks: Iterable[Task]) -> list[Incident]:
    """Check the tasks of Label Studio exports, with every annotation that was not cancelled.

    Args:
        tasks: tasks of one export, or of several that belong together.

    Returns:
        Everything that was found, in the order of the tasks; bad annotations never raise.
    """
    incidents: list[Incident] = []
    names: dict[str, Place] = {}
    texts: dict[str, Place] = {}
    for number, task in enumerate(tasks, 1):
        place = place_of_task(task, number)
        if task.holds_lone_surrogates:
            incidents.append(Incident("article-lone-surrogates", place))
            continue
        incidents.extend(_repeated(task, place, names, texts))
        readings, faults = readings_of_task(task, place)
        incidents.extend(faults)
        if not task.text.strip():
            incidents.append(Incident("article-without-text", place))
            continue
        if not task.raw.get("annotations"):
            incidents.append(Incident("article-not-annotated", place))
        for reading in readings:
            for check in _CHECKS:
                incidents.extend(check(reading))
    return incidents


def lint_articles(articles: Iterable[Article]) -> list[Incident]:
    """Check articles of any source, as if each were the task of one annotator.

    Args:
        articles: the articles.

    Returns:
        Everything that was found, in their order; `where.task` is the article's id.
    """
    return lint_tasks(Task(task_of_article(article, annotated=True)) for article in articles)


def _repeated(task: Task, place: Place, names: dict[str, Place], texts: dict[str, Place]) -> Iterator[Incident]:
    name, text = task.article_id, " ".join(task.text.split())
    known = names.setdefault(name, place)
    if known is not place:
        yield Incident("article-duplicate-id", place, {"id": name, "other": known.task})
    if text:
        known = texts.setdefault(text, place)
        if known is not place:
            yield Incident("article-duplicate-text", place, {"other": known.task})
