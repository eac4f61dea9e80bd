"""Round trips: nothing is lost on the way out and in again, whatever the text."""

from __future__ import annotations

import io
import json
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from stance.formats import (
    Task,
    article_to_json,
    articles_of_tasks,
    parse_line,
    read_export,
    read_jsonl,
    read_text,
    task_of_article,
    write_export,
    write_jsonl,
)
from stance.formats.labelstudio import article_of_annotation
from stance.schema import Article, Span
from strategies import annotated_articles, hard_texts

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | hard_texts(max_parts=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
META = st.dictionaries(
    st.text(max_size=6).filter(lambda key: key not in ("id", "text", "attributions")), JSON, max_size=3
)


@given(annotated_articles(), META)
def test_json_lines_give_the_article_back(article: Article, meta: dict[str, object]) -> None:
    article = replace(article, meta=meta)
    line = json.dumps(article_to_json(article), ensure_ascii=False)
    assert parse_line(line, where="here") == article
    assert parse_line(json.dumps(article_to_json(article)), where="here") == article


@given(annotated_articles())
def test_the_text_written_beside_a_span_is_the_text_there(article: Article) -> None:
    for row in article_to_json(article)["attributions"]:
        for part in ("cue", "speaker", "content"):
            if row[part] is not None:
                assert article.text[row[part]["start"] : row[part]["end"]] == row[part]["text"]


@settings(max_examples=40)
@given(st.lists(annotated_articles(), max_size=3))
def test_files_of_json_lines(articles: list[Article]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "articles.jsonl"
        with path.open("w", encoding="utf-8") as stream:
            write_jsonl(articles, stream)
        assert read_jsonl(path) == articles


def test_lines_are_written_one_an_article_whatever_the_stream_does_with_line_ends() -> None:
    stream = io.StringIO(newline="\r\n")
    write_jsonl([Article("n1", "قال\rثم\r\nنفى\n")], stream)
    (line,) = stream.getvalue().splitlines()
    assert parse_line(line, where="here").text == "قال\rثم\r\nنفى\n"


INVISIBLE = "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\ufeff" + "".join(
    map(chr, range(0x2060, 0x2070))
)


def as_label_studio_keeps_it(article: Article) -> Article:
    """Scores have four digits there, a cue's own stance is no alternative to itself, spans have visible edges."""

    def seen(span: Span) -> Span:
        words = span.text_of(article.text)
        start = span.start + words.index(words.strip(INVISIBLE))
        return Span(start, start + len(words.strip(INVISIBLE)))

    return replace(
        article,
        attributions=tuple(
            replace(
                own,
                cue=seen(own.cue),
                speaker=own.speaker and seen(own.speaker),
                content=own.content and seen(own.content),
                score=None if own.score is None else round(own.score, 4),
                alt=tuple(stance for stance in own.alt if stance != own.stance),
            )
            for own in article.attributions
            if all(span.text_of(article.text).strip(INVISIBLE) for _, span in own.spans())
        ),
    )


@given(annotated_articles().filter(lambda article: bool(article.text)), META)
def test_annotations_of_label_studio_give_the_article_back(article: Article, meta: dict[str, object]) -> None:
    article = as_label_studio_keeps_it(replace(article, meta=meta))
    task = Task(json.loads(json.dumps({"id": 1, **task_of_article(article, annotated=True)})))
    assert articles_of_tasks([task]) == ([article], [])


@given(annotated_articles().filter(lambda article: bool(article.text)))
def test_predictions_of_label_studio_give_the_article_back(article: Article) -> None:
    article = as_label_studio_keeps_it(article)
    task = Task({"id": 1, **task_of_article(article, model_version="v1")})
    (prediction,) = task.predictions()
    assert prediction.annotator == "v1"
    assert article_of_annotation(task, prediction) == (article, [])


@given(annotated_articles().filter(lambda article: bool(article.text)), st.randoms(use_true_random=False))
def test_the_order_of_results_does_not_matter_beyond_ties(article: Article, random: object) -> None:
    article = as_label_studio_keeps_it(article)
    seen = {(own.cue, own.speaker, own.content, own.stance) for own in article.attributions}
    if len(seen) < len(article.attributions):
        return
    task = {"id": 1, **task_of_article(article, annotated=True)}
    random.shuffle(task["annotations"][0]["result"])  # type: ignore[attr-defined]
    assert articles_of_tasks([Task(task)]) == ([article], [])


@settings(max_examples=40)
@given(st.lists(st.tuples(annotated_articles(), JSON), max_size=3))
def test_an_export_is_written_as_it_was_read(drawn: list[tuple[Article, object]]) -> None:
    tasks = [
        Task({"id": i, **task_of_article(own, annotated=True), "more": more}) for i, (own, more) in enumerate(drawn)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.json"
        write_export(tasks, path)
        assert read_export(path) == tasks
        assert json.loads(path.read_text(encoding="utf-8")) == [task.raw for task in tasks]


@settings(max_examples=40)
@given(hard_texts())
def test_a_text_file_is_never_changed(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.txt"
        path.write_bytes(text.encode())
        assert read_text(path).text == text
