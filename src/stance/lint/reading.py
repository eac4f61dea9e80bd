"""One annotation as the checks look at it: its text, its words, its regions and how cues are linked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from stance.errors import SchemaError
from stance.formats.labelstudio import Annotation, Region, Relation, Task
from stance.formats.surrogates import holds_lone_surrogates
from stance.lint.incidents import Incident, Place
from stance.schema import Part, Span
from stance.text import WordIndex, split_words

__all__ = ["Reading", "place_of_task", "readings_of_task"]

_QUOTED = 60


@dataclass(frozen=True, slots=True)
class Reading:
    """An annotation that holds well-formed results only; what they say may still be wrong.

    Args:
        text: the article's raw text.
        place: the task and annotation.
        regions: every labelled region, as it was written.
        relations: every arrow, as it was drawn.
        choices: the choices made, a region id.
        words: the words of the text.
        spans: the spans of the regions that lie on the text, a region id.
        links: the regions of its speakers and contents, a cue's region id.
    """

    text: str
    place: Place
    regions: tuple[Region, ...]
    relations: tuple[Relation, ...]
    choices: Mapping[str, tuple[str, ...]]
    words: WordIndex
    spans: dict[str, Span] = field(init=False)
    links: dict[str, dict[Part, list[Region]]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "spans", dict(self._spans_on_text()))
        object.__setattr__(self, "links", self._linked_parts())

    def _spans_on_text(self) -> Iterator[tuple[str, Span]]:
        for region in self.regions:
            try:
                span = region.span()
            except SchemaError:
                continue  # the checks of offsets say what is wrong with it
            if span.end <= len(self.text):
                yield region.id, span

    def _linked_parts(self) -> dict[str, dict[Part, list[Region]]]:
        by_id = self.by_id()
        links: dict[str, dict[Part, list[Region]]] = {}
        for relation in self.relations:
            ends = [by_id[name] for name in (relation.from_id, relation.to_id) if name in by_id]
            cues = [end for end in ends if end.part is Part.CUE]
            parts = [end for end in ends if end.part in (Part.SPEAKER, Part.CONTENT)]
            if len(cues) == 1 and len(parts) == 1 and parts[0].part is not None:
                linked = links.setdefault(cues[0].id, {}).setdefault(parts[0].part, [])
                if parts[0] not in linked:
                    linked.append(parts[0])
        return links

    def by_id(self) -> dict[str, Region]:
        """Return the regions by their ids."""
        return {region.id: region for region in self.regions}

    def marked(self, part: Part | None = None) -> list[tuple[Region, Span]]:
        """Return the regions that lie on the text, all or those of one part, in reading order."""
        found = [(own, self.spans[own.id]) for own in self.regions if own.id in self.spans]
        kept = [(own, span) for own, span in found if part is None or own.part is part]
        return sorted(kept, key=lambda pair: pair[1])

    def quote(self, region: Region) -> str:
        """Return the text under a region, on one line and shortened."""
        span = self.spans.get(region.id)
        return shorten(span.text_of(self.text) if span else region.text or region.id)

    def incident(self, kind: str, region: Region | None = None, **details: str) -> Incident:
        """Return an incident in this annotation; `part` and `quote` are filled in from the region."""
        if region is None:
            return Incident(kind, self.place, details)
        place = Place(self.place.task, self.place.annotation, region.id)
        return Incident(kind, place, {"part": region.part or "region", "quote": self.quote(region), **details})


def shorten(text: str) -> str:
    """Return `text` on one line, its middle left out where it is long."""
    line = " ".join(text.encode("utf-8", "backslashreplace").decode().split())
    half = _QUOTED // 2
    return line if len(line) <= _QUOTED else f"{line[:half]}…{line[-half:]}"


def place_of_task(task: Task, number: int) -> Place:
    """Return where a task is: its id, else its article's, else its number in the export."""
    names = [name for name in (task.id, task.data.get("id")) if name is not None and not holds_lone_surrogates(name)]
    return Place(str(names[0]) if names else f"#{number}")


def readings_of_task(task: Task, place: Place) -> tuple[list[Reading], list[Incident]]:
    """Read the annotations of a task that were not cancelled.

    Args:
        task: the task, however broken.
        place: where it is.

    Returns:
        A reading an annotation, and what of them is not as Label Studio writes it.
    """
    annotations = task.raw.get("annotations") or []
    if not isinstance(annotations, list):
        return [], [Incident("result-malformed", place, {"seen": f"annotations are {shorten(repr(annotations))}"})]
    words = WordIndex(split_words(task.text))
    readings, incidents = [], []
    for annotation in task.annotations():
        own_place = Place(place.task, None if annotation.id is None else str(annotation.id))
        sound, faults = _sound_results(annotation, own_place)
        incidents.extend(faults)
        choices: dict[str, tuple[str, ...]] = {}
        for entry in sound.results():
            if entry["type"] == "choices":
                made = entry["value"].get("choices") or []
                choices[str(entry["id"])] = (*choices.get(str(entry["id"]), ()), *map(str, made))
        regions, relations = tuple(sound.regions()), tuple(sound.relations())
        readings.append(Reading(task.text, own_place, regions, relations, choices, words))
    return readings, incidents


def _sound_results(annotation: Annotation, place: Place) -> tuple[Annotation, list[Incident]]:
    """Return the annotation with its well-formed results alone, and an incident for each other one."""
    results = annotation.raw.get("result") or []
    if not isinstance(results, list):
        results, faults = [], [Incident("result-malformed", place, {"seen": f"result is {shorten(repr(results))}"})]
    else:
        faults = []
    sound: list[dict[str, Any]] = []
    names: set[str] = set()
    for entry in results:
        fault = _malformed(entry)
        if fault is not None:
            faults.append(Incident("result-malformed", place, {"seen": fault}))
            continue
        name = str(entry.get("id"))
        region = Place(place.task, place.annotation, None if entry["type"] == "relation" else name)
        if entry["type"] not in ("labels", "choices", "relation"):
            faults.append(Incident("result-unread", region, {"type": shorten(entry["type"])}))
        elif entry["type"] == "labels" and name in names:
            faults.append(Incident("region-repeated-id", region))
        else:
            sound.append(entry)
            names.update({name} if entry["type"] == "labels" else ())
    return Annotation({**annotation.raw, "result": sound}), faults


def _malformed(entry: object) -> str | None:
    """Return what about a result is not as Label Studio writes it."""
    if not isinstance(entry, dict) or not isinstance(entry.get("type"), str):
        return f"{shorten(repr(entry))} has no type"
    if entry["type"] == "relation":
        if not all(isinstance(entry.get(end), str | int) for end in ("from_id", "to_id")):
            return "a relation without from_id or to_id"
        return None if isinstance(entry.get("labels") or [], list) else "a relation's labels are no list"
    if entry["type"] not in ("labels", "choices"):
        return None
    value = entry.get("value")
    if not isinstance(entry.get("id"), str | int) or not isinstance(value, dict):
        return f"{entry['type']} without id or value"
    if not isinstance(value.get(entry["type"]) or [], list):
        return f"{entry['type']} {entry['id']} are no list"
    if entry["type"] == "labels" and not isinstance(value.get("text"), str | None):
        return f"the text of region {entry['id']} is no string"
    return None
