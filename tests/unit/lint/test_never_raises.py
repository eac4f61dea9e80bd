"""Whatever stands in an export, linting it ends with a list."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.formats import Task
from stance.lint import format_incidents, incidents_to_json, lint_tasks

TEXT = "نفت الوزارة: «لا صحة لذلك»\r\n🙂 وأكد\u200f"
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 40), st.text("abنفت ", max_size=4), st.just([]), st.just({})
)
NAMES = st.one_of(st.sampled_from(["a", "b", "c", 1]), SCALARS)
WORDS = st.one_of(
    st.lists(st.sampled_from(["denies", "cue", "speaker", "content", "topic", "states", 3]), max_size=3), SCALARS
)
VALUES = st.one_of(
    st.fixed_dictionaries(
        {}, optional={"start": SCALARS, "end": SCALARS, "labels": WORDS, "choices": WORDS, "text": SCALARS}
    ),
    SCALARS,
)
RESULTS = st.one_of(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["labels", "choices", "relation", "textarea", 7])},
        optional={
            **{"id": NAMES, "value": VALUES, "from_id": NAMES, "to_id": NAMES, "labels": WORDS},
            **{"score": SCALARS, "direction": SCALARS},
        },
    ),
    SCALARS,
)


@settings(max_examples=400, deadline=None)
@given(st.lists(RESULTS, max_size=8))
def test_any_results(results: list[Any]) -> None:
    task = Task({"id": 1, "data": {"text": TEXT}, "annotations": [{"id": 1, "result": results}]})
    incidents = lint_tasks([task])
    assert format_incidents(incidents, "ar").count("\n") == max(0, len(incidents) - 1)
    assert len(incidents_to_json(incidents)) == len(incidents)


@pytest.mark.parametrize("annotations", [None, 5, "x", {"id": 1}, [None, 5], [{"result": 5}], [{"result": {"a": 1}}]])
@pytest.mark.parametrize("data", [{}, {"text": 5}, {"text": "نص", "id": ["x"]}])
def test_any_annotations(annotations: object, data: dict[str, Any]) -> None:
    lint_tasks([Task({"data": data, "annotations": annotations}), Task({"data": data, "annotations": annotations})])
