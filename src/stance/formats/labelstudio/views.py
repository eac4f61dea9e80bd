"""Tasks, annotations, regions and relations as views of Label Studio's JSON; what they say may still be wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stance.errors import SchemaError
from stance.formats.surrogates import LONE_SURROGATES, holds_lone_surrogates
from stance.schema import Part, Span, Stance

__all__ = [
    "ALSO_CONTROL",
    "LABELS",
    "OPTIONAL",
    "PART_CONTROL",
    "TEXT_NAME",
    "Annotation",
    "Region",
    "Relation",
    "Task",
]

PART_CONTROL = "part"
ALSO_CONTROL = "also"
TEXT_NAME = "text"
OPTIONAL = "optional"
LABELS: tuple[str, ...] = (Part.SPEAKER, Part.CONTENT, *Stance)
"""The labels of the labelling config: a cue is labelled with its stance."""

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
    score: object = None

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
        """Who made it: the e-mail or number of the user, or the model's version; itself where nobody is named."""
        by = self.raw.get("completed_by", self.raw.get("model_version"))
        if isinstance(by, dict):
            by = by.get("email") or by.get("id")
        return f"annotation {self.id}" if by is None else str(by)

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
        return _objects(self.raw.get("result"))

    def regions(self) -> list[Region]:
        """Return the labelled regions, each with the choices made for it."""
        choices: dict[str, list[str]] = {}
        for entry in self.results():
            if entry.get("type") == "choices":
                choices.setdefault(str(entry.get("id")), []).extend(_names(_value(entry).get("choices")))
        return [
            Region(
                id="" if entry.get("id") is None else str(entry["id"]),
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
    """One article with all that Label Studio knows of it, a view of the JSON.

    Args:
        raw: the JSON.
        number: its place in its file, from 1; names a task that has no id.
    """

    raw: Json
    number: int = field(default=1, compare=False)

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
        """The article's own id where the import gave one, else the task's, else its number in the file."""
        return next((str(name) for name in (self.data.get("id"), self.id) if name is not None), f"#{self.number}")

    @property
    def place(self) -> str:
        """Where it is, for messages."""
        return f"task {f'#{self.number}' if self.id is None else self.id}"

    @property
    def holds_lone_surrogates(self) -> bool:
        """Whether its id or data cannot be written as UTF-8; JSON's escapes let it be read."""
        return holds_lone_surrogates([self.id, self.data])

    @property
    def fault(self) -> str:
        """Why it is no article; empty where it is one."""
        if self.holds_lone_surrogates:
            return LONE_SURROGATES
        return "" if self.text else "has no data.text; import the article's text under the key `text`"

    def annotations(self, *, cancelled: bool = False) -> list[Annotation]:
        """Return the annotations, those of skipped tasks only if asked for."""
        found = [Annotation(entry) for entry in _objects(self.raw.get("annotations"))]
        return [annotation for annotation in found if cancelled or not annotation.cancelled]

    def predictions(self) -> list[Annotation]:
        """Return the predictions that the export holds in full (a plain export has only their ids)."""
        return [Annotation(entry) for entry in _objects(self.raw.get("predictions"))]


def _objects(value: object) -> list[Json]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


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
