"""What holds of scores whatever is annotated."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from stance.metrics import Counts, Level, Tally, compare, pair_by_cue, score
from stance.metrics.disagreement import Version, compare_versions
from stance.schema import Article, Attribution, Span, Stance

WORDS = ("قال", "الوزير", "سالم", "إن", "الماء", "نظيف.", "«ورفض»", "المجلس،", "الخطة", "كلها\n")


@st.composite
def texts(draw: st.DrawFn) -> str:
    return " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=3, max_size=15)))


def spans_of(text: str) -> st.SearchStrategy[Span]:
    offsets = st.integers(0, len(text))
    return st.tuples(offsets, offsets).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: Span(*sorted(pair)))


def attributions_of(text: str, *, plain: bool = False) -> st.SearchStrategy[Attribution]:
    spans, stances = spans_of(text), st.sampled_from(Stance)
    return st.builds(
        Attribution,
        cue=spans,
        stance=stances,
        speaker=st.none() | spans,
        content=st.none() | spans,
        alt=st.just(()) if plain else st.lists(stances, max_size=1).map(tuple),
        optional=st.just(False) if plain else st.booleans(),
    )


@st.composite
def annotated(draw: st.DrawFn, *, plain: bool = False) -> tuple[Article, tuple[Attribution, ...]]:
    """An article with gold attributions, and predicted ones."""
    text = draw(texts())
    some = st.lists(attributions_of(text, plain=plain), max_size=5).map(tuple)
    return Article("n", text, draw(some)), draw(some)


def moved(own: Attribution, by: int) -> Attribution:
    def shift(span: Span | None) -> Span | None:
        return None if span is None else Span(span.start + by, span.end + by)

    return replace(
        own, cue=Span(own.cue.start + by, own.cue.end + by), speaker=shift(own.speaker), content=shift(own.content)
    )


@given(annotated(), annotated())
def test_tallies_of_two_articles_add_up_to_that_of_their_join(
    one: tuple[Article, tuple[Attribution, ...]], other: tuple[Article, tuple[Attribution, ...]]
) -> None:
    (left, guesses), (right, more_guesses) = one, other
    offset = len(left.text) + 1
    joint = Article(
        "joint",
        f"{left.text}\n{right.text}",
        (*left.attributions, *(moved(own, offset) for own in right.attributions)),
    )
    both = compare(left, guesses) + compare(right, more_guesses)
    found = compare(joint, (*guesses, *(moved(own, offset) for own in more_guesses)))
    assert (found.levels, found.stances) == (both.levels, both.stances)


@given(st.lists(annotated(), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_scores_and_intervals_do_not_depend_on_the_order_of_articles(
    corpus: list[tuple[Article, tuple[Attribution, ...]]], rng: random.Random
) -> None:
    tallies = [compare(article, guesses) for article, guesses in corpus]
    shuffled = rng.sample(tallies, len(tallies))
    assert score(tallies, resamples=20) == score(shuffled, resamples=20)


@given(annotated())
def test_a_perfect_prediction_scores_one(case: tuple[Article, tuple[Attribution, ...]]) -> None:
    # Equal cues may be paired crosswise, and a speaker without a word equals nothing.
    gold = case[0]
    cues = {own.cue: own for own in gold.attributions}
    kept = [own for own in cues.values() if not own.optional and _has_words(gold.text, own)]
    gold = gold.with_attributions(tuple(kept))
    levels = compare(gold, gold.attributions).levels
    for level in set(Level) - {Level.STANCE4, Level.SPEAKER_FAR}:
        assert levels[level] == Counts(len(kept), len(kept), len(kept))
    for level in (Level.STANCE4, Level.SPEAKER_FAR):
        assert levels[level].right == levels[level].predicted == levels[level].gold


def _has_words(text: str, own: Attribution) -> bool:
    return all(any(character.isalpha() for character in span.text_of(text)) for _, span in own.spans())


@given(annotated())
def test_counts_are_within_bounds_and_stricter_levels_are_no_easier(
    case: tuple[Article, tuple[Attribution, ...]],
) -> None:
    levels = compare(*case).levels
    for counts in levels.values():
        assert 0 <= counts.right <= counts.gold and 0 <= counts.precision <= 1 and 0 <= counts.f1 <= 1
    chain = (Level.CUE, Level.WHO, Level.WHO_STANCE, Level.FULL)
    rights = [levels[level].right for level in chain]
    assert rights == sorted(rights, reverse=True)
    assert levels[Level.CUE_STANCE].right <= levels[Level.CUE].right >= levels[Level.CUE_STRICT].right


@given(annotated(plain=True))
def test_gold_and_prediction_change_places(case: tuple[Article, tuple[Attribution, ...]]) -> None:
    article, guesses = case
    forth = compare(article, guesses).levels
    back = compare(article.with_attributions(guesses), article.attributions).levels
    assert (forth[Level.CUE].predicted, forth[Level.CUE].gold) == (back[Level.CUE].gold, back[Level.CUE].predicted)


@given(annotated())
def test_pairs_are_one_to_one_and_overlap(case: tuple[Article, tuple[Attribution, ...]]) -> None:
    article, guesses = case
    pairs = pair_by_cue(article.attributions, guesses)
    assert len(set(pairs.values())) == len(pairs)
    assert all(article.attributions[i].cue.overlap(guesses[j].cue) for i, j in pairs.items())
    free = [own for i, own in enumerate(article.attributions) if i not in pairs]
    left = [own for j, own in enumerate(guesses) if j not in pairs.values()]
    assert not any(own.cue.overlap(other.cue) for own in free for other in left), "none is left that could be paired"


@given(annotated())
def test_the_empty_tally_adds_nothing(case: tuple[Article, tuple[Attribution, ...]]) -> None:
    found = compare(*case)
    assert found + Tally() == Tally() + found == found


@given(annotated())
def test_annotators_who_agree_have_nothing_to_settle(case: tuple[Article, tuple[Attribution, ...]]) -> None:
    article = case[0]
    kept = {own.cue: own for own in article.attributions if _has_words(article.text, own)}
    same = article.with_attributions(tuple(kept.values()))
    assert compare_versions(Version("A", same), Version("B", same)).disagreements == ()
