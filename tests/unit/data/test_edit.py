"""Edits of a text carry its spans along."""

from __future__ import annotations

import pytest

from stance.data.edit import Edit, apply_edits
from stance.schema import Article, Attribution, Span, Stance

TEXT = "نفى الوزير وجود خلاف"
ARTICLE = Article("n1", TEXT, (Attribution(Span(0, 3), Stance.DENIES, Span(4, 10), Span(11, 20)),), {"outlet": "وكالة"})


def parts(article: Article) -> list[str]:
    return [span.text_of(article.text) for own in article.attributions for _, span in own.spans()]


@pytest.mark.parametrize(
    ("edits", "text", "spans"),
    [
        ([], TEXT, ["نفى", "الوزير", "وجود خلاف"]),
        ([Edit(0, 0, "عاجل: ")], f"عاجل: {TEXT}", ["نفى", "الوزير", "وجود خلاف"]),
        ([Edit(20, 20, " كبير")], f"{TEXT} كبير", ["نفى", "الوزير", "وجود خلاف"]),
        ([Edit(10, 10, " ")], "نفى الوزير  وجود خلاف", ["نفى", "الوزير", "وجود خلاف"]),
        ([Edit(11, 11, "«")], "نفى الوزير «وجود خلاف", ["نفى", "الوزير", "وجود خلاف"]),
        ([Edit(4, 10, "الناطق باسمه")], "نفى الناطق باسمه وجود خلاف", ["نفى", "الناطق باسمه", "وجود خلاف"]),
        ([Edit(15, 16, "  ")], "نفى الوزير وجود  خلاف", ["نفى", "الوزير", "وجود  خلاف"]),
        ([Edit(3, 4, "\u00a0")], "نفى\u00a0الوزير وجود خلاف", ["نفى", "الوزير", "وجود خلاف"]),
        ([Edit(10, 11, "")], "نفى الوزيروجود خلاف", ["نفى", "الوزير", "وجود خلاف"]),
        ([Edit(11, 15, ""), Edit(0, 0, "😀")], "😀نفى الوزير  خلاف", ["نفى", "الوزير", " خلاف"]),
        ([Edit(4, 4, "معالي "), Edit(4, 10, "شويغو")], "نفى معالي شويغو وجود خلاف", ["نفى", "شويغو", "وجود خلاف"]),
    ],
)
def test_spans_move_with_their_text(edits: list[Edit], text: str, spans: list[str]) -> None:
    edited = apply_edits(ARTICLE, edits)
    assert (edited.text, parts(edited), edited.meta) == (text, spans, ARTICLE.meta)
    assert apply_edits(ARTICLE, edits[::-1]) == edited, "the order in which edits are given does not matter"


def test_edits_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="edits overlap at 5"):
        apply_edits(ARTICLE, [Edit(5, 8, "س"), Edit(4, 6, "ص")])
