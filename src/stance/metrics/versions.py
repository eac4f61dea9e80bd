"""Files → each annotator's version of each article."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from stance.formats import Skipped, read_articles, read_export
from stance.formats.labelstudio import article_of_annotation, iter_annotated
from stance.metrics.disagreement import Version

__all__ = ["read_versions"]


def read_versions(paths: Sequence[str | Path]) -> tuple[list[Version], list[Skipped]]:
    """Read what several annotators made of the same articles.

    Args:
        paths: one export with several annotators, or several files (exports or JSONL) of one annotator each, who is
            named by what tells the file's path from the others: `b/one.json` and `b/two.json` are `one` and `two`,
            `a/x.json` and `b/x.json` are `a` and `b`.

    Returns:
        The versions, and what had to be left out, with the reason.

    Raises:
        FormatError: if a file cannot be read at all.
    """
    versions: list[Version] = []
    skipped: list[Skipped] = []
    if len(paths) > 1:
        for path, annotator in zip(paths, _distinct_names(paths), strict=True):
            articles, faults = read_articles(path)
            versions += [Version(annotator, article) for article in articles]
            skipped += [Skipped(f"{path}: {fault.where}", fault.why) for fault in faults]
        return versions, skipped
    for path in paths:
        tasks = read_export(path)
        skipped += [Skipped(f"{path}: {task.place}", task.fault) for task in tasks if task.fault]
        for task, annotation in iter_annotated(tasks):
            article, faults = article_of_annotation(task, annotation)
            versions.append(Version(annotation.annotator, article, annotation.updated_at))
            skipped += [Skipped(f"{path}: {fault.where}", fault.why) for fault in faults]
    return versions, skipped


def _distinct_names(paths: Sequence[str | Path]) -> list[str]:
    """Return as little of each path as tells it from the others."""
    files = [Path(path).resolve() for path in paths]
    parts = [file.with_suffix("").parts for file in files]
    if len(set(parts)) < len(parts):
        parts = [file.parts for file in files]
    while len({own[-1:] for own in parts}) == 1 and len(set(parts)) > 1:
        parts = [own[:-1] for own in parts]
    lengths = range(1, max(map(len, parts)))
    shortest = next((n for n in lengths if len({own[-n:] for own in parts}) == len(parts)), max(map(len, parts)))
    return ["/".join(own[-shortest:]) for own in parts]
