"""Articles → tasks, predictions and annotations that Label Studio imports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stance.formats.labelstudio.views import ALSO_CONTROL, OPTIONAL, PART_CONTROL, TEXT_NAME
from stance.schema import Article, Part, Span

__all__ = ["attributions_to_results", "task_of_article"]

Json = dict[str, Any]


def attributions_to_results(article: Article) -> list[Json]:
    """Turn an article's attributions into Label Studio results.

    Args:
        article: the article; equal speakers (or contents) of several cues become one shared region.

    Returns:
        Regions, choices and relations, in reading order, with ids that depend on nothing but the spans.
    """
    results: list[Json] = []
    seen: set[str] = set()
    taken: dict[str, int] = {}
    arrows: list[Json] = []
    for attribution in article.attributions:
        cue_id = f"{Part.CUE}-{attribution.cue.start}-{attribution.cue.end}"
        taken[cue_id] = taken.get(cue_id, 0) + 1
        if taken[cue_id] > 1:
            cue_id = f"{cue_id}-{taken[cue_id]}"
        results.append(_region(article.text, cue_id, attribution.stance, attribution.cue, attribution.score))
        also = [*attribution.alt, *([OPTIONAL] if attribution.optional else [])]
        if also:
            results.append(_choices(article.text, cue_id, attribution.cue, also))
        for part, span in attribution.spans():
            if part is Part.CUE:
                continue
            part_id = f"{part}-{span.start}-{span.end}"
            if part_id not in seen:
                seen.add(part_id)
                results.append(_region(article.text, part_id, part, span, None))
            arrows.append(
                {
                    "type": "relation",
                    "from_id": cue_id,
                    "to_id": part_id,
                    "direction": "right",
                    "labels": [str(part)],
                }
            )
    return results + arrows


def _region(text: str, region_id: str, label: str, span: Span, score: float | None) -> Json:
    value = {"start": span.start, "end": span.end, "text": span.text_of(text), "labels": [str(label)]}
    region: Json = {
        "id": region_id,
        "type": "labels",
        "from_name": PART_CONTROL,
        "to_name": TEXT_NAME,
        "value": value,
    }
    if score is not None:
        region["score"] = round(score, 4)
    return region


def _choices(text: str, region_id: str, span: Span, also: Sequence[str]) -> Json:
    value = {
        "start": span.start,
        "end": span.end,
        "text": span.text_of(text),
        "choices": [str(name) for name in also],
    }
    return {
        "id": region_id,
        "type": "choices",
        "from_name": ALSO_CONTROL,
        "to_name": TEXT_NAME,
        "value": value,
    }


def task_of_article(article: Article, *, model_version: str | None = None, annotated: bool = False) -> Json:
    """Turn an article into a task to import.

    Args:
        article: the article; its meta becomes task data beside the text.
        model_version: if given, the attributions go in as this model's prediction, whose score is the mean of theirs;
            without scores it has none.
        annotated: whether they go in as a finished annotation.

    Returns:
        The task, ready for Label Studio's import.
    """
    task: Json = {"data": {**article.meta, "id": article.id, "text": article.text}}
    if model_version is not None:
        scores = [attribution.score for attribution in article.attributions if attribution.score is not None]
        prediction: Json = {"model_version": model_version, "result": attributions_to_results(article)}
        if scores:
            prediction["score"] = sum(scores) / len(scores)
        task["predictions"] = [prediction]
    if annotated:
        task["annotations"] = [{"result": attributions_to_results(article)}]
    return task
