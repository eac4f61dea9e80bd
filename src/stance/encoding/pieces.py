"""Words → the encoder's pieces, one word at a time, through any `tokenizers` tokenizer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

from stance.errors import CheckpointError, first_line
from stance.text import Word, normalise_word

__all__ = ["WordPieces"]


class WordPieces:
    """Cuts words into piece ids; remembers the words that it has seen.

    Args:
        tokenizer: the encoder's fast tokenizer.
        opening: ids put before a window (`[CLS]`).
        closing: ids put behind it (`[SEP]`).
        line_break: id put where a line breaks, so that titles and paragraphs show; None for none.
        longest: pieces that a word may take; longer ones keep their beginning and their last piece.

    Raises:
        CheckpointError: from `load`, if there is no fast tokenizer, or a damaged one.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        *,
        opening: Sequence[int],
        closing: Sequence[int],
        line_break: int | None,
        longest: int = 16,
    ) -> None:
        self.tokenizer = tokenizer
        self.opening = tuple(opening)
        self.closing = tuple(closing)
        self.line_break = line_break
        self.longest = longest
        self._known: dict[str, tuple[int, ...]] = {}

    @classmethod
    def load(cls, folder: str | Path, *, longest: int = 16) -> WordPieces:
        """Load from a folder with `tokenizer.json`; the ids around a window are the tokenizer's own.

        Args:
            folder: a checkpoint folder.
            longest: as in the class.
        """
        path = Path(folder) / "tokenizer.json"
        if not path.is_file():
            raise CheckpointError(f"{path}: no such file; the encoder needs a fast tokenizer")
        try:
            tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the package has no class of its own for what it raises
            raise CheckpointError(f"{path}: is no tokenizer: {first_line(error)}; copy the folder again") from error
        return cls.wrap(tokenizer, longest=longest)

    @classmethod
    def wrap(cls, tokenizer: Tokenizer, *, longest: int = 16) -> WordPieces:
        """Wrap a tokenizer, finding out by a probe which ids it puts around a text."""
        tokenizer.no_padding()
        tokenizer.no_truncation()
        framed = tokenizer.encode("قال").ids
        bare = tokenizer.encode("قال", add_special_tokens=False).ids
        begin = next(i for i in range(len(framed)) if framed[i : i + len(bare)] == bare)
        opening, closing = framed[:begin], framed[begin + len(bare) :]
        return cls(
            tokenizer,
            opening=opening,
            closing=closing,
            line_break=closing[0] if closing else None,
            longest=longest,
        )

    @property
    def frame(self) -> int:
        """Pieces that every window spends on its opening and closing."""
        return len(self.opening) + len(self.closing)

    def cut(self, words: Sequence[Word]) -> list[tuple[int, ...]]:
        """Return each word's piece ids, at least one a word.

        Args:
            words: the words of one article.
        """
        shown = [normalise_word(word.text) for word in words]
        new = list(dict.fromkeys(form for form in shown if form not in self._known))
        if len(self._known) > 200_000:
            self._known.clear()
            new = list(dict.fromkeys(shown))
        for form, encoding in zip(new, self.tokenizer.encode_batch(new, add_special_tokens=False), strict=True):
            ids = tuple(encoding.ids) or self._unknown()
            self._known[form] = ids if len(ids) <= self.longest else (*ids[: self.longest - 1], ids[-1])
        return [self._known[form] for form in shown]

    def _unknown(self) -> tuple[int, ...]:
        """Return the ids of a word that the tokenizer gives nothing for."""
        for name in ("[UNK]", "<unk>"):
            found = self.tokenizer.token_to_id(name)
            if found is not None:
                return (found,)
        return (0,)
