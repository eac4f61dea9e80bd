"""What a tokenizer is shown, and when two spellings are the same."""

from __future__ import annotations

import pytest

from stance.text import fold_word, normalise_word


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("مُحمّـــد", "محمد"),
        ("أكّدَ", "أكد"),
        ("نفىٰ", "نفى"),
        ("ﻻﻋﺐ", "لاعب"),
        ("ﻣﺴﺆﻭﻝ", "مسؤول"),
        ("ﷲ", "الله"),
        ("ﷺ", "صلى الله عليه وسلم"),
        ("٣٥", "35"),
        ("۳۵", "35"),
        ("«", '"'),
        ("”", '"'),
        ("’", "'"),
        ("ﬁ", "fi"),
        ("نمی\u200cخواهم", "نمیخواهم"),
        ("❤\ufe0f", "❤"),
        ("ا\u0654كد", "أكد"),
        ("إيران", "إيران"),
        ("ى", "ى"),
        ("السعودية", "السعودية"),
    ],
)
def test_what_a_tokenizer_is_shown(word: str, shown: str) -> None:
    assert normalise_word(word) == shown


@pytest.mark.parametrize("word", ["\u064b", "ـــ", "\u200f", "\ufe0f", "\u0670"])
def test_a_word_of_marks_alone_stays_as_it_is(word: str) -> None:
    assert normalise_word(word) == word


@pytest.mark.parametrize(
    ("one", "other"),
    [("أكّدت", "اكدت"), ("إلى", "الي"), ("آسف", "اسف"), ("ٱلوزير", "الوزير"), ("قمّة", "قمه"), ("نـفى", "نفي")],
)
def test_spellings_that_are_the_same(one: str, other: str) -> None:
    assert fold_word(one) == fold_word(other)


@pytest.mark.parametrize(("one", "other"), [("قال", "قالت"), ("مسؤول", "مسوول"), ("نفى", "نفت"), ("35", "36")])
def test_words_that_are_not_the_same(one: str, other: str) -> None:
    assert fold_word(one) != fold_word(other)
