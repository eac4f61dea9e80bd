"""Annotations → articles, and what of them could not be used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stance.errors import SchemaError
from stance.formats.labelstudio.views import LABELS, OPTIONAL, Annotation, Region, Task
from stance.schema import Article, Attribution, Part, Span, is_score
from stance.text import INVISIBLE

__all__ = ["Skipped", "annotation_of_task", "article_of_annotation", "articles_of_tasks"]


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something in an export that could not become an attribution."""

    where: str
    why: str

    def __str__(self) -> str:
        return f"{self.where}: {self.why}"


def annotation_of_task(task: Task, *, choose: str = "latest") -> Annotation | None:
    """Return the annotation of a task that counts.

    Args:
        task: a task with any number of annotations.
        choose: `latest` or `first`; an annotation marked as ground truth comes before both.

    Returns:
        The annotation, or None where the task has none that was not cancelled.
    """
    found = task.annotations()
    marked = [annotation for annotation in found if annotation.ground_truth]
    ordered = sorted(marked or found, key=lambda annotation: annotation.updated_at)
    if not ordered:
        return None
    return ordered[0] if choose == "first" else ordered[-1]


def articles_of_tasks(tasks: Iterable[Task], *, choose: str = "latest") -> tuple[list[Article], list[Skipped]]:
    """Turn tasks into articles, one a task.

    Args:
        tasks: tasks of an export.
        choose: which annotation of a task counts, as in `annotation_of_task`.

    Returns:
        The articles of the annotated tasks, and what of them had to be left out, with the reason.
    """
    articles: list[Article] = []
    skipped: list[Skipped] = []
    for task in tasks:
        if task.fault:
            skipped.append(Skipped(task.place, task.fault))
            continue
        if _is_odd(task.raw.get("annotations")):
            skipped.append(Skipped(task.place, "`annotations` is no list of objects; export again as JSON"))
        annotation = annotation_of_task(task, choose=choose)
        if annotation is not None:
            article, faults = article_of_annotation(task, annotation)
            articles.append(article)
            skipped.extend(faults)
    return articles, skipped


def article_of_annotation(task: Task, annotation: Annotation) -> tuple[Article, list[Skipped]]:
    """Turn one annotation of a task into an article.

    Args:
        task: the task.
        annotation: one of its annotations or predictions.

    Returns:
        The article with every attribution that could be built, and the regions that could not be used. Spans end
        where what can be seen ends: an invisible mark at an edge belongs to none.
    """
    where = f"{task.place}, annotation {annotation.id}"
    regions, spans, skipped = _usable_regions(task, annotation, where)
    linked, dangling = _linked_parts(annotation, regions)
    skipped.extend(Skipped(where, why) for why in dangling)
    if _is_odd(annotation.raw.get("result")):
        skipped.append(Skipped(where, "`result` is no list of objects; annotate the task again"))
    attributions = []
    for region in regions.values():
        if region.part is not Part.CUE:
            continue
        if region.stance is None:
            skipped.append(Skipped(f"{where}, region {region.id}", "cue without a stance; choose one"))
            continue
        if region.score is not None and not is_score(region.score):
            skipped.append(Skipped(f"{where}, region {region.id}", "its score is no number from 0 to 1; left out"))
        ends = {part: spans[other] for part, other in linked.get(region.id, {}).items()}
        attributions.append(
            Attribution(
                cue=spans[region.id],
                stance=region.stance,
                speaker=ends.get(Part.SPEAKER),
                content=ends.get(Part.CONTENT),
                score=float(region.score) if is_score(region.score) else None,
                alt=region.alternatives,
                optional=OPTIONAL in region.choices,
            )
        )
    meta = {key: value for key, value in task.data.items() if key not in ("text", "id")}
    return Article(task.article_id, task.text, tuple(attributions), meta), skipped


def _is_odd(value: object) -> bool:
    """Return whether what should be a list of objects, or nothing, is something else."""
    return bool(value) and not (isinstance(value, list) and all(isinstance(entry, dict) for entry in value))


def _usable_regions(
    task: Task, annotation: Annotation, where: str
) -> tuple[dict[str, Region], dict[str, Span], list[Skipped]]:
    """Return the regions that mark something of the text, with their spans; and why the others do not."""
    regions: dict[str, Region] = {}
    spans: dict[str, Span] = {}
    skipped: list[Skipped] = []
    for region in annotation.regions():
        found = _span_or_fault(region, task.text)
        if not region.id:
            skipped.append(Skipped(where, f"region {region.text!r} has no id; delete it and draw it again"))
        elif not isinstance(found, Span):
            skipped.append(Skipped(f"{where}, region {region.id}", found))
        elif region.id in regions:
            why = "its id is taken by an earlier region; delete one and draw it again"
            skipped.append(Skipped(f"{where}, region {region.id}", why))
        else:
            regions[region.id], spans[region.id] = region, found
    return regions, spans, skipped


def _span_or_fault(region: Region, text: str) -> Span | str:
    try:
        span = region.span()
    except SchemaError as error:
        return str(error)
    if span.end > len(text):
        return f"[{span.start}, {span.end}) runs off the text of {len(text)} code points; re-import the task"
    if region.part is None:
        return f"unknown label {', '.join(region.labels) or '(none)'}; use one of {', '.join(LABELS)}"
    fault = f"[{span.start}, {span.end}) holds nothing but invisible characters; mark words"
    return _visible(span, text) or fault


def _visible(span: Span, text: str) -> Span | None:
    """Return the span without the invisible characters at its edges; None where nothing is left."""
    marked = span.text_of(text)
    # Word granularity takes joiners and bidi marks along at the edge of a word.
    start = span.start + len(marked) - len(marked.lstrip(INVISIBLE))
    end = span.end - len(marked) + len(marked.rstrip(INVISIBLE))
    return Span(start, end) if start < end else None


def _linked_parts(
    annotation: Annotation, regions: Mapping[str, Region]
) -> tuple[dict[str, dict[Part, str]], list[str]]:
    """Return, per cue, the region of its speaker and of its content; and what is wrong with the arrows.

    An arrow's meaning is read off the region that it points to, since one drawn by hand may have no label, and one
    drawn backwards, from the part to its cue, says the same.
    """
    linked: dict[str, dict[Part, str]] = {}
    faults: list[str] = []
    for relation in annotation.relations():
        ends = [regions.get(relation.from_id), regions.get(relation.to_id)]
        if ends[0] is None or ends[1] is None:
            faults.append(f"relation {relation.from_id} → {relation.to_id} points at a region that is not there")
            continue
        cue, part = (ends[0], ends[1]) if ends[0].part is Part.CUE else (ends[1], ends[0])
        if cue.part is not Part.CUE or part.part not in (Part.SPEAKER, Part.CONTENT):
            faults.append(
                f"relation {relation.from_id} → {relation.to_id} does not join a cue and a speaker or content"
            )
            continue
        slots = linked.setdefault(cue.id, {})
        if part.part in slots and slots[part.part] != part.id:
            faults.append(f"cue {cue.id} has two {part.part}s; the first, {slots[part.part]}, is kept")
            continue
        slots[part.part] = part.id
    return linked, faults
