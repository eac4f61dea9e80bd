"""Label Studio's JSON ↔ articles.

An export is a list of tasks. A task's annotation is a list of results: regions of `<Labels>`, per-region `<Choices>`
that repeat their region's id, and relations. A cue's region carries its stance as its label; exports of configs that
label it plainly `cue` and choose the stance beside it are read too. `value.text` is never trusted: Label Studio writes
it wrongly across line breaks. Everything not understood is kept, so that what was read can be written again equal.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.errors import FormatError, SchemaError
from stance.schema import Article, Attribution, Part, Span, Stance

__all__ = [
    "ALSO_CONTROL",
    "LABELS",
    "OPTIONAL",
    "PART_CONTROL",
    "TEXT_NAME",
    "Annotation",
    "Region",
    "Relation",
    "Skipped",
    "Task",
    "annotation_of_task",
    "article_of_annotation",
    "articles_of_tasks",
    "attributions_to_results",
    "iter_annotated",
    "read_export",
    "task_of_article",
    "write_export",
]

PART_CONTROL = "part"
ALSO_CONTROL = "also"
TEXT_NAME = "text"
OPTIONAL = "optional"
LABELS: tuple[str, ...] = (Part.SPEAKER, Part.CONTENT, *Stance)
"""The labels of the labelling config: a cue is labelled with its stance."""

_INVISIBLE = "".join(
    map(chr, (0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF))
)
"""Joiners and bidi marks: Label Studio's word granularity takes them along at the edge of a word."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Region:
    """A labelled stretch as Label Studio wrote it, not yet trusted."""

    id: str
    labels: tuple[str, ...]
    start: int | None
    end: int | None
    text: str | None
    choices: tuple[str, ...]
    score: float | None = None

    @property
    def part(self) -> Part | None:
        """Which part of an attribution the region marks; None for a label the scheme does not know."""
        for label in self.labels:
            if label in (Part.SPEAKER, Part.CONTENT, Part.CUE):
                return Part(label)
            if label in tuple(Stance):
                return Part.CUE
        return None

    @property
    def stance(self) -> Stance | None:
        """The stance of a cue: its label, or the first stance chosen for a region labelled `cue`."""
        for name in self.labels if Part.CUE not in self.labels else self.choices:
            if name in tuple(Stance):
                return Stance(name)
        return None

    @property
    def alternatives(self) -> tuple[Stance, ...]:
        """Other stances that the annotator accepts."""
        return tuple(Stance(name) for name in self.choices if name in tuple(Stance) and name != self.stance)

    def span(self) -> Span:
        """Return the region's span.

        Raises:
            SchemaError: if the offsets are missing, reversed or negative.
        """
        if self.start is None or self.end is None:
            raise SchemaError(f"region {self.id} has no offsets; it must be a region of <Text>")
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Relation:
    """An arrow between two regions; one drawn by hand and never named has no label."""

    from_id: str
    to_id: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotator's (or model's) results for a task, a view of the JSON."""

    raw: Json

    @property
    def id(self) -> int | str | None:
        found: int | str | None = self.raw.get("id")
        return found

    @property
    def annotator(self) -> str:
        """Who made it: the e-mail or number of the user, or the model's version."""
        by = self.raw.get("completed_by", self.raw.get("model_version"))
        if isinstance(by, dict):
            return str(by.get("email") or by.get("id"))
        return str(by)

    @property
    def cancelled(self) -> bool:
        """Whether the annotator skipped the task."""
        return bool(self.raw.get("was_cancelled", False))

    @property
    def updated_at(self) -> str:
        return str(self.raw.get("updated_at") or self.raw.get("created_at") or "")

    @property
    def ground_truth(self) -> bool:
        return bool(self.raw.get("ground_truth", False))

    def results(self) -> list[Json]:
        found = self.raw.get("result") or []
        return [entry for entry in found if isinstance(entry, dict)]

    def regions(self) -> list[Region]:
        """Return the labelled regions, each with the choices made for it."""
        choices: dict[str, list[str]] = {}
        for entry in self.results():
            if entry.get("type") == "choices":
                choices.setdefault(str(entry.get("id")), []).extend(_names(_value(entry).get("choices")))
        return [
            Region(
                id=str(entry.get("id")),
                labels=_names(_value(entry).get("labels")),
                start=_offset(_value(entry).get("start")),
                end=_offset(_value(entry).get("end")),
                text=_value(entry).get("text"),
                choices=tuple(choices.get(str(entry.get("id")), ())),
                score=entry.get("score"),
            )
            for entry in self.results()
            if entry.get("type") == "labels"
        ]

    def relations(self) -> list[Relation]:
        """Return the arrows, every one pointing as it was drawn."""
        found = []
        for entry in self.results():
            if entry.get("type") == "relation":
                ends = (str(entry.get("from_id")), str(entry.get("to_id")))
                if entry.get("direction") == "left":
                    ends = (ends[1], ends[0])
                found.append(Relation(*ends, _names(entry.get("labels"))))
        return found


@dataclass(frozen=True, slots=True)
class Task:
    """One article with all that Label Studio knows of it, a view of the JSON."""

    raw: Json

    @property
    def id(self) -> int | str | None:
        found: int | str | None = self.raw.get("id")
        return found

    @property
    def data(self) -> Json:
        found = self.raw.get("data")
        return found if isinstance(found, dict) else {}

    @property
    def text(self) -> str:
        found = self.data.get("text")
        return found if isinstance(found, str) else ""

    @property
    def article_id(self) -> str:
        """The article's own id where the import gave one, else the task's."""
        return str(self.data.get("id") or self.id)

    def annotations(self, *, cancelled: bool = False) -> list[Annotation]:
        """Return the annotations, those of skipped tasks only if asked for."""
        found = [Annotation(entry) for entry in self.raw.get("annotations") or [] if isinstance(entry, dict)]
        return [annotation for annotation in found if cancelled or not annotation.cancelled]

    def predictions(self) -> list[Annotation]:
        """Return the predictions that the export holds in full (a plain export has only their ids)."""
        return [Annotation(entry) for entry in self.raw.get("predictions") or [] if isinstance(entry, dict)]


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something in an export that could not become an attribution."""

    where: str
    why: str

    def __str__(self) -> str:
        return f"{self.where}: {self.why}"


def _value(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    found = entry.get("value")
    return found if isinstance(found, dict) else {}


def _names(value: object) -> tuple[str, ...]:
    return tuple(str(name) for name in value) if isinstance(value, list) else ()


def _offset(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return int(value)
    except ValueError:
        return None


def read_export(path: str | Path) -> list[Task]:
    """Read a Label Studio JSON export.

    Args:
        path: the exported file.

    Returns:
        Its tasks, whole.

    Raises:
        FormatError: if the file is not JSON, or not a list of tasks.
    """
    path = Path(path)
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise FormatError(f"not a Label Studio JSON export ({error}); export again as JSON", where=str(path)) from error
    if not isinstance(loaded, list) or not all(isinstance(entry, dict) for entry in loaded):
        raise FormatError("expected a list of tasks; export as JSON, not JSON_MIN or CSV", where=str(path))
    for number, entry in enumerate(loaded):
        if not isinstance(entry.get("data"), dict):
            raise FormatError(
                f"task {entry.get('id', number)} has no `data`; export as JSON, not JSON_MIN", where=str(path)
            )
    return [Task(entry) for entry in loaded]


def write_export(tasks: Iterable[Task], path: str | Path) -> None:
    """Write tasks as a Label Studio JSON export; what `read_export` read comes out equal.

    Args:
        tasks: tasks in order.
        path: the file to write.
    """
    rows = [json.dumps(task.raw, ensure_ascii=False) for task in tasks]
    Path(path).write_text("[\n" + ",\n".join(rows) + "\n]\n", encoding="utf-8")


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
        where = f"task {task.id}"
        if not task.text:
            skipped.append(Skipped(where, "has no data.text; import the article's text under the key `text`"))
            continue
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
    where = f"task {task.id}, annotation {annotation.id}"
    spans: dict[str, Span] = {}
    regions: dict[str, Region] = {}
    skipped: list[Skipped] = []
    for region in annotation.regions():
        try:
            span = region.span()
        except SchemaError as error:
            skipped.append(Skipped(f"{where}, region {region.id}", str(error)))
            continue
        if span.end > len(task.text):
            why = f"[{span.start}, {span.end}) runs off the text of {len(task.text)} code points; re-import the task"
            skipped.append(Skipped(f"{where}, region {region.id}", why))
        elif region.part is None:
            why = f"unknown label {', '.join(region.labels) or '(none)'}; use one of {', '.join(LABELS)}"
            skipped.append(Skipped(f"{where}, region {region.id}", why))
        elif (visible := _visible(span, task.text)) is None:
            why = f"[{span.start}, {span.end}) holds nothing but invisible characters; mark words"
            skipped.append(Skipped(f"{where}, region {region.id}", why))
        else:
            spans[region.id], regions[region.id] = visible, region
    linked, dangling = _linked_parts(annotation, regions)
    skipped.extend(Skipped(where, why) for why in dangling)
    attributions = []
    for region in regions.values():
        if region.part is not Part.CUE:
            continue
        if region.stance is None:
            skipped.append(Skipped(f"{where}, region {region.id}", "cue without a stance; choose one"))
            continue
        ends = {part: spans[other] for part, other in linked.get(region.id, {}).items()}
        attributions.append(
            Attribution(
                cue=spans[region.id],
                stance=region.stance,
                speaker=ends.get(Part.SPEAKER),
                content=ends.get(Part.CONTENT),
                score=region.score,
                alt=region.alternatives,
                optional=OPTIONAL in region.choices,
            )
        )
    meta = {key: value for key, value in task.data.items() if key not in ("text", "id")}
    return Article(task.article_id, task.text, tuple(attributions), meta), skipped


def _visible(span: Span, text: str) -> Span | None:
    """Return the span without the invisible characters at its edges; None where nothing is left."""
    marked = span.text_of(text)
    start = span.start + len(marked) - len(marked.lstrip(_INVISIBLE))
    end = span.end - len(marked) + len(marked.rstrip(_INVISIBLE))
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


def iter_annotated(tasks: Iterable[Task]) -> Iterator[tuple[Task, Annotation]]:
    """Yield every finished annotation of every task with text."""
    for task in tasks:
        if task.text:
            for annotation in task.annotations():
                yield task, annotation
