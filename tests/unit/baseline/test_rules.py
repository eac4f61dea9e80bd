"""The baseline's rules on sentences of our own."""

from __future__ import annotations

import pytest

from stance.baseline import tag_with_rules
from stance.baseline.lexicon import ACCORDING, CUES
from stance.schema import Article, Stance
from stance.text import fold_word

Row = tuple[str, str, str | None, str | None]


def tagged(text: str) -> list[Row]:
    rows = []
    for own in tag_with_rules(Article("n1", text)).attributions:
        parts = [span and span.text_of(text) for span in (own.speaker, own.content)]
        rows.append((str(own.stance), own.cue.text_of(text), *parts))
    return rows  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("نفى الوزير أن يكون الخلاف قائما.", [("denies", "نفى", "الوزير", "أن يكون الخلاف قائما")]),
        ("ونَفَى الوزيرُ أنّ الخلاف قائم", [("denies", "ونَفَى", "الوزيرُ", "أنّ الخلاف قائم")]),
        ("وأكدت الشركة أن العمل مستمر", [("confirms", "وأكدت", "الشركة", "أن العمل مستمر")]),
        ("قال المتحدث: «لن نقبل»", [("states", "قال", "المتحدث", "لن نقبل")]),
        ("العمل مستمر، بحسب الشركة.", [("states", "بحسب", "الشركة", "العمل مستمر")]),
        ("العمل مستمر، وفق الشركة.", [("states", "وفق", "الشركة", "العمل مستمر")]),
        ("العمل مستمر ووفقا للبيان", [("states", "ووفقا", "للبيان", "العمل مستمر")]),
        ("لم ينف الوزير شيئا ولا يؤكد خبرا", []),
        ("😀 الطقس جميل", []),
        ("", []),
    ],
)
def test_what_the_rules_find(text: str, rows: list[Row]) -> None:
    assert tagged(text) == rows


def test_a_cue_without_a_speaker_takes_the_last_one_named() -> None:
    rows = tagged("نفى الوزير أن الخلاف قائم.\nوأضاف أن العمل مستمر.")
    assert [row[2] for row in rows] == ["الوزير", "الوزير"]


def test_what_was_there_before_is_replaced_and_the_rest_kept() -> None:
    article = tag_with_rules(Article("n1", "نفى الوزير", meta={"outlet": "وكالة"}))
    assert (article.id, article.meta, len(article.attributions)) == ("n1", {"outlet": "وكالة"}, 1)
    assert tag_with_rules(article) == article


@pytest.mark.parametrize(
    ("form", "stance"),
    [
        ("نفت", Stance.DENIES),
        ("ينفي", Stance.DENIES),
        ("رفضوا", Stance.REJECTS),
        ("أكدتا", Stance.CONFIRMS),
        ("دعت", Stance.PROPOSES),
        ("مستدركا", Stance.STATES),
        ("مشيرة", Stance.STATES),
        ("مستبعدين", Stance.DENIES),
    ],
)
def test_forms_of_the_lexicon(form: str, stance: Stance) -> None:
    assert CUES[fold_word(form)] is stance


def test_the_lexicon_knows_every_stance_in_folded_forms() -> None:
    assert set(CUES.values()) == set(Stance)
    assert all(fold_word(form) == form for form in [*CUES, *ACCORDING])
