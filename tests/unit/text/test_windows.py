"""Windows of words: plans worked out by hand, and what is refused."""

from __future__ import annotations

import pytest

from stance.text import Window, plan_windows


def test_what_fits_is_one_window() -> None:
    assert plan_windows([2, 3, 5], capacity=10, overlap=4) == [Window(0, 3, 0, 3)]


def test_no_words_no_windows() -> None:
    assert plan_windows([], capacity=10, overlap=4) == []


def test_the_overlap_is_shared_out_in_halves() -> None:
    assert plan_windows([1] * 16, capacity=10, overlap=4) == [Window(0, 10, 0, 8), Window(6, 16, 8, 16)]


def test_windows_are_of_like_size_instead_of_a_short_last_one() -> None:
    windows = plan_windows([1] * 12, capacity=10, overlap=4)
    assert [window.end - window.start for window in windows] == [8, 8]


def test_without_overlap_windows_only_touch() -> None:
    windows = plan_windows([1] * 9, capacity=4, overlap=0)
    assert [(window.start, window.end) for window in windows] == [(0, 3), (3, 6), (6, 9)]


def test_one_word_as_big_as_a_window() -> None:
    assert [(w.keep_start, w.keep_end) for w in plan_windows([10, 10], capacity=10, overlap=9)] == [(0, 1), (1, 2)]


def test_a_word_too_big_is_refused_by_its_number() -> None:
    with pytest.raises(ValueError, match="word 1 takes 11 pieces, a window holds 10"):
        plan_windows([1, 11], capacity=10, overlap=2)


@pytest.mark.parametrize("overlap", [-1, 10, 11])
def test_an_overlap_without_a_way_forward_is_refused(overlap: int) -> None:
    with pytest.raises(ValueError, match=f"overlap {overlap} must be"):
        plan_windows([1], capacity=10, overlap=overlap)
