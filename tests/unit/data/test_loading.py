"""Files → a corpus, and splits by article."""

from __future__ import annotations

import hashlib
import json
import random
from pathlib import Path

import pytest

from stance.data.loading import fingerprint, load_corpus, split_by_article
from stance.errors import FormatError
from stance.formats import task_of_article, write_export, write_jsonl
from stance.formats.labelstudio import Task
from stance.schema import Article, Attribution, Span, Stance

ARTICLES = [
    Article(f"n{i}", f"{i:03} 😀 نفى الوزير\r\nوجود خلاف", (Attribution(Span(6, 9), Stance.DENIES),))
    for i in range(200)
]


def jsonl(path: Path, articles: list[Article]) -> Path:
    with path.open("w", encoding="utf-8") as stream:
        write_jsonl(articles, stream)
    return path


@pytest.mark.train
def test_a_corpus_holds_the_articles_of_all_files(tmp_path: Path) -> None:
    lines = jsonl(tmp_path / "a.jsonl", ARTICLES[:3])
    export = tmp_path / "b.json"
    tasks = [Task({"id": i, **task_of_article(own, annotated=True)}) for i, own in enumerate(ARTICLES[3:5])]
    write_export([*tasks, Task({"id": 9, "data": {}, "annotations": []})], export)
    corpus = load_corpus([lines, export])
    assert corpus.articles() == ARTICLES[:5]
    assert len(corpus) == 5
    assert corpus.fingerprints == {str(path): fingerprint(path) for path in (lines, export)}
    assert fingerprint(lines) == hashlib.sha256(lines.read_bytes()).hexdigest()
    assert [own.where for own in corpus.skipped] == ["task 9"]


@pytest.mark.train
def test_one_id_with_two_texts_is_refused(tmp_path: Path) -> None:
    one = jsonl(tmp_path / "a.jsonl", [Article("n1", "نفى")])
    other = jsonl(tmp_path / "b.jsonl", [Article("n1", "أكد")])
    with pytest.raises(FormatError, match=r"b\.jsonl: article n1 is there twice with different texts; rename one"):
        load_corpus([one, other])


@pytest.mark.train
def test_files_without_annotated_articles_are_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty.json"
    empty.write_text(json.dumps([{"id": 1, "data": {"text": "نص"}}]), encoding="utf-8")
    with pytest.raises(FormatError, match=r"no annotated article in .*empty\.json; give a finished export"):
        load_corpus([empty])
    with pytest.raises(FormatError, match="no annotated article in no files"):
        load_corpus([])


def test_a_split_is_whole_and_in_order() -> None:
    kept, held_out = split_by_article(ARTICLES, share=0.2, seed=1)
    assert sorted([*kept, *held_out], key=ARTICLES.index) == ARTICLES
    assert kept == sorted(kept, key=ARTICLES.index)
    assert 20 <= len(held_out) <= 60
    assert not {own.text for own in kept} & {own.text for own in held_out}


def test_one_text_under_several_ids_goes_into_one_part() -> None:
    copies = [Article(f"copy-{own.id}", own.text) for own in ARTICLES]
    kept, held_out = split_by_article([*ARTICLES, *copies], share=0.5, seed=1)
    assert not {own.text for own in kept} & {own.text for own in held_out}
    assert len(held_out) % 2 == 0


def test_adding_articles_moves_none_that_was_there() -> None:
    before = split_by_article(ARTICLES[:50], share=0.3, seed=1)
    shuffled = random.Random(1).sample(ARTICLES, len(ARTICLES))
    after = split_by_article(shuffled, share=0.3, seed=1)
    for part_before, part_after in zip(before, after, strict=True):
        assert {own.id for own in part_before} <= {own.id for own in part_after}


def test_another_seed_is_another_split_and_the_same_seed_the_same() -> None:
    assert split_by_article(ARTICLES, share=0.3, seed=1) == split_by_article(ARTICLES, share=0.3, seed=1)
    assert split_by_article(ARTICLES, share=0.3, seed=1) != split_by_article(ARTICLES, share=0.3, seed=2)


def test_a_larger_share_only_adds_to_the_second_part() -> None:
    small = split_by_article(ARTICLES, share=0.1, seed=1)[1]
    assert set(small) < set(split_by_article(ARTICLES, share=0.5, seed=1)[1])
    assert split_by_article(ARTICLES, share=0.0, seed=1) == (ARTICLES, [])
    assert split_by_article(ARTICLES, share=1.0, seed=1) == ([], ARTICLES)
