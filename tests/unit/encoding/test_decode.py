"""Scores → cues, parts and attributions, worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stance.encoding import (
    STANCES,
    Calibration,
    CueReading,
    DecodeSettings,
    decode_cues,
    decode_role,
    encode_article,
    to_attributions,
    with_their_verbs,
)
from stance.encoding.decode import log_softmax
from stance.schema import Article, Span, Stance
from stance.text import split_words
from toy import toy_pieces

O, B, I = [9.0, 0, 0], [0.0, 9, 0], [0.0, 0, 9]  # noqa: E741 - the tags' own names


def cues(*rows: list[float], threshold: float = 0.5) -> list[tuple[int, int]]:
    return [cue for cue, _ in decode_cues(np.array(rows, np.float32).reshape(-1, 3), threshold=threshold)]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([], []),
        ([O, O], []),
        ([O, B, I, O, B], [(1, 2), (4, 4)]),
        ([B, B, I, B], [(0, 0), (1, 2), (3, 3)]),
        ([I, I, O, I], [(0, 1), (3, 3)]),
        ([B, I], [(0, 1)]),
    ],
)
def test_cues_from_tags(rows: list[list[float]], found: list[tuple[int, int]]) -> None:
    assert cues(*rows) == found


def test_the_threshold_is_on_belonging_to_a_cue_at_all() -> None:
    row = [math.log(0.45), math.log(0.30), math.log(0.25)]
    assert cues(row) == [(0, 0)], "together B and I outweigh O"
    assert cues(row, threshold=0.6) == []


def test_a_cue_is_as_sure_as_its_least_sure_word() -> None:
    rows = [[math.log(0.1), math.log(0.9), -99.0], [math.log(0.3), -99.0, math.log(0.7)]]
    ((_, sure),) = decode_cues(np.array(rows, np.float32), threshold=0.5)
    assert sure == pytest.approx(math.log(0.7), abs=1e-5)


WORDS = split_words("قال الوزير ، أن « الاتفاق » قائم .")


def role(start: int | None, end: int | None, *, cue: tuple[int, int] = (0, 0), **more: float) -> object:
    """Decode from scores that want this start and end (None: "none")."""
    scores = np.zeros((2, len(WORDS) + 1), np.float32)
    scores[0, 0 if start is None else start + 1] = scores[1, 0 if end is None else end + 1] = 8.0
    arguments = {"words": WORDS, "offset": 0, "cue": cue, "longest": 40, **more}
    return decode_role(scores[0], scores[1], **arguments)[0]  # type: ignore[arg-type]


def test_the_best_start_and_end_make_the_part() -> None:
    assert role(3, 7) == (3, 7)
    assert role(4, 6) == (4, 6), "quotation marks may be edges"
    assert role(None, None) is None


@pytest.mark.parametrize(("start", "end"), [(7, 3), (2, 5), (3, 8), (0, 5)])
def test_no_part_runs_backwards_or_has_a_mark_at_its_edge_or_covers_the_cue(start: int, end: int) -> None:
    assert role(start, end) != (start, end)


def test_a_part_stands_wholly_before_or_behind_its_cue() -> None:
    assert role(0, 1, cue=(3, 3)) == (0, 1)
    assert role(5, 7, cue=(3, 3)) == (5, 7)
    found = role(1, 5, cue=(3, 3))
    assert found is None or not (found[0] <= 3 <= found[1])  # type: ignore[index]


def test_longest_bounds_the_part() -> None:
    assert role(3, 7, longest=5) == (3, 7)
    assert role(3, 7, longest=4) != (3, 7)


def test_a_context_within_the_article_is_counted_from_its_offset() -> None:
    scores = np.zeros((2, 5), np.float32)
    scores[:, 1] = 8.0
    found, sure = decode_role(scores[0], scores[1], words=WORDS, offset=5, cue=(7, 7), longest=40)
    assert found == (5, 5)
    assert sure == pytest.approx(float(log_softmax(scores[0])[1]))


def test_a_cue_that_fills_its_whole_context_has_no_parts() -> None:
    scores = np.array([0.0, 9.0], np.float32)
    assert decode_role(scores, scores, words=WORDS, offset=0, cue=(0, 0), longest=40)[0] is None


def test_attributions_with_their_confidence() -> None:
    text = "😀 نفى الوزير وجود خلاف"
    encoded = encode_article(Article("n1", text), pieces=toy_pieces(), capacity=64, overlap=8)
    logits = np.log(np.array([0.1, 0.1, 0.5, 0.2, 0.1], np.float32))
    reading = CueReading((1, 1), math.log(0.8), (2, 2), math.log(0.5), (3, 4), math.log(0.5), logits)
    settings = DecodeSettings(calibration=Calibration(slope=2.0, intercept=1.0))
    (own,) = to_attributions(encoded, [reading], settings=settings)
    assert (own.cue, own.speaker, own.content) == (Span(2, 5), Span(6, 12), Span(13, 22))
    assert own.stance is STANCES[2] is Stance.DENIES
    log_probability = math.log(0.8 * 0.5 * 0.5 * 0.5)
    assert own.score == round(1 / (1 + math.exp(-(2 * log_probability + 1))), 4)


def test_confidence_grows_with_probability_and_stays_between_0_and_1() -> None:
    calibration = Calibration(slope=0.7, intercept=1.2)
    scores = [calibration(value) for value in (-1e4, -300.0, -20.0, -2.0, -0.1, 0.0)]
    assert scores == sorted(scores)
    assert 0.0 <= scores[0] < scores[-1] <= 1.0


def test_words_beside_a_sure_one_need_half_the_threshold() -> None:
    def logits(*chances: float) -> np.ndarray:
        return np.log(np.array([[1 - chance, chance * 0.4, chance * 0.6] for chance in chances], np.float32))

    def found(*chances: float) -> list[tuple[int, int]]:
        return [cue for cue, _ in decode_cues(logits(*chances), threshold=0.8)]

    assert found(0.9, 0.5, 0.1) == [(0, 1)]
    assert found(0.5, 0.9, 0.3, 0.9) == [(0, 1), (3, 3)]
    assert found(0.7, 0.7) == [], "none of them is sure"


def test_a_conjunction_split_from_its_verb_is_joined_with_it() -> None:
    words = split_words("وقال إن و أكد")
    assert with_their_verbs([((0, 0), -0.1), ((2, 2), -0.2), ((3, 3), -0.3)], words=words) == [
        ((0, 0), -0.1),
        ((2, 3), -0.2),
    ]
    assert with_their_verbs([((2, 3), -0.2)], words=words) == [((2, 3), -0.2)]
    assert with_their_verbs([((0, 0), -0.1)], words=split_words("و")) == [((0, 0), -0.1)]
