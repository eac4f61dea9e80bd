"""Properties of words, normalisation, sentences and windows on hard text."""

from __future__ import annotations

import itertools
import re

from hypothesis import given
from hypothesis import strategies as st

from stance.schema import Span
from stance.text import WordIndex, fold_word, normalise_word, plan_windows, sentence_numbers, split_words
from strategies import hard_texts

INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u00ad\u061c]")


@given(hard_texts())
def test_words_are_exact_and_in_order(text: str) -> None:
    words = split_words(text)
    assert all(text[word.start : word.end] == word.text for word in words)
    assert all(one.end <= other.start for one, other in itertools.pairwise(words))


@given(hard_texts())
def test_only_blanks_and_invisible_marks_belong_to_no_word(text: str) -> None:
    inside = {offset for word in split_words(text) for offset in range(word.start, word.end)}
    outside = "".join(c for offset, c in enumerate(text) if offset not in inside)
    assert INVISIBLE.sub("", outside).strip() == ""
    assert all(not INVISIBLE.sub("", gap).strip() for gap in outside)


@given(hard_texts())
def test_no_word_holds_blanks_or_bidi_marks(text: str) -> None:
    for word in split_words(text):
        assert not re.search(r"\s", word.text)
        assert not re.search("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u061c]", word.text)


@given(hard_texts(), hard_texts())
def test_words_do_not_depend_on_other_lines(one: str, other: str) -> None:
    alone = [word.text for word in split_words(one)] + [word.text for word in split_words(other)]
    assert [word.text for word in split_words(f"{one}\n{other}")] == alone


@given(hard_texts())
def test_range_and_span_are_inverse(text: str) -> None:
    words = split_words(text)
    index = WordIndex(words)
    for first, last in itertools.combinations_with_replacement(range(min(len(words), 12)), 2):
        assert index.range_of(index.span_of(first, last)) == (first, last)


@given(hard_texts(), st.data())
def test_the_words_of_a_span_are_those_it_touches(text: str, data: st.DataObject) -> None:
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    words = split_words(text)
    touched = [i for i, word in enumerate(words) if Span(word.start, word.end).overlap(span)]
    assert WordIndex(words).range_of(span) == ((touched[0], touched[-1]) if touched else None)


@given(hard_texts())
def test_every_word_is_shown_as_something(text: str) -> None:
    for word in split_words(text):
        shown = normalise_word(word.text)
        assert shown
        assert shown == shown.strip() or shown == word.text


@given(hard_texts())
def test_folding_twice_changes_nothing(text: str) -> None:
    for word in split_words(text):
        assert fold_word(fold_word(word.text)) == fold_word(word.text)


@given(st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهوي", min_size=1, max_size=10), st.data())
def test_vowels_and_tatweel_change_nothing_that_is_shown(word: str, data: st.DataObject) -> None:
    marks = [data.draw(st.text(alphabet="\u064b\u064e\u064f\u0650\u0651\u0652\u0640", max_size=3)) for _ in word]
    marked = "".join(letter + mark for letter, mark in zip(word, marks, strict=True))
    assert normalise_word(marked) == word
    assert [own.text for own in split_words(f" {marked}،")] == [marked, "،"]


@given(hard_texts())
def test_sentences_never_go_back_and_lines_always_end_them(text: str) -> None:
    words = split_words(text)
    numbers = sentence_numbers(words)
    assert len(numbers) == len(words)
    assert all(following - before in (0, 1) for before, following in itertools.pairwise([0, *numbers]))
    for (before, number), word in zip(itertools.pairwise(numbers), words[1:], strict=True):
        assert number == before + 1 or not word.opens_line


@st.composite
def plans(draw: st.DrawFn) -> tuple[list[int], int, int]:
    capacity = draw(st.integers(1, 40))
    costs = draw(st.lists(st.integers(1, capacity), max_size=120))
    return costs, capacity, draw(st.integers(0, capacity - 1))


@given(plans())
def test_every_word_is_kept_by_exactly_one_window(plan: tuple[list[int], int, int]) -> None:
    costs, capacity, overlap = plan
    windows = plan_windows(costs, capacity=capacity, overlap=overlap)
    kept = [index for window in windows for index in range(window.keep_start, window.keep_end)]
    assert kept == list(range(len(costs)))
    for window in windows:
        assert window.start <= window.keep_start <= window.keep_end <= window.end
        assert sum(costs[window.start : window.end]) <= capacity


@given(plans())
def test_neighbours_share_no_more_than_the_overlap(plan: tuple[list[int], int, int]) -> None:
    costs, capacity, overlap = plan
    for one, other in itertools.pairwise(plan_windows(costs, capacity=capacity, overlap=overlap)):
        assert one.start < other.start <= one.end <= other.end
        assert sum(costs[other.start : one.end]) <= overlap


@given(st.integers(1, 600), st.integers(20, 80), st.integers(0, 15))
def test_words_of_one_piece_are_spread_evenly_with_full_context(count: int, capacity: int, overlap: int) -> None:
    windows = plan_windows([1] * count, capacity=capacity, overlap=overlap)
    assert len(windows) == max(1, -(-(count - overlap) // (capacity - overlap)))
    sizes = [window.end - window.start for window in windows]
    assert max(sizes) - min(sizes) <= len(windows)
    for one, other in itertools.pairwise(windows):
        assert one.end - other.start == overlap
        assert abs((one.end - one.keep_end) - (other.keep_start - other.start)) <= 1
