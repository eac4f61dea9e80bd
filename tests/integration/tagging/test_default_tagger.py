"""The tagger that ships: its size, its scores as the card states them, and real-looking text it must get right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stance.formats import read_articles
from stance.metrics import Level, compare_all, score
from stance.schema import Stance
from stance.tagger import DEFAULT_TAGGER, Tagger

ROOT = Path(__file__).resolve().parents[3]
CARD = ROOT / "model_cards" / "default"


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.from_pretrained(threads=1)


@pytest.fixture(scope="module")
def figures() -> dict:
    loaded: dict = json.loads(CARD.with_suffix(".json").read_text(encoding="utf-8"))
    return loaded


def test_it_is_small() -> None:
    assert sum(file.stat().st_size for file in DEFAULT_TAGGER.iterdir()) <= 32_000_000


def test_the_card_is_of_this_very_tagger(tagger: Tagger, figures: dict) -> None:
    assert figures["shipped"]["version"] == tagger.version


@pytest.mark.slow
def test_the_card_says_what_a_new_run_measures(tagger: Tagger, figures: dict) -> None:
    gold, _ = read_articles(ROOT / "annotation" / "corpus" / "held_out.json")
    tagged = {article.id: article for article in tagger.tag_many(gold)}
    scores = score(compare_all(gold, tagged), resamples=0)
    for level in Level:
        stated = figures["shipped"]["held_out"]["levels"][level]["f1"]
        # Another processor may round an int8 product differently and turn a handful of decisions.
        assert scores.levels[level].f1 == pytest.approx(stated, abs=0.01), level


def test_int8_costs_next_to_nothing(figures: dict) -> None:
    for level, change in figures["shipped"]["f1_change_from_fp32"].items():
        assert change >= -0.01, level


def test_it_clearly_beats_the_baseline(figures: dict) -> None:
    for part in ("held_out", "real"):
        own = figures["shipped"]["held_out"] if part == "held_out" else figures["real"]
        for level in (Level.CUE, Level.WHO_STANCE, Level.FULL):
            assert own["levels"][level]["low"] > figures["baseline"][part]["levels"][level]["high"], (part, level)


CASES = [
    ("نفت وزارة النقل أن يكون البيع قد تقرر.", "نفت", Stance.DENIES, "وزارة النقل", "أن يكون البيع قد تقرر"),
    ("وزير الري: لن نسمح ببناء السد", ":", Stance.REJECTS, "وزير الري", "لن نسمح ببناء السد"),
    (
        "اقترح النائب سامي الحلبي تشكيل لجنة مستقلة.",
        "اقترح",
        Stance.PROPOSES,
        "النائب سامي الحلبي",
        "تشكيل لجنة مستقلة",
    ),
    (
        "و أكد المدير العام ان العمل مستمر حتى المساء .",
        "أكد",
        Stance.CONFIRMS,
        "المدير العام",
        "ان العمل مستمر حتى المساء",
    ),
    ("وقالت الناشطة هدى العمري إن الأهالي عادوا إلى بيوتهم.", "وقالت", Stance.STATES, "الناشطة هدى العمري", None),
]


@pytest.mark.parametrize(("text", "cue", "stance", "speaker", "content"), CASES)
def test_plain_cases(tagger: Tagger, text: str, cue: str, stance: Stance, speaker: str, content: str | None) -> None:
    found = [own for own in tagger.tag(text).attributions if cue in own.cue.text_of(text)]
    assert found, "the cue was not found"
    assert found[0].stance == stance
    assert found[0].speaker is not None and found[0].speaker.text_of(text) == speaker
    if content is not None:
        assert found[0].content is not None and found[0].content.text_of(text) == content


@pytest.mark.parametrize(
    "text",
    [
        "لم ينف الوزير الخبر.",
        "شارك الخبر\n0 تعليق\nتابعونا على فيسبوك",
        "هطلت أمطار غزيرة على الساحل وتوقفت الدراسة يومين.",
    ],
)
def test_nothing_where_nothing_is_said(tagger: Tagger, text: str) -> None:
    assert tagger.tag(text).attributions == ()


def test_a_dropped_subject_gets_the_last_one_named(tagger: Tagger) -> None:
    text = "قال رئيس البلدية وليد الصافي إن الطريق سيفتح غدا. وأضاف أن الكلفة بلغت مليوني دينار."
    last = tagger.tag(text).attributions[-1]
    assert last.cue.text_of(text) == "وأضاف"
    assert last.speaker is not None and "وليد الصافي" in last.speaker.text_of(text)
