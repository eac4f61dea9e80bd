"""Active learning: which articles to annotate next.

An article is worth its annotator's time where the model is in doubt, and where it is unlike what is already chosen. The
order goes into the task data as `stance_priority`, with leading zeros, because that is what the task list can sort by
in any tab: it compares task data as strings. The predictions' own scores are left alone; they tell annotators how sure
the model is, and a rank written over them would lie.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.errors import StudioError, StudioNotFound
from stance.formats.labelstudio import Annotation, Task, article_of_annotation
from stance.labelstudio.client import Studio
from stance.labelstudio.project import Project
from stance.schema import Article

__all__ = ["PRIORITY", "NextReport", "choose", "doubt", "prioritise"]

PRIORITY = "stance_priority"
"""Where the rank goes; articles may well have a `priority` of their own."""
VIEW = "Next"
_DONE = ("total_annotations", "cancelled_annotations")
"""Counts that are zero while a task is still to annotate."""
_HIDDEN = (
    *("inner_id", "completed_at", "created_at", "updated_at", "updated_by", "file_upload", "storage_filename"),
    *("total_annotations", "cancelled_annotations", "total_predictions", "predictions_results", "draft_exists"),
    *("annotators", "annotations_results", "annotations_ids", "avg_lead_time"),
)
"""Columns that would push the text and its priority off the screen."""
_BUCKETS = 1024
_WORD = re.compile(r"\w{3,}")


@dataclass(frozen=True, slots=True)
class NextReport:
    """What was put first.

    Args:
        candidates: tasks that nobody has annotated or skipped and that have predictions.
        chosen: task numbers, the most useful first.
        view: the tab of the task list that shows them in order.
        vanished: tasks that were deleted meanwhile.
    """

    candidates: int
    chosen: tuple[int, ...]
    view: int
    vanished: tuple[int, ...] = ()


def doubt(article: Article) -> float:
    """Return how much the model is in doubt over an article, per hundred words.

    Args:
        article: with predicted attributions, whose scores are the chance that speaker and stance are right.

    Returns:
        How many of its attributions are expected to be wrong; a missing speaker or content, rare in the scheme, counts
        half.
    """
    wrong = 0.0
    for attribution in article.attributions:
        wrong += 0.5 if attribution.score is None else 1.0 - attribution.score
        wrong += 0.5 * (attribution.speaker is None) + 0.5 * (attribution.content is None)
    return wrong * 100 / max(100, len(article.text.split()))


def choose(candidates: Sequence[Article], *, count: int, labelled: Sequence[Article] = ()) -> list[int]:
    """Choose the articles to annotate next.

    Args:
        candidates: predicted articles that nobody has annotated.
        count: how many.
        labelled: articles that somebody has annotated; what resembles them is worth less.

    Returns:
        Positions among the candidates, the most useful first: at each step the one whose doubt, times its distance
        from all that is chosen or labelled, is the greatest.
    """
    if not candidates:
        return []
    vectors, known = np.split(_vectors([*candidates, *labelled]), [len(candidates)])
    # A floor keeps articles in play in which the model saw nothing at all.
    gains = np.array([0.05 + doubt(article) for article in candidates])
    nearest = np.zeros(len(candidates))
    if labelled:
        nearest = np.maximum(nearest, (vectors @ known.T).max(axis=1))
    order: list[int] = []
    for _ in range(min(count, len(candidates))):
        worth = gains * (1.0 - np.clip(nearest, 0.0, 1.0)) + 1e-9 * gains
        worth[order] = -1.0
        best = int(worth.argmax())
        order.append(best)
        nearest = np.maximum(nearest, vectors @ vectors[best])
    return order


def prioritise(studio: Studio, *, project: Project, count: int) -> NextReport:
    """Put the most useful tasks of a project first.

    Args:
        studio: the server.
        project: whose tasks have predictions.
        count: how many to put in order; the rest come after them.

    Returns:
        What was chosen.

    Raises:
        StudioUnreachable: if the server fails; running again writes the whole order anew.
        StudioError: if no task that is still to annotate has predictions, or the server refuses a rank.
    """
    fields = ("id", "data", "total_annotations", "cancelled_annotations", "predictions")
    tasks = list(studio.tasks(project.id, include=fields))
    open_tasks = [task for task in tasks if not any(task[name] for name in _DONE) and task["predictions"]]
    if not open_tasks:
        raise StudioError(
            f"project {project.id} ({project.url}) has no task with predictions that nobody has annotated or "
            f"skipped; push articles with a model's predictions first"
        )
    labelled = [_article(task) for task in tasks if task["total_annotations"]]
    order = choose([_article(task) for task in open_tasks], count=count, labelled=labelled)
    ranks = {int(open_tasks[position]["id"]): f"{rank:06d}" for rank, position in enumerate(order, 1)}
    vanished = [int(task["id"]) for task in tasks if not _write_rank(studio, task, ranks.get(int(task["id"])))]
    view = studio.save_view(project.id, _view())
    chosen = tuple(number for number in ranks if number not in vanished)
    return NextReport(len(open_tasks), chosen, view, tuple(vanished))


def _write_rank(studio: Studio, task: dict[str, object], rank: str | None) -> bool:
    """Write a task's place, or take an old one away; return whether the task is still there."""
    data = task["data"] if isinstance(task["data"], dict) else {}
    if data.get(PRIORITY) == rank:
        return True
    kept = {key: value for key, value in data.items() if key != PRIORITY}
    try:
        studio.update_task(int(str(task["id"])), kept if rank is None else {**kept, PRIORITY: rank})
    except StudioNotFound:
        return False
    return True


def _article(task: dict[str, object]) -> Article:
    predictions = task["predictions"]
    newest = max(predictions, key=lambda row: int(row["id"])) if isinstance(predictions, list) and predictions else {}
    article, _ = article_of_annotation(Task(task), Annotation(newest))
    return article


def _view() -> dict[str, object]:
    untouched = [
        {"filter": f"filter:tasks:{name}", "operator": "equal", "type": "Number", "value": 0} for name in _DONE
    ]
    return {
        "title": VIEW,
        "ordering": [f"tasks:data.{PRIORITY}"],
        "filters": {"conjunction": "and", "items": untouched},
        "hiddenColumns": {"explore": [f"tasks:{name}" for name in _HIDDEN], "labeling": []},
    }


def _vectors(articles: Sequence[Article]) -> NDArray[np.float64]:
    """Return a unit vector an article: its words, without the prefixes that vary, hashed into buckets."""
    vectors: NDArray[np.float64] = np.zeros((len(articles), _BUCKETS))
    for row, article in enumerate(articles):
        for word in _WORD.findall(article.text):
            vectors[row, zlib.crc32(word.removeprefix("و").removeprefix("ال").encode()) % _BUCKETS] += 1.0
    # Words that every article has say nothing about how two of them differ.
    spread = (vectors > 0).mean(axis=0)
    vectors = np.log1p(vectors) * (1.0 - spread)
    lengths: NDArray[np.float64] = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors /= np.maximum(lengths, 1e-9)
    return vectors
