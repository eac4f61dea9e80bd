"""A text file as an article: the whole file is the text, untouched."""

from __future__ import annotations

from pathlib import Path

from stance.errors import FormatError
from stance.formats.surrogates import printable_path
from stance.schema import Article

__all__ = ["read_text"]


def read_text(path: str | Path, *, folder: Path | None = None) -> Article:
    """Read a file as one article, named by the file.

    Args:
        path: a UTF-8 file; line ends are kept as they are, so that offsets count in the file's own characters.
        folder: one that the file lies in, at any depth; if given, the name is the path from there.

    Returns:
        The article, without attributions.

    Raises:
        FormatError: if the file is not UTF-8.
    """
    path = Path(path)
    name = path.relative_to(folder or path.parent).with_suffix("")
    try:
        return Article(printable_path(name), path.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise FormatError(
            f"not UTF-8 ({error.reason} at byte {error.start}); convert it first", where=printable_path(path)
        ) from error
