"""What counts as the same speaker and content, and which attributions are paired: cases worked by hand."""

from __future__ import annotations

import pytest

from stance.metrics import ScoredText, pair_by_cue
from stance.schema import Attribution, Span, Stance

TEXT = (
    "قال الوزير الأول سالم الهادي، وهو طبيب، إن الماء نظيف جدا. "
    "وأضاف الهادي أن «الهواء» نقي. وقال سالم إنّ الوزيرَ الاول بخير"
)


def span(words: str | None, text: str = TEXT, *, last: bool = False) -> Span | None:
    if words is None:
        return None
    start = text.rindex(words) if last else text.index(words)
    return Span(start, start + len(words))


@pytest.mark.parametrize(
    ("gold", "predicted", "same"),
    [
        ("الوزير الأول سالم الهادي", "الوزير الأول سالم الهادي", True),
        ("الوزير الأول سالم الهادي", "سالم الهادي", True),  # 2 of 4 words
        ("الوزير الأول سالم الهادي", "الهادي", True),  # a surname: one word that ends the longer
        ("الهادي", "الوزير الأول سالم الهادي", True),  # either way round
        ("الوزير الأول سالم الهادي", "الوزير", True),  # the beginning of the longer
        ("الوزير الأول سالم الهادي", "الأول", False),  # 1 of 4 words, in the middle
        ("الوزير الأول سالم", "سالم الهادي", False),  # 1 of 4 words in all
        ("سالم الهادي، وهو طبيب", "الهادي، وهو", True),  # 2 of 4: the comma is no word
        ("الوزير الأول سالم الهادي", None, False),
        (None, "الهادي", False),
        (None, None, True),
        ("،", "،", False),  # no words, nothing to share
    ],
)
def test_speakers(gold: str | None, predicted: str | None, same: bool) -> None:
    assert ScoredText(TEXT).same_speaker(span(gold), span(predicted)) is same


def test_speakers_are_compared_by_their_folded_forms_wherever_they_stand() -> None:
    earlier, later = span("الوزير الأول"), span("الوزيرَ الاول", last=True)
    assert earlier != later
    assert ScoredText(TEXT).same_speaker(earlier, later)


@pytest.mark.parametrize(
    ("gold", "predicted", "same"),
    [
        ("إن الماء نظيف جدا", "الماء نظيف", True),  # 2 of 4
        ("إن الماء نظيف جدا", "نظيف جدا. وأضاف", False),  # 2 of 5
        ("إن الماء نظيف جدا", "جدا", False),
        ("أن «الهواء» نقي", "أن «الهواء", True),  # marks do not count: 2 of 3
        ("إن الماء نظيف جدا", None, False),
        (None, None, True),
    ],
)
def test_contents(gold: str | None, predicted: str | None, same: bool) -> None:
    assert ScoredText(TEXT).same_content(span(gold), span(predicted)) is same


def test_contents_are_compared_by_place() -> None:
    assert not ScoredText(TEXT).same_content(span("الهادي"), span("الهادي", last=True))


def cue(start: int, end: int, stance: Stance = Stance.STATES, *alt: Stance) -> Attribution:
    return Attribution(Span(start, end), stance, alt=alt)


@pytest.mark.parametrize(
    ("gold", "predicted", "pairs"),
    [
        ([cue(0, 4)], [cue(4, 8)], {}),  # they touch, but share nothing
        ([cue(0, 4)], [cue(3, 8)], {0: 0}),
        ([cue(0, 4), cue(5, 9)], [cue(0, 9)], {0: 0}),  # one to one: the tie goes to reading order
        ([cue(0, 2), cue(3, 9)], [cue(0, 9)], {1: 0}),  # the better overlap
        ([cue(0, 4)], [cue(0, 8), cue(0, 4)], {0: 1}),
        ([cue(0, 4, Stance.DENIES)], [cue(0, 4), cue(0, 4, Stance.DENIES)], {0: 1}),  # then equal stances
        ([cue(0, 4, Stance.STATES, Stance.REJECTS)], [cue(0, 4, Stance.DENIES), cue(0, 4, Stance.REJECTS)], {0: 1}),
        ([cue(0, 6), cue(4, 8)], [cue(0, 6), cue(0, 8)], {0: 0, 1: 1}),
    ],
)
def test_pairs(gold: list[Attribution], predicted: list[Attribution], pairs: dict[int, int]) -> None:
    assert pair_by_cue(gold, predicted) == pairs
