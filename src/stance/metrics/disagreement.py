"""What two annotators of one article have to settle between them."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from stance.metrics.matching import ScoredText, pair_by_cue
from stance.schema import Article, Attribution, Span

__all__ = ["Comparison", "Difference", "Disagreement", "Version", "compare_versions"]


class Difference(enum.StrEnum):
    """In what two annotators differ over an attribution; by the scheme's rules of what counts as right."""

    CUE = "cue"
    """Only one of them marked it."""
    STANCE = "stance"
    SPEAKER = "speaker"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Version:
    """An article as one annotator marked it.

    Args:
        annotator: who.
        article: the article with the annotator's attributions.
        when: ISO date and time of the annotation, where it is known.
    """

    annotator: str
    article: Article
    when: str = ""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An attribution to adjudicate: how the two differ, and both versions; None where one has it not."""

    differences: tuple[Difference, ...]
    one: Attribution | None
    other: Attribution | None

    def cue(self) -> Span:
        """Return the cue, the first annotator's where both have one."""
        return next(side.cue for side in (self.one, self.other) if side is not None)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One article, twice annotated."""

    one: Version
    other: Version
    disagreements: tuple[Disagreement, ...]

    @property
    def when(self) -> str:
        """When the later of the two was made."""
        return max(self.one.when, self.other.when)


def compare_versions(one: Version, other: Version) -> Comparison:
    """Find what two annotators of one text have to settle.

    Args:
        one: the first annotator's version.
        other: the second's, of the same text.

    Returns:
        The comparison; what either marked as optional is no disagreement.
    """
    text = ScoredText(one.article.text)
    left, right = one.article.attributions, other.article.attributions
    pairs = pair_by_cue(left, right)
    found = [Disagreement((Difference.CUE,), own, None) for i, own in enumerate(left) if i not in pairs]
    taken = set(pairs.values())
    found += [Disagreement((Difference.CUE,), None, own) for j, own in enumerate(right) if j not in taken]
    for i, j in pairs.items():
        differences = _differences(text, left[i], right[j])
        if differences:
            found.append(Disagreement(differences, left[i], right[j]))
    kept = [own for own in found if not any(side and side.optional for side in (own.one, own.other))]
    return Comparison(one, other, tuple(sorted(kept, key=Disagreement.cue)))


def _differences(text: ScoredText, one: Attribution, other: Attribution) -> tuple[Difference, ...]:
    differs = {
        Difference.STANCE: not (one.accepts(other.stance) or other.accepts(one.stance)),
        Difference.SPEAKER: not text.same_speaker(one.speaker, other.speaker),
        Difference.CONTENT: not text.same_content(one.content, other.content),
    }
    return tuple(difference for difference, holds in differs.items() if holds)
