"""Where sentences end."""

from __future__ import annotations

import pytest

from stance.text import sentence_numbers, split_words


def sentences(text: str) -> list[str]:
    words = split_words(text)
    grouped: dict[int, list[str]] = {}
    for word, number in zip(words, sentence_numbers(words), strict=True):
        grouped.setdefault(number, []).append(word.text)
    return [" ".join(own) for own in grouped.values()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قال كذا. ثم نفى.", ["قال كذا .", "ثم نفى ."]),
        ("العنوان\nقال كذا", ["العنوان", "قال كذا"]),
        ("العنوان\rقال\r\nكذا", ["العنوان", "قال", "كذا"]),
        ("هل نفى؟ نعم!", ["هل نفى ؟", "نعم !"]),
        ("قال: «لن نقبل.» ثم غادر", ["قال : « لن نقبل . »", "ثم غادر"]),
        ('انتهى. "نحن هنا" قال', ["انتهى .", '" نحن هنا " قال']),
        ('قال: "نعم." ثم غادر', ['قال : " نعم . "', "ثم غادر"]),
        ("قال: « لن نقبل. » ثم غادر", ["قال : « لن نقبل . »", "ثم غادر"]),
        ("صمت... ثم قال", ["صمت . . .", "ثم قال"]),
        ("بنسبة 3.5 في المئة", ["بنسبة 3 . 5 في المئة"]),
        ("عام 2030. 5 دول", ["عام 2030 .", "5 دول"]),
        ("قال، وأضاف؛ ثم: نفى", ["قال ، وأضاف ؛ ثم : نفى"]),
        ("پاکستان۔ قال", ["پاکستان ۔", "قال"]),
        ("نفى.", ["نفى ."]),
        (". قال", [".", "قال"]),
        ("", []),
    ],
)
def test_where_sentences_end(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected
