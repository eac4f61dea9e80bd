"""Incidents for people and programs: lines of text, a table, JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from stance.lint.incidents import Incident
from stance.lint.kinds import Language, Severity

__all__ = ["format_incidents", "incidents_table", "incidents_to_json", "summarise"]

_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_SEVERITIES = {
    "en": {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"},
    "ar": {Severity.ERROR: "خطأ", Severity.WARNING: "تحذير", Severity.NOTE: "ملاحظة"},
}
_HEADS = {
    "en": ("severity", "kind", "where", "what and how to mend it"),
    "ar": ("الدرجة", "النوع", "الموضع", "ما رُئي وكيف يُصلح"),
}


def format_incidents(incidents: Iterable[Incident], language: Language = "en") -> str:
    """Write incidents as text, one a line.

    Args:
        incidents: what was found.
        language: `en` or `ar`, of the explanations; kinds and places stay as they are.

    Returns:
        The lines, without a line break at the end; empty where nothing was found.
    """
    return "\n".join(
        f"{incident.where}: {_SEVERITIES[language][incident.severity]} [{incident.kind}] "
        f"{incident.explain(language)} {incident.mend(language)}"
        for incident in incidents
    )


def incidents_table(incidents: Iterable[Incident], *, language: Language = "en") -> Table:
    """Lay incidents out as a table for the terminal.

    Args:
        incidents: what was found.
        language: `en` or `ar`.

    Returns:
        The table, a row an incident.
    """
    table = Table(*_HEADS[language], header_style="bold", show_lines=True)
    for incident in incidents:
        # Text, not markup: quoted articles may hold square brackets.
        table.add_row(
            Text(_SEVERITIES[language][incident.severity], style=_COLOURS[incident.severity]),
            Text(incident.kind),
            Text(str(incident.where)),
            Text(f"{incident.explain(language)} {incident.mend(language)}"),
        )
    return table


def incidents_to_json(incidents: Iterable[Incident], *, language: Language = "en") -> list[dict[str, Any]]:
    """Return incidents as JSON objects.

    Args:
        incidents: what was found.
        language: `en` or `ar`, of `message` and `mend`.

    Returns:
        An object an incident: `kind`, `severity`, `task`, `annotation`, `region`, `message`, `mend`.
    """
    return [
        {
            "kind": incident.kind,
            "severity": str(incident.severity),
            "task": incident.where.task,
            "annotation": incident.where.annotation,
            "region": incident.where.region,
            "message": incident.explain(language),
            "mend": incident.mend(language),
        }
        for incident in incidents
    ]


def summarise(incidents: Sequence[Incident]) -> str:
    """Return how many incidents of each severity there are, the kinds by number.

    Args:
        incidents: what was found.

    Returns:
        One line, such as `2 errors, 1 warning: span-empty 2, cue-negated 1`.
    """
    if not incidents:
        return "nothing found"
    severities = Counter(incident.severity for incident in incidents)
    kinds = Counter(incident.kind for incident in incidents)
    counted = [f"{severities[own]} {own}{'s' if severities[own] > 1 else ''}" for own in Severity if severities[own]]
    return f"{', '.join(counted)}: {', '.join(f'{kind} {number}' for kind, number in kinds.most_common())}"
