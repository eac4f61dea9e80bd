"""Incidents for people and programs, in two languages."""

from __future__ import annotations

import io
import json
import string

import pytest
from rich.console import Console

from stance.formats import Task
from stance.lint import (
    CATALOGUE,
    Kind,
    format_incidents,
    incidents_table,
    incidents_to_json,
    lint_tasks,
    summarise,
)

TASK = Task(
    {
        "id": 3,
        "data": {"text": "نفت [red]الوزارة[/red]"},
        "annotations": [
            {
                "id": 5,
                "result": [
                    {"id": "a", "type": "labels", "value": {"start": 0, "end": 3, "labels": ["denies"]}},
                    {"id": "b", "type": "labels", "value": {"start": 4, "end": 22, "labels": ["speaker"]}},
                    {"type": "relation", "from_id": "a", "to_id": "b"},
                    {"type": "relation", "from_id": "a", "to_id": "c"},
                ],
            }
        ],
    }
)


def blanks(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("kind", CATALOGUE.values(), ids=list(CATALOGUE))
def test_both_languages_say_the_same_blanks_and_a_mend(kind: Kind) -> None:
    assert blanks(kind.english[0]) == blanks(kind.arabic[0])
    for explanation, mend in (kind.english, kind.arabic):
        assert explanation.endswith(".") and mend.endswith(".")
    assert any("\u0600" <= character <= "\u06ff" for character in kind.arabic[0])


def test_lines_name_place_severity_kind_and_mend() -> None:
    [edge, dangling] = format_incidents(lint_tasks([TASK])).splitlines()
    assert edge.startswith("task 3, annotation 5, region b: warning [span-edge-punctuation] The speaker ")
    assert dangling == (
        "task 3, annotation 5, region a: error [relation-dangling] "
        "A relation points at the region c, which is not there. Delete the relation, or draw it again."
    )


def test_arabic_lines_are_arabic() -> None:
    assert "خطأ [relation-dangling] علاقة تشير إلى المقطع c" in format_incidents(lint_tasks([TASK]), "ar")


def test_json_holds_every_field() -> None:
    [_, dangling] = json.loads(json.dumps(incidents_to_json(lint_tasks([TASK]))))
    assert (dangling["kind"], dangling["severity"]) == ("relation-dangling", "error")
    assert (dangling["task"], dangling["annotation"], dangling["region"]) == ("3", "5", "a")
    assert dangling["message"] and dangling["mend"]


def test_quoted_text_is_not_taken_for_markup_in_the_table() -> None:
    out = io.StringIO()
    Console(file=out, width=200).print(incidents_table(lint_tasks([TASK])))
    assert "[red]" in out.getvalue() and "relation-dangling" in out.getvalue()


def test_the_summary_counts() -> None:
    assert summarise([]) == "nothing found"
    assert summarise(lint_tasks([TASK])) == "1 error, 1 warning: span-edge-punctuation 1, relation-dangling 1"
