"""What a real Label Studio exported of hard texts is read rightly, and written again equal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cases import CASES, Case

from stance.formats.labelstudio import (
    Annotation,
    Task,
    annotation_of_task,
    article_of_annotation,
    articles_of_tasks,
    attributions_to_results,
    read_export,
    write_export,
)
from stance.lint import lint_tasks
from stance.schema import Article, Span, Stance

HERE = Path(__file__).parent
EXPORTS = ("annotated", "predicted", "cue_and_choice", "browser")
INVISIBLE = "\u200c\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2069"


def load(name: str) -> dict[str, Task]:
    return {task.article_id: task for task in read_export(HERE / f"{name}.json")}


def marks(article: Article) -> list[tuple[Stance, Span, Span | None, Span | None]]:
    return [(found.stance, found.cue, found.speaker, found.content) for found in article.attributions]


@pytest.mark.parametrize("name", EXPORTS)
def test_what_is_read_is_written_equal(name: str, tmp_path: Path) -> None:
    write_export(read_export(HERE / f"{name}.json"), tmp_path / "again.json")
    assert json.loads((tmp_path / "again.json").read_text()) == json.loads((HERE / f"{name}.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
@pytest.mark.parametrize("name", EXPORTS)
def test_text_and_task_data_are_whole(name: str, case: Case) -> None:
    task = load(name)[case.id]
    assert task.text == case.text
    assert {key: value for key, value in task.data.items() if key not in ("id", "text")} == case.meta


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
@pytest.mark.parametrize("name", ["annotated", "predicted", "cue_and_choice"])
def test_attributions_are_those_that_were_annotated(name: str, case: Case) -> None:
    [article], skipped = articles_of_tasks([load(name)[case.id]], choose="first")
    assert not skipped
    assert marks(article) == marks(case.article())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_pages_own_offsets_give_the_words_that_were_dragged_over(case: Case) -> None:
    [article], skipped = articles_of_tasks([load("browser")[case.id]])
    assert not skipped

    assert marks(article) == marks(case.article())


def test_a_mark_that_the_page_took_along_is_no_part_of_a_span_but_stays_in_the_export() -> None:
    task = load("browser")["bidi"]
    [annotation] = task.annotations()
    dragged = [task.text[region.start : region.end] for region in annotation.regions()]
    assert [words for words in dragged if words != words.strip(INVISIBLE)] == [
        "المدير \u202bJohn Smith\u202c",
        "أن تطبيق «WhatsApp 2.0» آمن\u200f",
        "ونفى\u200e",
    ]
    [article], _ = articles_of_tasks([task])
    spans = [span for own in article.attributions for _, span in own.spans()]
    assert all(words == words.strip(INVISIBLE) for words in (span.text_of(task.text) for span in spans))
    incidents = [own for own in lint_tasks([task]) if own.kind == "span-edge-invisible"]
    assert len(incidents) == 3, "lint tells of it all the same"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
@pytest.mark.parametrize("name", EXPORTS)
def test_articles_survive_being_written_as_results(name: str, case: Case) -> None:
    task = load(name)[case.id]
    [article], _ = articles_of_tasks([task])
    again, skipped = article_of_annotation(task, Annotation({"result": attributions_to_results(article)}))
    assert not skipped
    assert again.with_attributions(()) == article.with_attributions(())
    assert again.attributions == article.attributions


def test_several_annotations_and_a_cancelled_one_are_told_apart() -> None:
    tasks = load("annotated")
    assert len(tasks["emoji"].annotations()) == 2
    chosen = annotation_of_task(tasks["emoji"])
    assert chosen is not None and chosen.ground_truth and len(chosen.regions()) == 6
    assert len(tasks["crlf"].annotations()) == 1
    assert [annotation.cancelled for annotation in tasks["crlf"].annotations(cancelled=True)].count(True) == 1


def test_predictions_are_ids_in_a_plain_export_and_whole_in_a_snapshot() -> None:
    assert load("annotated")["nested"].predictions() == []
    task = load("predicted")["nested"]
    [prediction] = task.predictions()
    article, skipped = article_of_annotation(task, prediction)
    assert not skipped
    assert marks(article) == marks(next(case for case in CASES if case.id == "nested").article())
    assert prediction.annotator == "golden"


def test_choices_meta_and_arrows_come_through() -> None:
    tasks = load("annotated")
    [html], _ = articles_of_tasks([tasks["html"]])
    assert html.attributions[0].alt == (Stance.CONFIRMS,) and html.attributions[0].optional
    assert tasks["html"].annotations()[0].results()[0]["meta"] == {"text": ["ملاحظة المدقق 🙂"]}
    unnamed = [arrow for arrow in tasks["nested"].annotations()[0].relations() if not arrow.labels]
    assert len(unnamed) == 1
    shared = [region for region in tasks["nested"].annotations()[0].regions() if region.start == 10]
    assert len(shared) == 1, "one region is the content of two cues"


def test_the_pages_text_is_wrong_across_lines_and_is_not_trusted() -> None:
    [annotation] = load("browser")["crlf"].annotations()
    across = [region for region in annotation.regions() if region.text and "المهلة" in region.text]
    [article], _ = articles_of_tasks([load("browser")["crlf"]])
    assert across[0].text != "إن المهلة قصيرة\r\nجدا"
    content = article.attributions[-1].content
    assert content is not None and content.text_of(article.text) == "إن المهلة قصيرة\r\nجدا"
