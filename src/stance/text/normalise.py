"""Spelling on the way into a tokenizer or a comparison; never used to move an offset."""

from __future__ import annotations

import re
import unicodedata

from stance.text.words import INVISIBLE

__all__ = ["fold_word", "normalise_word"]

_VOWELS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u08d3-\u08ff\u0640]")
_INVISIBLE = re.compile(f"[{INVISIBLE}\ufe0f]")
_ALEF = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه"})
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‟": '"', "‘": "'", "’": "'", "«": '"', "»": '"', "＂": '"'})


def normalise_word(word: str) -> str:
    """Return how a word is shown to a tokenizer.

    Vowel marks, tatweel and invisible characters go, presentation forms and ligatures are spelt out (NFKC), digits
    become ASCII, quotation marks one kind. Hamzas stay: encoders know them.

    Args:
        word: one word of an article.

    Returns:
        The normalised word; the raw word where nothing would be left of it.

    Example:
        >>> normalise_word("ﻻﻋﺐ"), normalise_word("مُحمّـــد")
        ('لاعب', 'محمد')
    """
    shown = unicodedata.normalize("NFKC", _INVISIBLE.sub("", word))
    shown = _VOWELS.sub("", shown).translate(_DIGITS).translate(_QUOTES).strip()
    return shown or word


def fold_word(word: str) -> str:
    """Return the form in which two spellings of a word are the same (hamzas, alef maqsura, ta marbuta, marks).

    Args:
        word: one word of an article.

    Returns:
        The folded form.

    Example:
        >>> fold_word("أكّدت") == fold_word("اكدت")
        True
    """
    bare = "".join(c for c in word if not unicodedata.combining(c) and c != "\u0640")
    return bare.translate(_ALEF)
