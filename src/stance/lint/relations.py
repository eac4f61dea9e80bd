"""Checks of the arrows between regions."""

from __future__ import annotations

from collections.abc import Iterator

from stance.formats.labelstudio import Region, Relation
from stance.lint.incidents import Incident
from stance.lint.reading import Reading
from stance.schema import Part

__all__ = ["check_relations"]


def check_relations(reading: Reading) -> Iterator[Incident]:
    """Yield what is wrong with an annotation's relations, and which regions lack one.

    Args:
        reading: the annotation.

    Returns:
        The incidents.
    """
    by_id = reading.by_id()
    drawn: set[frozenset[str]] = set()
    for relation in reading.relations:
        source, target = by_id.get(relation.from_id), by_id.get(relation.to_id)
        if source is None or target is None:
            missing = relation.from_id if source is None else relation.to_id
            yield reading.incident("relation-dangling", source or target, missing=missing)
        elif source.part is not None and target.part is not None:
            yield from _ends(reading, relation, source, target)
            pair = frozenset((source.id, target.id))
            if pair in drawn:
                yield reading.incident("relation-duplicate", source if target.part is Part.CUE else target)
            drawn.add(pair)
    yield from _orphans(reading)


def _ends(reading: Reading, relation: Relation, source: Region, target: Region) -> Iterator[Incident]:
    if (source.part is Part.CUE) == (target.part is Part.CUE):
        yield reading.incident(
            "relation-wrong-parts",
            source,
            one=str(source.part),
            other=str(target.part),
            first=reading.quote(source),
            second=reading.quote(target),
        )
        return
    part = source if target.part is Part.CUE else target
    if part is source:
        yield reading.incident("relation-not-from-cue", part)
    if relation.labels and str(part.part) not in relation.labels:
        yield reading.incident("relation-wrong-label", part, labels=", ".join(relation.labels))


def _orphans(reading: Reading) -> Iterator[Incident]:
    linked = {region.id for parts in reading.links.values() for regions in parts.values() for region in regions}
    for region in reading.regions:
        if region.part in (Part.SPEAKER, Part.CONTENT) and region.id not in linked:
            yield reading.incident(f"{region.part}-orphan", region)
