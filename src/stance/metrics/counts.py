"""Additive counts: what is right, predicted and gold, a level and a stance."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from stance.errors import FormatError
from stance.metrics.matching import ScoredText, pair_by_cue
from stance.schema import FOUR_STANCES, Article, Attribution, Stance

__all__ = ["Counts", "Level", "Tally", "compare", "compare_all"]


class Level(enum.StrEnum):
    """What must agree for an attribution to be right."""

    CUE = "cue"
    CUE_STRICT = "cue_strict"
    CUE_STANCE = "cue+stance"
    WHO = "who"
    WHO_STANCE = "who+stance"
    CONTENT = "content"
    FULL = "full"
    STANCE4 = "stance4"
    SPEAKER_FAR = "speaker_far"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many are right, predicted and gold; counts add."""

    right: int = 0
    predicted: int = 0
    gold: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.predicted + other.predicted, self.gold + other.gold)

    @property
    def precision(self) -> float:
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of some articles.

    Args:
        levels: counts a level.
        stances: counts of cue and stance, a gold stance.
        articles: how many articles were counted.
    """

    levels: Mapping[Level, Counts] = field(default_factory=lambda: dict.fromkeys(Level, Counts()))
    stances: Mapping[Stance, Counts] = field(default_factory=lambda: dict.fromkeys(Stance, Counts()))
    articles: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            {level: self.levels[level] + other.levels[level] for level in Level},
            {stance: self.stances[stance] + other.stances[stance] for stance in Stance},
            self.articles + other.articles,
        )


def compare_all(gold: Iterable[Article], predicted: Mapping[str, Article]) -> list[Tally]:
    """Compare a corpus.

    Args:
        gold: gold articles.
        predicted: predicted articles by id; one that is missing counts as predicting nothing.

    Returns:
        One tally an article, in the order of `gold`.

    Raises:
        FormatError: if an article was predicted on another text, whose offsets mean nothing in the gold one.
    """
    tallies = []
    for article in gold:
        found = predicted.get(article.id, article.with_attributions(()))
        if found.text != article.text:
            raise FormatError(f"article {article.id}: predicted on another text than the gold one; tag that text")
        tallies.append(compare(article, found.attributions))
    return tallies


def compare(gold: Article, predicted: Iterable[Attribution]) -> Tally:
    """Compare predicted attributions with an article's gold ones.

    Args:
        gold: the gold article.
        predicted: attributions in the offsets of its text.

    Returns:
        The counts. Optional gold attributions, and predictions paired with them, count neither way.
    """
    text, guesses = ScoredText(gold.text), list(predicted)
    pairs = pair_by_cue(gold.attributions, guesses)
    unscored = {j for i, j in pairs.items() if gold.attributions[i].optional}
    scored = [guess for j, guess in enumerate(guesses) if j not in unscored]
    levels = dict.fromkeys(Level, Counts())
    stances = dict.fromkeys(Stance, Counts())
    wanted = [(i, own) for i, own in enumerate(gold.attributions) if not own.optional]
    for i, own in wanted:
        guess = guesses[pairs[i]] if i in pairs else None
        right = _right_levels(text, own, guess)
        for level in right:
            if level not in (Level.STANCE4, Level.SPEAKER_FAR):
                levels[level] += Counts(right=1)
        named = guess.stance if guess is not None and guess.stance in own.alt else own.stance
        if named in FOUR_STANCES:
            levels[Level.STANCE4] += Counts(right=Level.WHO_STANCE in right, gold=1)
        if _speaker_is_far(gold.text, own):
            found = Counts(right=Level.WHO in right, predicted=guess is not None, gold=1)
            levels[Level.SPEAKER_FAR] += found
        stances[own.stance] += Counts(right=Level.CUE_STANCE in right, gold=1)
    for guess in scored:
        stances[guess.stance] += Counts(predicted=1)
        if guess.stance in FOUR_STANCES:
            levels[Level.STANCE4] += Counts(predicted=1)
    for level in Level:
        if level not in (Level.STANCE4, Level.SPEAKER_FAR):
            levels[level] += Counts(predicted=len(scored), gold=len(wanted))
    return Tally(levels, stances, 1)


def _right_levels(text: ScoredText, own: Attribution, guess: Attribution | None) -> set[Level]:
    """Return the levels at which a guess, paired by its cue, is right."""
    if guess is None:
        return set()
    stance = own.accepts(guess.stance)
    who = text.same_speaker(own.speaker, guess.speaker)
    content = text.same_content(own.content, guess.content)
    right = {
        Level.CUE: True,
        Level.CUE_STRICT: own.cue == guess.cue,
        Level.CUE_STANCE: stance,
        Level.WHO: who,
        Level.WHO_STANCE: who and stance,
        Level.CONTENT: content,
        Level.FULL: who and stance and content,
    }
    return {level for level, holds in right.items() if holds}


_SENTENCE_BREAK = re.compile("[.!؟?\n]")


def _speaker_is_far(text: str, own: Attribution) -> bool:
    """Whether a sentence ends between the speaker and the cue."""
    if own.speaker is None:
        return False
    between = text[min(own.speaker.end, own.cue.end) : max(own.speaker.start, own.cue.start)]
    return _SENTENCE_BREAK.search(between) is not None
