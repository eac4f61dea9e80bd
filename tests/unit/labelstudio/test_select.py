"""Which articles are chosen next."""

from __future__ import annotations

import pytest

from stance.labelstudio.select import choose, doubt
from stance.schema import Article, Attribution, Span, Stance

TEXT = "نفت الوزارة وجود أي اتفاق مع الشركة"


def predicted(name: str, *, text: str = TEXT, score: float | None = 0.9, complete: bool = True) -> Article:
    speaker, content = (Span(4, 11), Span(12, 25)) if complete else (None, None)
    return Article(name, text, (Attribution(Span(0, 3), Stance.DENIES, speaker, content, score),))


def test_doubt_grows_with_uncertainty_and_with_missing_parts() -> None:
    assert doubt(Article("none", TEXT)) == 0.0
    assert (
        doubt(predicted("sure", score=0.99)) < doubt(predicted("less", score=0.8)) < doubt(predicted("un", score=0.5))
    )
    assert doubt(predicted("x")) < doubt(predicted("y", complete=False))
    assert doubt(predicted("one", score=1.0)) == 0.0 < doubt(predicted("half")) < doubt(predicted("zero", score=0.0))
    assert doubt(predicted("unscored", score=None)) == doubt(predicted("half", score=0.5))


def test_doubt_is_per_hundred_words() -> None:
    long = predicted("long", text=TEXT + " كلمة" * 193, score=0.5)
    assert doubt(long) == pytest.approx(doubt(predicted("short", score=0.5)) / 2)


def test_the_doubtful_come_first() -> None:
    texts = ("نفت الوزارة وجود أي اتفاق", "رفضت النقابة إغلاق الميناء القديم", "اقترح المجلس تأجيل المباراة شهرا")
    articles = [
        predicted(str(i), text=text, score=score)
        for i, (text, score) in enumerate(zip(texts, (0.95, 0.5, 0.8), strict=True))
    ]
    assert choose(articles, count=3) == [1, 2, 0]
    assert choose(articles, count=1) == [1]
    assert choose([], count=5) == []


def test_copies_of_what_is_chosen_or_labelled_come_last() -> None:
    other = "رفضت النقابة إغلاق الميناء القديم صباح الأحد"
    articles = [predicted("a", score=0.5), predicted("copy", score=0.5), predicted("b", text=other, score=0.7)]
    assert choose(articles, count=3) == [0, 2, 1]
    assert choose(articles, count=3, labelled=[predicted("known")])[0] == 2


def test_the_order_is_always_the_same() -> None:
    articles = [predicted(str(i), score=0.5) for i in range(20)]
    assert choose(articles, count=20) == choose(articles, count=20)
    assert sorted(choose(articles, count=20)) == list(range(20))
