"""Checks of attributions: cues together with the speakers and contents that they are linked to."""

from __future__ import annotations

from collections.abc import Iterator

from stance.formats.labelstudio import Region
from stance.lint.incidents import Incident
from stance.lint.reading import Reading
from stance.schema import Part, Span
from stance.text import fold_word

__all__ = ["check_attributions"]

# `ما` is left out: before a cue it is nearly always the relative pronoun (`وهو ما نفاه`).
_NEGATIONS = frozenset(
    prefix + fold_word(particle) for particle in ("لم", "لا", "لن", "ليس", "ليست", "ليسوا") for prefix in ("", "و", "ف")
)
_PRONOUNS = frozenset(
    fold_word(pronoun)
    for pronoun in (
        *("هو", "هي", "هم", "هن", "هما", "أنا", "نحن", "أنت", "أنتم"),
        *("الذي", "التي", "الذين", "هذا", "هذه", "هؤلاء", "ذلك", "تلك"),
        *("الأخير", "الأخيرة", "الأخيران", "الأخيرين"),
    )
)


def check_attributions(reading: Reading) -> Iterator[Incident]:
    """Yield what is wrong with an annotation's attributions.

    Args:
        reading: the annotation.

    Returns:
        The incidents.
    """
    yield from _same_spans(reading)
    yield from _overlapping_cues(reading)
    for cue, span in reading.marked(Part.CUE):
        yield from _links(reading, cue, span)
        yield from _negation(reading, cue, span)
    for speaker, span in reading.marked(Part.SPEAKER):
        if fold_word(span.text_of(reading.text).strip()) in _PRONOUNS:
            yield reading.incident("speaker-pronoun", speaker)


def _same_spans(reading: Reading) -> Iterator[Incident]:
    """Yield regions of one part that cover the same span: only the first of them is needed."""
    first: dict[tuple[Part | None, Span], Region] = {}
    for region, span in reading.marked():
        known = first.setdefault((region.part, span), region)
        if known is region or region.part is None:
            continue
        if region.part is not Part.CUE:
            yield reading.incident("region-duplicate", region)
        elif region.stance != known.stance:
            stances = ", ".join(str(stance) for stance in (known.stance, region.stance))
            yield reading.incident("cue-two-stances", region, stances=stances)
        elif _linked_spans(reading, region) == _linked_spans(reading, known):
            yield reading.incident("attribution-duplicate", region)
        else:
            yield reading.incident("region-duplicate", region)


def _linked_spans(reading: Reading, cue: Region) -> set[tuple[Part, Span | None]]:
    links = reading.links.get(cue.id, {})
    return {(part, reading.spans.get(region.id)) for part, regions in links.items() for region in regions}


def _overlapping_cues(reading: Reading) -> Iterator[Incident]:
    furthest: tuple[Region, Span] | None = None
    for cue, span in reading.marked(Part.CUE):
        if furthest is not None and span.overlap(furthest[1]) and span != furthest[1]:
            yield reading.incident("cue-overlap", cue, other=reading.quote(furthest[0]))
        if furthest is None or span.end > furthest[1].end:
            furthest = (cue, span)


def _links(reading: Reading, cue: Region, span: Span) -> Iterator[Incident]:
    links = reading.links.get(cue.id, {})
    if not links:
        yield reading.incident("cue-unlinked", cue)
    for part, regions in links.items():
        if len(regions) > 1:
            quotes = [reading.quote(region) for region in regions[:2]]
            yield reading.incident(f"cue-two-{part}s", cue, first=quotes[0], second=quotes[1])
        for region in regions:
            other = reading.spans.get(region.id)
            if other is not None and other.overlap(span):
                yield reading.incident(f"{part}-contains-cue", region, cue=reading.quote(cue))


def _negation(reading: Reading, cue: Region, span: Span) -> Iterator[Incident]:
    found = reading.words.range_of(span)
    if found is None or found[0] == 0:
        return
    before, word = reading.words.words[found[0] - 1 : found[0] + 1]
    if fold_word(before.text) in _NEGATIONS and not word.opens_line:
        yield reading.incident("cue-negated", cue, negation=before.text)
