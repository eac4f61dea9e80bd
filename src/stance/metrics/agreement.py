"""How far the annotators of the same articles agree."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from stance.errors import FormatError, MissingExtraError
from stance.metrics.counts import Counts, Level, compare
from stance.metrics.disagreement import Comparison, Version, compare_versions
from stance.metrics.matching import pair_by_cue
from stance.schema import Article, Attribution, Part, Span, Stance
from stance.text import WordIndex, split_words

__all__ = [
    "STANCE_LABELS",
    "AgreementReport",
    "Figures",
    "PairAgreement",
    "SpanCounts",
    "Version",
    "agreement",
]

STANCE_LABELS = "stance"
"""The alpha of words labelled with the stance of the cue that they belong to, beside one alpha a part."""

_ARTICLES_A_PERIOD = 20
_MONTH = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True, slots=True)
class SpanCounts:
    """How many spans of a part agree: equal ones, and those that share at least half of their words."""

    exact: Counts = field(default_factory=Counts)
    overlap: Counts = field(default_factory=Counts)

    def __add__(self, other: SpanCounts) -> SpanCounts:
        return SpanCounts(self.exact + other.exact, self.overlap + other.overlap)


@dataclass(frozen=True, slots=True)
class Figures:
    """How far two annotators agree over some articles.

    Args:
        articles: how many both annotated.
        spans: counts a part; neither annotator is gold, precision and recall are of the second against the first.
        alpha: Krippendorff's alpha on words, a part and for the cues' stances; None where nothing varies.
        kappa: Cohen's kappa of the stances of matched cues; None where nothing varies.
        stances: how often they gave which two stances to a matched cue.
        who_stance: counts of `who+stance`, summed over both directions, so that neither is gold; without optional
            attributions that only one of them marked.
    """

    articles: int
    spans: Mapping[Part, SpanCounts]
    alpha: Mapping[str, float | None]
    kappa: float | None
    stances: Mapping[tuple[Stance, Stance], int]
    who_stance: Counts


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two annotators: their figures over all articles that both marked, and a period of time."""

    annotators: tuple[str, str]
    figures: Figures
    periods: tuple[tuple[str, Figures], ...]
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """Every pair of annotators that share an article.

    Args:
        pairs: in the order of the annotators' names.
        skipped: ids of articles whose versions have different texts; they cannot be compared.
    """

    pairs: tuple[PairAgreement, ...]
    skipped: tuple[str, ...] = ()


def agreement(versions: Iterable[Version], *, every: int | None = None) -> AgreementReport:
    """Compare the annotators of the same articles, two by two.

    Args:
        versions: articles of any number of annotators; of two by one annotator the later counts.
        every: how many articles make a period; None for months where every version is dated, else 20.

    Returns:
        The report, pairs in the order of the annotators' names.

    Raises:
        FormatError: if no article has two annotators of the same text.
        MissingExtraError: if the packages of the coefficients are not installed.
    """
    kappa, alpha = _coefficients()
    pairs: dict[tuple[str, str], list[Comparison]] = {}
    articles = _by_article(versions)
    skipped = [name for name, marked in articles.items() if len({own.article.text for own in marked.values()}) > 1]
    for marked in (marked for name, marked in articles.items() if name not in skipped):
        for one, other in itertools.combinations(sorted(marked.values(), key=lambda own: own.annotator), 2):
            pairs.setdefault((one.annotator, other.annotator), []).append(compare_versions(one, other))
    if not pairs:
        changed = f"; the texts of {len(skipped)} shared articles differ" if skipped else ""
        raise FormatError(
            f"no article has two annotators of the same text{changed}; "
            "give an export with several annotations a task, or two files of the same articles"
        )
    found = []
    for annotators, unordered in sorted(pairs.items()):
        comparisons = sorted(unordered, key=lambda comparison: comparison.when)
        evidence = [_Evidence.of(comparison) for comparison in comparisons]
        periods = tuple(
            (name, _figures(evidence[first:last], kappa=kappa, alpha=alpha))
            for name, first, last in _periods(comparisons, every)
        )
        total = _figures(evidence, kappa=kappa, alpha=alpha)
        found.append(PairAgreement(annotators, total, periods, tuple(comparisons)))
    return AgreementReport(tuple(found), tuple(skipped))


def _by_article(versions: Iterable[Version]) -> dict[str, dict[str, Version]]:
    """Return the latest version of each article by each annotator."""
    found: dict[str, dict[str, Version]] = {}
    for version in versions:
        marked = found.setdefault(version.article.id, {})
        if version.annotator not in marked or version.when >= marked[version.annotator].when:
            marked[version.annotator] = version
    return found


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What one article adds to the figures; `labels` holds, a word, how often each label was given to it."""

    spans: Mapping[Part, SpanCounts]
    labels: Mapping[str, NDArray[np.int64]]
    stances: Counter[tuple[Stance, Stance]]
    who_stance: Counts

    @classmethod
    def of(cls, comparison: Comparison) -> _Evidence:
        left, right = comparison.one.article, comparison.other.article
        words = WordIndex(split_words(left.text))
        pairs = pair_by_cue(left.attributions, right.attributions)
        stances = Counter((left.attributions[i].stance, right.attributions[j].stance) for i, j in pairs.items())
        both = compare(left, _counted(right, pairs.values())) + compare(right, _counted(left, pairs))
        return cls(
            {part: _span_counts(words, _spans(left, part), _spans(right, part)) for part in Part},
            {name: _word_labels(words, name, left) + _word_labels(words, name, right) for name in _ALPHAS},
            stances,
            both.levels[Level.WHO_STANCE],
        )


_ALPHAS = (*map(str, Part), STANCE_LABELS)


def _counted(article: Article, paired: Collection[int]) -> list[Attribution]:
    """Return an annotator's attributions without the optional ones that the other has not marked."""
    return [own for i, own in enumerate(article.attributions) if i in paired or not own.optional]


def _spans(article: Article, part: Part) -> set[Span]:
    return {span for own in article.attributions for name, span in own.spans() if name is part}


def _span_counts(words: WordIndex, one: set[Span], other: set[Span]) -> SpanCounts:
    overlaps = sorted(
        (-shared, left, right)
        for left in one
        for right in other
        if (shared := _shared_words(words, left, right)) >= 0.5
    )
    matched: dict[Span, Span] = {}
    for _, left, right in overlaps:
        if left not in matched and right not in matched.values():
            matched[left] = right
    predicted, gold = len(other), len(one)
    return SpanCounts(Counts(len(one & other), predicted, gold), Counts(len(matched), predicted, gold))


def _shared_words(words: WordIndex, one: Span, other: Span) -> float:
    """Return the intersection over union of two spans, counted in words and marks."""
    if not one.overlap(other):
        return 0.0
    left, right = words.range_of(one), words.range_of(other)
    if left is None or right is None:
        return float(one == other)
    shared = min(left[1], right[1]) - max(left[0], right[0]) + 1
    return shared / (max(left[1], right[1]) - min(left[0], right[0]) + 1)


def _word_labels(words: WordIndex, name: str, article: Article) -> NDArray[np.int64]:
    """Return one row a word, with a 1 in the column of its label; the first column is for words outside."""
    stances = list(Stance)
    labels = np.zeros(len(words.words), np.int64)
    for own in article.attributions:
        for part, span in own.spans():
            found = words.range_of(span)
            if found is not None and name == part:
                labels[found[0] : found[1] + 1] = 1
            elif found is not None and name == STANCE_LABELS and part is Part.CUE:
                labels[found[0] : found[1] + 1] = 1 + stances.index(own.stance)
    return np.eye(1 + len(stances), dtype=np.int64)[labels]


def _periods(comparisons: Sequence[Comparison], every: int | None) -> list[tuple[str, int, int]]:
    """Return the name of each period, and its first comparison and the one behind its last."""
    months = [_MONTH.match(comparison.when) for comparison in comparisons]
    if every is None and all(months):
        found, first = [], 0
        for name, members in itertools.groupby(month.group() for month in months if month):
            number = len(list(members))
            found.append((name, first, first + number))
            first += number
        return found
    size = max(1, every or _ARTICLES_A_PERIOD)
    bounds = [(first, min(first + size, len(comparisons))) for first in range(0, len(comparisons), size)]
    return [(f"articles {first + 1}–{last}", first, last) for first, last in bounds]


_Kappa = Callable[[Mapping[tuple[Stance, Stance], int]], float | None]
_Alpha = Callable[[NDArray[np.int64]], float | None]


def _figures(evidence: Sequence[_Evidence], *, kappa: _Kappa, alpha: _Alpha) -> Figures:
    stances = sum((own.stances for own in evidence), Counter[tuple[Stance, Stance]]())
    return Figures(
        articles=len(evidence),
        spans={part: sum((own.spans[part] for own in evidence), SpanCounts()) for part in Part},
        alpha={name: alpha(np.concatenate([own.labels[name] for own in evidence])) for name in _ALPHAS},
        kappa=kappa(stances),
        stances=dict(stances),
        who_stance=sum((own.who_stance for own in evidence), Counts()),
    )


def _coefficients() -> tuple[_Kappa, _Alpha]:
    """Return Cohen's kappa and Krippendorff's alpha; both None where all labels are one, and nothing can be said."""
    try:
        import krippendorff
        from sklearn.metrics import cohen_kappa_score
    except ImportError as error:
        raise MissingExtraError("stance agreement", extra="train") from error

    def kappa(stances: Mapping[tuple[Stance, Stance], int]) -> float | None:
        if len({stance for pair in stances for stance in pair}) < 2:
            return None
        one, other = zip(*((str(left), str(right)) for left, right in stances), strict=True)
        return float(cohen_kappa_score(one, other, sample_weight=list(stances.values())))

    def alpha(labels: NDArray[np.int64]) -> float | None:
        if (labels.sum(axis=0) > 0).sum() < 2:
            return None
        return float(krippendorff.alpha(value_counts=labels, level_of_measurement="nominal"))

    return kappa, alpha
