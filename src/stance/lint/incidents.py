"""An incident: one thing that is wrong with one annotation, and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from stance.lint.catalogue import CATALOGUE, PART_NAMES
from stance.lint.kinds import Language, Severity

__all__ = ["Incident", "Place", "has_errors"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an incident is: a task (an article), perhaps one of its annotations, perhaps a region of that."""

    task: str
    annotation: str | None = None
    region: str | None = None

    def __str__(self) -> str:
        named = [("task", self.task), ("annotation", self.annotation), ("region", self.region)]
        return ", ".join(f"{name} {value}" for name, value in named if value is not None)


@dataclass(frozen=True, slots=True)
class Incident:
    """One fault that was found.

    Args:
        kind: id of its kind in the catalogue.
        where: the task, annotation and region.
        details: what the kind's explanation is filled in with.
    """

    kind: str
    where: Place
    details: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return CATALOGUE[self.kind].severity

    @property
    def message(self) -> str:
        """What was seen, in English."""
        return self.explain()

    def explain(self, language: Language = "en") -> str:
        """Return what was seen, in English or Arabic."""
        return self._fill(CATALOGUE[self.kind].explanation(language), language)

    def mend(self, language: Language = "en") -> str:
        """Return what to do about it, in English or Arabic."""
        return self._fill(CATALOGUE[self.kind].mend(language), language)

    def _fill(self, template: str, language: Language) -> str:
        names = PART_NAMES[language]
        return template.format_map({key: names.get(value, value) for key, value in self.details.items()})


def has_errors(incidents: Iterable[Incident]) -> bool:
    """Return whether any incident is an error, as opposed to a warning or note."""
    return any(incident.severity is Severity.ERROR for incident in incidents)
