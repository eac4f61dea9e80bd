"""Attributions in words, and what cannot be represented, with its reason."""

from __future__ import annotations

import pytest

from stance.encoding import STANCES, CueTarget, Targets, encode_targets
from stance.schema import Article, Attribution, Span, Stance
from stance.text import WordIndex, split_words

TEXT = "وأكد الوزير، أمس، أن «الاتفاق» قائم. ونفى خلافا"
#        0    1     2  3   4 5  6   7     8  9  10 11   12
WORDS = split_words(TEXT)
INDEX = WordIndex(WORDS)
Range = tuple[int, int]


def attribution(cue: Range, speaker: Range | None = None, content: Range | None = None, **more: object) -> Attribution:
    spans = [None if part is None else INDEX.span_of(*part) for part in (speaker, content)]
    return Attribution(INDEX.span_of(*cue), Stance.CONFIRMS, *spans, **more)  # type: ignore[arg-type]


def targets(*attributions: Attribution, before: int = 50, after: int = 50, text: str = TEXT) -> Targets:
    return encode_targets(Article("n1", text, attributions), split_words(text), before=before, after=after)


def reasons(made: Targets) -> list[str]:
    return [entry.reason for entry in made.unreachable]


def test_tags_and_targets_of_two_attributions() -> None:
    made = targets(attribution((0, 1), (1, 1), (5, 9)), attribution((11, 11), alt=(Stance.DENIES, Stance.STATES)))
    assert made.tags.tolist() == [1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]
    confirms = STANCES.index(Stance.CONFIRMS)
    alt = (STANCES.index(Stance.DENIES), STANCES.index(Stance.STATES))
    assert made.cues[1] == CueTarget((11, 11), confirms, alt, None, None, False)


def test_cues_side_by_side_each_begin_anew() -> None:
    made = targets(attribution((3, 3)), attribution((5, 6)), attribution((4, 4)))
    assert made.tags.tolist()[3:7] == [1, 1, 1, 2]
    assert made.unreachable == []


def test_optional_cues_are_not_learnt_from_but_still_hold_their_place() -> None:
    made = targets(attribution((0, 1), optional=True), attribution((1, 1)))
    assert made.tags.tolist()[:3] == [-100, -100, 0]
    assert [own.optional for own in made.cues] == [True]
    assert reasons(made) == ["its cue overlaps another attribution's"]


def test_the_second_of_two_attributions_on_one_cue_is_lost_and_counted() -> None:
    made = targets(attribution((0, 0), (1, 1)), attribution((0, 0), (3, 3)))
    assert len(made.cues) == 1
    assert made.cues[0].speaker == (1, 1)
    assert reasons(made) == ["its cue overlaps another attribution's"]
    assert made.unreachable[0].article == "n1"


@pytest.mark.parametrize(
    ("own", "kept", "reason"),
    [
        (Attribution(Span(1, 4), Stance.STATES), True, "its cue does not begin and end at word edges"),
        (Attribution(Span(0, 5), Stance.STATES), True, "its cue does not begin and end at word edges"),
        (Attribution(Span(4, 5), Stance.STATES), False, "its cue holds no word"),
        (Attribution(Span(0, 4), Stance.STATES, Span(6, 11)), True, "its speaker does not begin and end at word edges"),
        (Attribution(Span(0, 4), Stance.STATES, Span(4, 5)), True, "its speaker holds no word"),
        (Attribution(Span(0, 4), Stance.STATES, None, Span(4, 5)), True, "its content holds no word"),
        (attribution((0, 0), (0, 1)), True, "its speaker overlaps its cue"),
        (attribution((6, 6), None, (5, 8)), True, "its content overlaps its cue"),
        (attribution((0, 0), (1, 2)), True, "its speaker begins or ends with a punctuation mark"),
        (attribution((0, 0), None, (4, 8)), True, "its content begins or ends with a punctuation mark"),
        (attribution((0, 0), (8, 9)), True, "its speaker begins or ends with a punctuation mark"),
    ],
)
def test_what_cannot_come_back_is_counted_with_its_reason(own: Attribution, kept: bool, reason: str) -> None:
    made = targets(own)
    assert reasons(made) == [reason]
    assert len(made.cues) == kept
    assert made.unreachable[0].attribution == own


def test_quotation_marks_may_be_edges_of_what_they_close() -> None:
    assert targets(attribution((0, 0), (6, 8))).unreachable == []


def test_a_span_off_the_word_edges_is_widened_to_whole_words() -> None:
    (own,) = targets(Attribution(Span(1, 3), Stance.STATES, Span(6, 15))).cues
    assert (own.cue, own.speaker) == ((0, 0), (1, 3))


def test_out_of_reach_contents_are_cut_and_speakers_lost() -> None:
    made = targets(attribution((5, 5), (1, 1), (7, 12)), before=3, after=4)
    assert made.cues[0].speaker is None
    assert made.cues[0].content == (7, 9)
    reason = "lies beyond the second reading's reach"
    assert reasons(made) == [f"its speaker {reason}", f"its content {reason}"]
    assert targets(attribution((5, 5), (2 - 1, 1), (7, 9)), before=4, after=4).unreachable == []


def test_a_content_wholly_out_of_reach_is_lost() -> None:
    made = targets(attribution((0, 0), None, (11, 12)), before=3, after=4)
    assert made.cues[0].content is None
    assert len(made.unreachable) == 1


@pytest.mark.parametrize(("part", "longest"), [("speaker", 40), ("content", 160)])
def test_parts_too_long_to_be_decoded_are_counted(part: str, longest: int) -> None:
    text = "قال " + "كلمة " * (longest + 1)
    words = split_words(text)

    def made(length: int) -> Targets:
        span = WordIndex(words).span_of(1, length)
        return targets(Attribution(Span(0, 3), Stance.STATES, **{part: span}), text=text, after=500)

    assert made(longest).unreachable == []
    assert reasons(made(longest + 1)) == [f"its {part} has more than {longest} words"]


def test_an_article_without_attributions_or_words() -> None:
    assert targets().tags.tolist() == [0] * 13
    empty = targets(text="")
    assert (empty.tags.tolist(), empty.cues, empty.unreachable) == ([], [], [])
