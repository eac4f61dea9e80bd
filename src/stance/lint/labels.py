"""Checks of what regions are labelled as: their parts, stances, choices and scores."""

from __future__ import annotations

from collections.abc import Iterator

from stance.formats.labelstudio import LABELS, OPTIONAL, Region
from stance.lint.incidents import Incident
from stance.lint.reading import Reading
from stance.schema import Part, Stance

__all__ = ["check_labels"]

_PART_OF_LABEL = {**{str(part): part for part in Part}, **{str(stance): Part.CUE for stance in Stance}}
_CHOICES = (*map(str, Stance), OPTIONAL)


def check_labels(reading: Reading) -> Iterator[Incident]:
    """Yield what is wrong with the labels, choices and scores of an annotation's regions.

    Args:
        reading: the annotation.

    Returns:
        The incidents.
    """
    for region in reading.regions:
        yield from _labels(reading, region)
        yield from _score(reading, region)
        if region.part is Part.CUE:
            yield from _stance(reading, region)
    cues = {region.id for region in reading.regions if region.part is Part.CUE}
    by_id = reading.by_id()
    for name, choices in reading.choices.items():
        if choices and name not in cues:
            yield reading.incident("choice-without-cue", by_id.get(name), choices=", ".join(choices))


def _labels(reading: Reading, region: Region) -> Iterator[Incident]:
    if not region.labels:
        yield reading.incident("label-missing", region)
    for label in region.labels:
        if label not in _PART_OF_LABEL:
            yield reading.incident("label-unknown", region, label=label, known=", ".join(LABELS))
    if len({_PART_OF_LABEL[label] for label in region.labels if label in _PART_OF_LABEL}) > 1:
        yield reading.incident("label-conflict", region, labels=", ".join(region.labels))


def _score(reading: Reading, region: Region) -> Iterator[Incident]:
    score: object = region.score  # written by whatever made the export
    if score is None:
        return
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1:
        yield reading.incident("score-out-of-range", region, score=str(score))


def _stance(reading: Reading, region: Region) -> Iterator[Incident]:
    stances = [label for label in region.labels if label in tuple(Stance)]
    if region.stance is None:
        yield reading.incident("cue-without-stance", region)
    if len(set(stances)) > 1:
        yield reading.incident("cue-two-stances", region, stances=", ".join(stances))
    for choice in region.choices:
        if choice not in _CHOICES:
            yield reading.incident("alternative-unknown", region, choice=choice, known=", ".join(_CHOICES))
        # Where the cue is labelled plainly `cue`, its stance is itself a choice.
        elif choice in stances:
            yield reading.incident("alternative-repeats-stance", region, stance=choice)
