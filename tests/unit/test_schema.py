"""Spans, attributions and articles."""

from __future__ import annotations

import dataclasses

import pytest

from stance.errors import SchemaError
from stance.schema import FOUR_STANCES, Article, Attribution, Part, Span, Stance

TEXT = "😀 نفى الوزير وجود خلاف"


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [(-1, 3, "starts before the text"), (3, 3, "is empty"), (5, 2, "ends before it starts"), (-2, -1, "starts before")],
)
def test_spans_that_contradict_themselves(start: int, end: int, message: str) -> None:
    with pytest.raises(SchemaError, match=rf"span \[{start}, {end}\) {message}"):
        Span(start, end)


def test_a_span_counts_code_points() -> None:
    span = Span(2, 5)
    assert (span.text_of(TEXT), len(span)) == ("نفى", 3)


@pytest.mark.parametrize(
    ("one", "other", "overlap", "covers"),
    [((0, 5), (3, 8), 2, False), ((0, 5), (5, 8), 0, False), ((0, 5), (1, 5), 4, True), ((0, 5), (0, 5), 5, True)],
)
def test_overlap_and_covering(one: tuple[int, int], other: tuple[int, int], overlap: int, covers: bool) -> None:
    assert Span(*one).overlap(Span(*other)) == Span(*other).overlap(Span(*one)) == overlap
    assert Span(*one).covers(Span(*other)) is covers


def test_attributions_stand_in_reading_order_however_they_were_given() -> None:
    early = Attribution(Span(2, 5), Stance.DENIES)
    named = Attribution(Span(2, 5), Stance.DENIES, Span(6, 12))
    late = Attribution(Span(13, 17), Stance.STATES)
    assert Article("n1", TEXT, (late, named, early)).attributions == (early, named, late)
    assert Article("n1", TEXT, (late, early)) == Article("n1", TEXT, (early, late))
    assert Article("n1", TEXT).with_attributions((late, early)).attributions == (early, late)


def test_a_span_off_the_text_is_refused_with_its_place() -> None:
    assert Article("n1", TEXT, (Attribution(Span(2, len(TEXT)), Stance.STATES),)).attributions
    fault = Attribution(Span(2, 5), Stance.STATES, content=Span(6, len(TEXT) + 1))
    with pytest.raises(SchemaError, match=r"attribution 0: content .* runs off the text.* 22 code"):
        Article("n1", TEXT, (fault,))


def test_parts_in_order_and_only_those_there() -> None:
    own = Attribution(Span(2, 5), Stance.DENIES, content=Span(13, 22))
    assert list(own.spans()) == [(Part.CUE, Span(2, 5)), (Part.CONTENT, Span(13, 22))]


def test_accepted_stances() -> None:
    own = Attribution(Span(2, 5), Stance.DENIES, alt=(Stance.REJECTS,))
    assert [stance for stance in Stance if own.accepts(stance)] == [Stance.REJECTS, Stance.DENIES]


def test_the_labels_are_the_schemes() -> None:
    assert [str(stance) for stance in Stance] == ["proposes", "rejects", "denies", "confirms", "states"]
    assert set(Stance) - set(FOUR_STANCES) == {Stance.STATES}


def test_nothing_can_be_changed_and_articles_can_be_hashed() -> None:
    article = Article("n1", TEXT, (Attribution(Span(2, 5), Stance.DENIES),), {"outlet": "وكالة"})
    with pytest.raises(dataclasses.FrozenInstanceError):
        article.text = "غيره"  # type: ignore[misc]
    assert len({article, Article("n1", TEXT, article.attributions, {"outlet": "وكالة"})}) == 1


@pytest.mark.parametrize(
    ("name", "text", "seen"), [("n1", "نص \ud83d", "3 of its text"), ("\udce9", "نص", "0 of its id")]
)
def test_half_characters_are_refused_in_ids_and_texts(name: str, text: str, seen: str) -> None:
    with pytest.raises(SchemaError, match=f"a lone surrogate stands at {seen}"):
        Article(name, text)
