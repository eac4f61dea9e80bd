"""Label Studio's JSON exports as files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from stance.errors import FormatError
from stance.formats.labelstudio.views import Annotation, Task
from stance.formats.parsing import parse_json
from stance.formats.surrogates import printable_path

__all__ = ["iter_annotated", "read_export", "write_export"]


def read_export(path: str | Path) -> list[Task]:
    """Read a Label Studio JSON export.

    Args:
        path: the exported file.

    Returns:
        Its tasks, whole.

    Raises:
        FormatError: if the file is not JSON, or not a list of tasks.
    """
    path = Path(path)
    where = printable_path(path)
    try:
        loaded = parse_json(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise FormatError(f"not a Label Studio JSON export ({error}); export again as JSON", where=where) from error
    if not isinstance(loaded, list) or not all(isinstance(entry, dict) for entry in loaded):
        raise FormatError("expected a list of tasks; export as JSON, not JSON_MIN or CSV", where=where)
    tasks = [Task(entry, number) for number, entry in enumerate(loaded, 1)]
    for task in tasks:
        if not isinstance(task.raw.get("data"), dict):
            raise FormatError(f"{task.place} has no `data`; export as JSON, not JSON_MIN", where=where)
    return tasks


def write_export(tasks: Iterable[Task], path: str | Path) -> None:
    """Write tasks as a Label Studio JSON export; what `read_export` read comes out equal.

    Args:
        tasks: tasks in order.
        path: the file to write.
    """
    rows = [json.dumps(task.raw, ensure_ascii=False) for task in tasks]
    # A browser cuts `value.text` in UTF-16: half a character at an edge of a region goes out as the escape it came as.
    Path(path).write_text("[\n" + ",\n".join(rows) + "\n]\n", encoding="utf-8", errors="backslashreplace")


def iter_annotated(tasks: Iterable[Task]) -> Iterator[tuple[Task, Annotation]]:
    """Yield every finished annotation of every task that can be read."""
    for task in tasks:
        if not task.fault:
            for annotation in task.annotations():
                yield task, annotation
