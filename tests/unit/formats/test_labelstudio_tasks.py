"""Label Studio's JSON by hand: which annotation counts, hand-drawn arrows, and what is left out with a reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stance.formats import articles_of_tasks, task_of_article
from stance.formats.labelstudio import (
    Annotation,
    Task,
    annotation_of_task,
    attributions_to_results,
    iter_annotated,
)
from stance.schema import Article, Attribution, Span, Stance

TEXT = "نفى الوزير وجود خلاف"


def region(name: str, start: int, end: int, label: str) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": "never trusted", "labels": [label]}
    return {"id": name, "type": "labels", "from_name": "part", "to_name": "text", "value": value}


def arrow(source: str, target: str, **more: Any) -> dict[str, Any]:
    return {"type": "relation", "from_id": source, "to_id": target, "direction": "right", **more}


def annotation(*results: Any, **more: Any) -> dict[str, Any]:
    return {"id": 5, "result": list(results), **more}


def task(*annotations: dict[str, Any]) -> Task:
    return Task({"id": 7, "data": {"id": "n1", "text": TEXT}, "annotations": list(annotations)})


CUE, SPEAKER, CONTENT = region("c", 0, 3, "denies"), region("s", 4, 10, "speaker"), region("o", 11, 20, "content")
WHOLE = Attribution(Span(0, 3), Stance.DENIES, Span(4, 10), Span(11, 20))


def read(*results: Any) -> tuple[tuple[Attribution, ...], list[str]]:
    (article,), skipped = articles_of_tasks([task(annotation(*results))])
    return article.attributions, [str(own) for own in skipped]


@pytest.mark.parametrize(
    "arrows",
    [
        [arrow("c", "s", labels=["speaker"]), arrow("c", "o", labels=["content"])],
        [arrow("c", "s"), arrow("c", "o", labels=[])],
        [arrow("s", "c"), arrow("o", "c")],
        [arrow("s", "c", direction="left"), arrow("c", "o", direction="bi")],
        [arrow("c", "s"), arrow("c", "o"), arrow("c", "o")],
    ],
)
def test_arrows_mean_the_same_however_they_were_drawn(arrows: list[dict[str, Any]]) -> None:
    assert read(CUE, SPEAKER, CONTENT, *arrows) == ((WHOLE,), [])
    assert read(*arrows, CONTENT, SPEAKER, CUE) == ((WHOLE,), [])


def test_a_plain_cue_takes_the_stance_that_was_chosen_for_it() -> None:
    plain = region("c", 0, 3, "cue")
    choice = {
        "id": "c",
        "type": "choices",
        "value": {"start": 0, "end": 3, "choices": ["denies", "rejects", "optional"]},
    }
    assert read(plain, choice) == ((Attribution(Span(0, 3), Stance.DENIES, alt=(Stance.REJECTS,), optional=True),), [])


@pytest.mark.parametrize(
    ("results", "kept", "why"),
    [
        ([region("c", 0, 99, "denies")], 0, "task 7, annotation 5, region c: [0, 99) runs off the text of 20"),
        ([region("c", 3, 0, "denies")], 0, "region c: span [3, 0) ends before it starts"),
        ([region("c", 0, 3, "Verb")], 0, "region c: unknown label Verb; use one of speaker, content, proposes"),
        ([region("c", 0, 3, "cue")], 0, "region c: cue without a stance; choose one"),
        ([CUE, arrow("c", "gone")], 1, "relation c → gone points at a region that is not there"),
        ([CUE, SPEAKER, CONTENT, arrow("s", "o")], 1, "relation s → o does not join a cue and a speaker or content"),
        (
            [CUE, SPEAKER, region("s2", 11, 15, "speaker"), arrow("c", "s"), arrow("c", "s2")],
            1,
            "cue c has two speakers; the first, s, is kept",
        ),
        ([{"id": "c", "type": "labels", "value": {"labels": ["denies"]}}], 0, "region c has no offsets"),
        (
            [CUE, region("c", 4, 10, "speaker")],
            1,
            "region c: its id is taken by an earlier region; delete one and draw",
        ),
        ([{**CUE, "id": None}], 0, "annotation 5: region 'never trusted' has no id; delete it and draw it again"),
        *(
            ([{**CUE, "score": score}], 1, "region c: its score is no number from 0 to 1; left out")
            for score in ("high", True, 2, 10**400, float("nan"))
        ),
        ([5], 0, "task 7, annotation 5: `result` is no list of objects; annotate the task again"),
    ],
)
def test_a_fault_is_told_and_the_rest_is_read(results: list[Any], kept: int, why: str) -> None:
    good = region("g", 11, 15, "states")
    attributions, reasons = read(*results, good)
    assert len(attributions) == kept + 1
    assert all(own.score is None for own in attributions)
    assert len(reasons) == 1
    assert why in reasons[0]


def test_which_annotation_counts() -> None:
    early = annotation(CUE, id=1, updated_at="2026-01-01T00:00:00Z")
    late = annotation(CUE, id=2, updated_at="2026-01-02T00:00:00Z")
    cancelled = annotation(CUE, id=3, updated_at="2026-01-03T00:00:00Z", was_cancelled=True)
    truth = annotation(CUE, id=4, updated_at="2025-01-01T00:00:00Z", ground_truth=True)

    def chosen(*annotations: dict[str, Any], **how: Any) -> object:
        found = annotation_of_task(task(*annotations), **how)
        return None if found is None else found.id

    assert chosen(late, early, cancelled) == 2
    assert chosen(late, early, cancelled, choose="first") == 1
    assert chosen(late, truth, early) == 4
    assert chosen(cancelled) is None
    assert chosen() is None
    assert articles_of_tasks([task(cancelled), task()]) == ([], [])


def test_a_task_without_text_is_told() -> None:
    articles, (why,) = articles_of_tasks([Task({"id": 9, "data": {"body": "نص"}, "annotations": [annotation()]})])
    assert articles == []
    assert str(why) == "task 9: has no data.text; import the article's text under the key `text`"


def test_parts_shared_by_two_cues_become_one_region() -> None:
    shared = Span(4, 10)
    article = Article(
        "n1",
        TEXT,
        (Attribution(Span(0, 3), Stance.DENIES, shared), Attribution(Span(11, 15), Stance.STATES, shared)),
    )
    results = attributions_to_results(article)
    assert [own["id"] for own in results if own.get("type") == "labels"] == ["cue-0-3", "speaker-4-10", "cue-11-15"]
    assert [(own["from_id"], own["to_id"]) for own in results if own["type"] == "relation"] == [
        ("cue-0-3", "speaker-4-10"),
        ("cue-11-15", "speaker-4-10"),
    ]


def test_a_prediction_has_the_mean_score_and_no_annotation() -> None:
    article = Article(
        "n1",
        TEXT,
        (Attribution(Span(0, 3), Stance.DENIES, score=0.9), Attribution(Span(11, 15), Stance.STATES, score=0.7)),
        {"outlet": "وكالة", "text": "غيره"},
    )
    made = task_of_article(article, model_version="v1")
    assert made["data"] == {"id": "n1", "text": TEXT, "outlet": "وكالة"}
    assert "annotations" not in made
    (prediction,) = made["predictions"]
    assert (prediction["model_version"], prediction["score"]) == ("v1", pytest.approx(0.8))


def test_a_prediction_without_scores_has_none_of_its_own() -> None:
    for attributions in ((), (WHOLE,)):
        (prediction,) = task_of_article(Article("n2", TEXT, attributions), model_version="v1")["predictions"]
        assert "score" not in prediction


def test_invisible_marks_at_the_edges_are_left_out() -> None:
    text = "\u200fنفى\u200e الوزير\u202c \u200f\u202c"
    results = [region("c", 0, 5, "denies"), region("s", 6, 13, "speaker"), region("o", 14, 16, "content")]
    results += [arrow("c", "s")]
    raw = task(annotation(*results)).raw | {"data": {"id": "n1", "text": text}}
    before = json.loads(json.dumps(raw))
    (article,), (why,) = articles_of_tasks([Task(raw)])
    assert article.attributions == (Attribution(Span(1, 4), Stance.DENIES, Span(6, 12)),)
    assert str(why).endswith("region o: [14, 16) holds nothing but invisible characters; mark words")
    assert raw == before, "what Label Studio wrote stays as it is"


@pytest.mark.parametrize("odd", [3, "x", {"id": 1}, [5]])
def test_annotations_and_results_of_another_kind_are_told(odd: object) -> None:
    raw = {"id": 9, "data": {"text": TEXT}}
    articles, (why,) = articles_of_tasks([Task({**raw, "annotations": odd})])
    assert articles == []
    assert str(why) == "task 9: `annotations` is no list of objects; export again as JSON"
    (article,), (why,) = articles_of_tasks([Task({**raw, "annotations": [{"id": 5, "result": odd}]})])
    assert article.attributions == ()
    assert str(why).startswith("task 9, annotation 5: `result` is no list of objects")


def test_scores_from_0_to_1_are_kept() -> None:
    assert [read({**CUE, "score": score})[0][0].score for score in (0, 0.25, 1)] == [0.0, 0.25, 1.0]


def test_annotations_that_name_nobody_are_their_own_annotators() -> None:
    by = [{"completed_by": None}, {"completed_by": {"id": None}}, {}, {"completed_by": 0}, {"model_version": "m1"}]
    names = [Annotation({"id": number, **own}).annotator for number, own in enumerate(by)]
    assert names == ["annotation 0", "annotation 1", "annotation 2", "0", "m1"]


def test_only_tasks_that_can_be_read_are_gone_through() -> None:
    raws = [{"data": {"text": "نفى \ud83d"}}, {"id": "\ud83d", "data": {"text": TEXT}}, {"data": {}}]
    good = task(annotation(CUE))
    found = iter_annotated([*(Task({**raw, "annotations": [annotation(CUE)]}) for raw in raws), good])
    assert list(found) == [(good, Annotation(annotation(CUE)))]
