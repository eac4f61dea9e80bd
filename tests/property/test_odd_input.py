"""Whatever stands in its input, a command ends with a status of its own, and what it writes can be read again."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stance.cli import main
from stance.formats import read_jsonl

HUGE, DEEP, HALF = 10**400, "DEEP", "\ud83d"
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 40),
    st.floats(),
    st.sampled_from(["", "x", "[/url] [b]", "نفى الوزير وجود خلاف", HALF, HUGE, DEEP, [], {}, [5], ["x"], {"id": [1]}]),
)


def mostly(usual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(usual, usual, usual, ODD)


def record(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return mostly(st.fixed_dictionaries({}, optional={key: mostly(value) for key, value in fields.items()}))


OFFSETS, NAMES, TEXTS = st.integers(0, 20), st.sampled_from(["a", "b"]), st.just("نفى الوزير وجود خلاف")
LABELS = st.lists(st.sampled_from(["denies", "cue", "speaker", "content", "optional", "topic"]), max_size=2)
SPANS = st.tuples(OFFSETS, OFFSETS) | record(start=OFFSETS, end=OFFSETS)
ATTRIBUTIONS = record(
    cue=SPANS, speaker=SPANS, content=SPANS, stance=st.just("denies"), score=st.floats(0, 1), alt=LABELS
)
ARTICLES = record(id=NAMES, text=TEXTS, attributions=st.lists(ATTRIBUTIONS, max_size=2), outlet=NAMES)
RESULTS = record(
    **{"id": NAMES, "type": st.sampled_from(["labels", "choices", "relation"]), "from_id": NAMES, "to_id": NAMES},
    **{"value": record(start=OFFSETS, end=OFFSETS, labels=LABELS, choices=LABELS, text=TEXTS), "labels": LABELS},
    **{"score": st.floats(0, 1), "direction": st.sampled_from(["left", "right"])},
)
ANNOTATIONS = record(id=OFFSETS, completed_by=OFFSETS, updated_at=NAMES, result=st.lists(RESULTS, max_size=4))
TASKS = record(
    id=OFFSETS, data=st.fixed_dictionaries({"text": TEXTS}) | record(id=NAMES, text=TEXTS),
    annotations=st.lists(ANNOTATIONS, max_size=2), predictions=st.lists(ANNOTATIONS, max_size=1)
)  # fmt: skip


def as_json(content: object) -> str:
    return json.dumps(content).replace(f'"{DEEP}"', "[" * 950 + "]" * 950)


def run_all(name: str, content: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / name, Path(folder) / "out.jsonl"
        source.write_text(content, encoding="utf-8")
        for written in ("jsonl", "table", "label-studio"):
            assert main(["tag", "--baseline", "-f", written, "-o", str(out), str(source)]) in (0, 1)
            if written == "jsonl":
                read_jsonl(out)
        assert main(["lint", str(source)]) in (0, 1, 2)
        for target in ("converted.jsonl", "converted.json"):
            converted = Path(folder) / target
            status = main(["convert", str(source), str(converted)])
            assert status in (0, 1, 2) and converted.exists() == (status < 2)
            if converted.exists():
                assert main(["convert", str(converted), str(Path(folder) / "again.jsonl")]) == 0
                assert main(["score", str(converted), str(converted)]) in (0, 2)


QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(st.lists(ARTICLES, max_size=3))
@example([{"id": "[/x]", "text": "[/url] نفى", "attributions": [{"stance": "denies", "cue": [7, 10], "score": HUGE}]}])
def test_any_lines(rows: list[Any]) -> None:
    run_all("in.jsonl", "\n".join(map(as_json, rows)))


@QUICK
@given(mostly(st.lists(TASKS, max_size=3)))
@example([{"data": {"text": "نفى"}, "annotations": 3}, {"data": {"text": "نفى", "id": HALF}, "annotations": [{}]}])
def test_any_export(tasks: object) -> None:
    run_all("in.json", as_json(tasks))
