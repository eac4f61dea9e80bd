"""A text file as an article: the whole file is the text, untouched."""

from __future__ import annotations

from pathlib import Path

from stance.errors import FormatError
from stance.schema import Article

__all__ = ["read_text"]


def read_text(path: str | Path) -> Article:
    """Read a file as one article, named by the file.

    Args:
        path: a UTF-8 file; line ends are kept as they are, so that offsets count in the file's own characters.

    Returns:
        The article, without attributions.

    Raises:
        FormatError: if the file is not UTF-8.
    """
    path = Path(path)
    try:
        return Article(path.stem, path.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise FormatError(
            f"not UTF-8 ({error.reason} at byte {error.start}); convert it first", where=str(path)
        ) from error
