"""Every level of the scheme on one article that was counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stance.errors import FormatError
from stance.metrics import Counts, Level, Tally, compare, compare_all, score
from stance.schema import Article, Attribution, Span, Stance

TEXT = "قال الوزير سالم الهادي إن الماء نظيف. وأضاف أن الهواء نقي. ورفض المجلس الخطة"


def span(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


def one(cue: str, stance: Stance, speaker: str, content: str) -> Attribution:
    return Attribution(span(cue), stance, span(speaker), span(content))


SAID = one("قال", Stance.STATES, "الوزير سالم الهادي", "إن الماء نظيف")
ADDED = one("وأضاف", Stance.STATES, "الوزير سالم الهادي", "أن الهواء نقي")  # the speaker is a sentence away
REFUSED = one("ورفض", Stance.REJECTS, "المجلس", "الخطة")
GOLD = Article("n1", TEXT, (SAID, ADDED, REFUSED))
GUESSES = (
    one("قال", Stance.CONFIRMS, "الهادي", "الماء نظيف"),  # only the stance is wrong
    one("وأضاف أن", Stance.STATES, "المجلس", "أن الهواء"),  # the cue is a word longer, the speaker is wrong
    one("الخطة", Stance.PROPOSES, "المجلس", "الخطة"),  # spurious; `ورفض` is missed
)


def test_every_level() -> None:
    assert compare(GOLD, GUESSES).levels == {
        Level.CUE: Counts(2, 3, 3),
        Level.CUE_STRICT: Counts(1, 3, 3),
        Level.CUE_STANCE: Counts(1, 3, 3),
        Level.WHO: Counts(1, 3, 3),
        Level.WHO_STANCE: Counts(0, 3, 3),
        Level.CONTENT: Counts(2, 3, 3),
        Level.FULL: Counts(0, 3, 3),
        Level.STANCE4: Counts(0, 2, 1),
        Level.SPEAKER_FAR: Counts(0, 1, 1),
    }


def test_every_stance() -> None:
    assert compare(GOLD, GUESSES).stances == {
        Stance.PROPOSES: Counts(0, 1, 0),
        Stance.REJECTS: Counts(0, 0, 1),
        Stance.DENIES: Counts(),
        Stance.CONFIRMS: Counts(0, 1, 0),
        Stance.STATES: Counts(1, 1, 2),
    }


def test_an_accepted_other_stance_is_right_and_counts_as_the_one_that_was_meant() -> None:
    gold = GOLD.with_attributions((replace(SAID, alt=(Stance.CONFIRMS,)), ADDED, REFUSED))
    levels = compare(gold, GUESSES).levels
    assert levels[Level.CUE_STANCE] == Counts(2, 3, 3)
    assert levels[Level.WHO_STANCE] == Counts(1, 3, 3)
    assert levels[Level.FULL] == Counts(1, 3, 3)
    assert levels[Level.STANCE4] == Counts(1, 2, 2)


def test_an_accepted_other_stance_that_was_not_predicted_changes_nothing() -> None:
    gold = GOLD.with_attributions((replace(SAID, alt=(Stance.DENIES,)), ADDED, REFUSED))
    assert compare(gold, GUESSES) == compare(GOLD, GUESSES)


def test_optional_attributions_count_neither_way() -> None:
    gold = GOLD.with_attributions((replace(SAID, optional=True), ADDED, REFUSED))
    found = compare(gold, GUESSES)
    assert found.levels[Level.CUE] == Counts(1, 2, 2)
    assert found.levels[Level.STANCE4] == Counts(0, 1, 1)
    assert found.stances[Stance.CONFIRMS] == Counts()
    assert compare(gold, GUESSES[1:]) == found, "whether it was predicted or not"


def test_optional_on_a_prediction_is_not_looked_at() -> None:
    guesses = tuple(replace(guess, optional=True) for guess in GUESSES)
    assert compare(GOLD, guesses) == compare(GOLD, GUESSES)


def test_four_stances_leave_states_out() -> None:
    guess = replace(REFUSED, stance=Stance.STATES)
    assert compare(GOLD, [guess]).levels[Level.STANCE4] == Counts(0, 0, 1)
    assert compare(GOLD, [REFUSED]).levels[Level.STANCE4] == Counts(1, 1, 1)


@pytest.mark.parametrize("stop", [".", "!", "؟", "?", "\n"])
def test_a_far_speaker_has_a_sentence_end_between_it_and_its_cue(stop: str) -> None:
    text = f"سالم بخير{stop} وقال إن"
    own = Attribution(Span(text.index("وقال"), text.index("وقال") + 4), Stance.STATES, Span(0, 4))
    assert compare(Article("n1", text, (own,)), [own]).levels[Level.SPEAKER_FAR] == Counts(1, 1, 1)
    near = replace(own, speaker=Span(text.index("إن"), len(text)))
    assert compare(Article("n1", text, (near,)), [near]).levels[Level.SPEAKER_FAR] == Counts()


def test_precision_recall_and_f1() -> None:
    counts = Counts(right=3, predicted=4, gold=6)
    assert (counts.precision, counts.recall, counts.f1) == (0.75, 0.5, pytest.approx(0.6))
    assert (Counts().precision, Counts().recall, Counts().f1) == (0, 0, 0)


def test_an_article_without_predictions_counts_as_predicting_nothing() -> None:
    other = replace(GOLD, id="n2")
    found = sum(compare_all([GOLD, other], {"n1": GOLD}), Tally())
    assert found.levels[Level.FULL] == Counts(3, 3, 6)
    assert found.articles == 2


def test_scores_are_micro_averages_and_name_their_choices() -> None:
    found = score([compare(GOLD, GUESSES), compare(GOLD, GOLD.attributions)], resamples=50)
    assert found.levels[Level.CUE].f1 == pytest.approx(5 / 6)
    assert found.flat()["who+stance_f1"] == pytest.approx(0.5)
    assert found.flat()["speaker_far_recall"] == pytest.approx(0.5)
    assert "bootstrap:50@7" in found.signature and "articles:2" in found.signature


def test_the_bootstrap_spans_what_the_articles_span() -> None:
    # Two articles, one with F1 0 and one with 1: a resample holds either alone with a chance of a quarter each.
    found = score([compare(GOLD, ()), compare(GOLD, GOLD.attributions)], resamples=400)
    assert (found.levels[Level.FULL].interval.low, found.levels[Level.FULL].interval.high) == (0.0, 1.0)
    certain = score([compare(GOLD, GOLD.attributions)] * 5, resamples=20).levels[Level.FULL].interval
    assert (certain.low, certain.high) == (1.0, 1.0)


def test_the_bootstrap_adds_up_the_articles_that_it_draws() -> None:
    tallies = [compare(GOLD, GUESSES), compare(GOLD, ()), compare(GOLD, GOLD.attributions), compare(GOLD, GUESSES[1:])]
    found = score(tallies, resamples=40, seed=3).levels[Level.CUE].interval
    rows = sorted([tally.levels[Level.CUE] for tally in tallies], key=lambda own: (own.right, own.predicted, own.gold))
    picks = np.random.default_rng(3).integers(0, 4, (40, 4))
    f1 = [sum((rows[i] for i in own), Counts()).f1 for own in picks.tolist()]
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(f1, [0.025, 0.975])), abs=1e-12)


def test_no_articles_score_nothing() -> None:
    found = score([], resamples=10)
    assert (found.articles, found.levels[Level.FULL].f1) == (0, 0.0)


def test_a_prediction_on_another_text_is_refused() -> None:
    with pytest.raises(FormatError, match="article n1: predicted on another text than the gold one"):
        compare_all([GOLD], {"n1": Article("n1", "\r\n" + TEXT)})
