"""Every kind of incident has a bad example export, and is found in it alone."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from stance.formats import Task, read_export
from stance.lint import CATALOGUE, lint_tasks

GOLDEN = Path(__file__).parents[2] / "golden" / "lint"
FROM_LABEL_STUDIO = GOLDEN.parent / "labelstudio"


def kinds_in(path: Path) -> list[str]:
    return [incident.kind for incident in lint_tasks(read_export(path))]


def test_every_kind_has_an_example_and_every_example_a_kind() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(CATALOGUE)


@pytest.mark.parametrize("kind", CATALOGUE)
def test_the_example_brings_its_kind_once_and_nothing_else(kind: str) -> None:
    assert kinds_in(GOLDEN / f"{kind}.json") == [kind]


def test_the_examples_are_as_their_maker_writes_them() -> None:
    spec = importlib.util.spec_from_file_location("make_lint_examples", GOLDEN / "make.py")
    assert spec is not None and spec.loader is not None
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    for kind, make in maker.FAULTS.items():
        assert json.loads((GOLDEN / f"{kind}.json").read_text(encoding="utf-8")) == make().tasks
    assert not lint_tasks([Task(maker.Example().tasks[0])])


@pytest.mark.parametrize(
    ("export", "expected"),
    [
        ("cue_and_choice", []),
        ("annotated", ["cue-unlinked"]),
        # Word granularity takes a bidi mark behind a word along; `\r\n` in value.text is no mismatch.
        ("browser", ["span-edge-invisible"] * 3),
    ],
)
def test_what_a_real_label_studio_made(export: str, expected: list[str]) -> None:
    assert kinds_in(FROM_LABEL_STUDIO / f"{export}.json") == expected


def test_the_documentation_lists_every_kind() -> None:
    page = (GOLDEN.parents[2] / "docs" / "lint.md").read_text(encoding="utf-8")
    listed = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    assert listed == list(CATALOGUE)
