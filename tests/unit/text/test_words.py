"""Words: what they are, and where exactly they stand."""

from __future__ import annotations

import pytest

from stance.schema import Span
from stance.text import WordIndex, split_words


def texts(text: str) -> list[str]:
    return [word.text for word in split_words(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("روسيا: «سنقصف»", ["روسيا", ":", "«", "سنقصف", "»"]),
        ("أكّدَ الـــوزيرُ", ["أكّدَ", "الـــوزيرُ"]),
        ("ﻻﻋﺐ ﷺ", ["ﻻﻋﺐ", "ﷺ"]),
        ("نمی\u200cخواهم", ["نمی\u200cخواهم"]),
        ("\u200fقال\u200f،\u200e", ["قال", "،"]),
        ("\u202bقال\u202c", ["قال"]),
        ("قال\u200bالوزير", ["قال", "الوزير"]),
        ("قال\u00a0الوزير\tأمس", ["قال", "الوزير", "أمس"]),
        ("COVID-19", ["COVID", "-", "19"]),
        ("بنسبة 3.5% و٣٫٥٪", ["بنسبة", "3", ".", "5", "%", "و٣", "٫", "٥", "٪"]),
        ("#وسم_طويل @user", ["#", "وسم", "_", "طويل", "@", "user"]),
        ("<b>عاجل</b>", ["<", "b", ">", "عاجل", "<", "/", "b", ">"]),
        ("قال...", ["قال", ".", ".", "."]),
        ("cafe\u0301 l'été", ["cafe\u0301", "l", "'", "été"]),
        ("👨\u200d👩\u200d👧🇸🇾👍🏽", ["👨\u200d👩\u200d👧", "🇸🇾", "👍🏽"]),
        ("\u200d\u00ad\u2060", []),
        (" \r\n\t\u00a0", []),
        ("", []),
    ],
)
def test_what_a_word_is(text: str, words: list[str]) -> None:
    assert texts(text) == words


def test_offsets_count_code_points_beyond_the_bmp() -> None:
    text = "😀👨\u200d👩\u200d👧 نفى"
    word = split_words(text)[-1]
    assert (word.start, word.end) == (7, 10)
    assert text[word.start : word.end] == "نفى"


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n", "\u2028", "\u2029", "\x0b", "\x0c", "\x85", " \n\t"])
def test_a_word_behind_any_line_break_opens_its_line(line_break: str) -> None:
    words = split_words(f"العنوان{line_break}قال الوزير")
    assert [word.opens_line for word in words] == [False, True, False]


@pytest.mark.parametrize("blank", [" ", "\t", "\u00a0", "\u200b", "\u200f ", "\u2003"])
def test_no_other_blank_opens_a_line(blank: str) -> None:
    assert not any(word.opens_line for word in split_words(f"العنوان{blank}قال"))


def test_the_first_word_opens_no_line_even_behind_breaks() -> None:
    assert [word.opens_line for word in split_words("\n\nقال")] == [False]


def test_only_letters_and_digits_are_lexical() -> None:
    lexical = {word.text: word.is_lexical for word in split_words("قال 50 % « 😀 ﷺ AFP - ـ")}
    assert lexical == {
        "قال": True,
        "50": True,
        "%": False,
        "«": False,
        "😀": False,
        "ﷺ": True,
        "AFP": True,
        "-": False,
        "ـ": True,
    }


class TestIndex:
    text = "نفى  الوزير، أي\u200fخلاف"
    index = WordIndex(split_words(text))

    @pytest.mark.parametrize(
        ("start", "end", "words"),
        [
            (0, 3, (0, 0)),
            (0, 11, (0, 1)),
            (1, 2, (0, 0)),
            (2, 6, (0, 1)),
            (3, 5, None),
            (11, 12, (2, 2)),
            (12, 13, None),
            (0, 21, (0, 4)),
            (15, 16, None),
        ],
    )
    def test_words_that_a_span_touches(self, start: int, end: int, words: tuple[int, int] | None) -> None:
        assert self.index.range_of(Span(start, end)) == words

    def test_a_span_over_words_keeps_what_stands_between(self) -> None:
        assert self.index.span_of(0, 1).text_of(self.text) == "نفى  الوزير"

    def test_no_words_no_range(self) -> None:
        assert WordIndex([]).range_of(Span(0, 5)) is None
