"""Hard text and articles on it, for Hypothesis; every Arabic sentence here is our own invention."""

from __future__ import annotations

from hypothesis import strategies as st

from stance.schema import Article, Attribution, Span, Stance
from stance.text import WordIndex, split_words

__all__ = ["HARD_PARTS", "HARD_TEXTS", "annotated_articles", "articles_of_words", "hard_texts"]

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
HARD_PARTS = (
    *("أكّدَ", "الـــوزير", "وأضافت", "نفىٰ", "ﻻﻋﺐ", "ﷺ", "ﷲ", "ﻣﺴﺆﻭﻝ", "لإيران", "کتاب", "نمی\u200cخواهم", "قال"),
    *(FAMILY, "\U0001f1f8\U0001f1fe", "\U0001f1f8", "\U0001f44d\U0001f3fd", "\U0001f600", "❤\ufe0f", "1\ufe0f\u20e3"),
    *("\u200f", "\u200e", "\u202bنص\u202c", "\u2067خبر\u2069", "\u061c", "\u200b", "\ufeff", "\u00ad", "\u2060"),
    *("\r\n", "\r", "\n", "\n\n", "\t", "\u00a0", "\u2009", "\u2028", "\x0b", "\x0c", "\x85", " ", "  "),
    *(
        "COVID-19",
        "AFP",
        "l'été",
        "e\u0301",
        "İ",
        "ß",
        "ﬁ",
        "٣٫٥",
        "3.5",
        "12,000",
        "٪",
        "50%",
        "_",
        "#وسم_طويل",
        "@user",
    ),
    *(
        "<b>عاجل</b>",
        "&amp;",
        "&#1571;",
        "https://news.example/a?b=1",
        "«",
        "»",
        '"',
        "“",
        "”",
        "(",
        ")",
        ":",
        "،",
        "؟",
    ),
    *(".", "...", "…", "-", "–", "\u064b", "\u0301", "\u200d", "\ufe0f", "\U0001d5d4", "漢字", "क्षि", "\x00", "\u0640"),
)
"""Stretches that break naive offsets, word splitting and normalisation."""

HARD_TEXTS = (
    "عاجل 🇸🇾: نفى الوزير \U0001f468\u200d\U0001f469\u200d\U0001f467 وجود «خلاف»\r\nوقال: <b>لن نقبل</b>\rثم\tغادر",
    "\u200fأكّـــد المتحدّث\u200f أنّ الاتفاق\u00a0قائم؛ وأضاف ﷺ ﻻﻋﺐ (AFP) بنسبة ٣٫٥٪.",
    "قالت الشركة إنها لن ترفع الأسعار 😀👍🏽 قبل 2030، بحسب بيان نشرته على https://news.example/a.",
)
"""Whole articles of that kind."""

_ARABIC = st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويءأإآةى \u064e\u0651", max_size=12)


def hard_texts(*, max_parts: int = 25) -> st.SearchStrategy[str]:
    """Texts made of hard stretches, plain Arabic and anything at all, with and without blanks between."""
    part = st.one_of(st.sampled_from(HARD_PARTS), _ARABIC, st.text(max_size=6))
    joined = st.tuples(st.sampled_from(["", " "]), st.lists(part, max_size=max_parts))
    return st.one_of(joined.map(lambda drawn: drawn[0].join(drawn[1])), st.sampled_from(HARD_TEXTS))


@st.composite
def annotated_articles(draw: st.DrawFn) -> Article:
    """Articles whose spans lie anywhere in the text, on word edges or not."""
    text = draw(hard_texts())
    name = draw(st.text(min_size=1, max_size=8))
    if not text:
        return Article(name, text)

    def span() -> st.SearchStrategy[Span]:
        edges = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).filter(lambda pair: pair[0] != pair[1])
        return edges.map(lambda pair: Span(min(pair), max(pair)))

    attributions = st.builds(
        Attribution,
        cue=span(),
        stance=st.sampled_from(Stance),
        speaker=st.none() | span(),
        content=st.none() | span(),
        score=st.none() | st.floats(0, 1),
        alt=st.lists(st.sampled_from(Stance), unique=True, max_size=2).map(tuple),
        optional=st.booleans(),
    )
    return Article(name, text, tuple(draw(st.lists(attributions, max_size=4))))


@st.composite
def articles_of_words(draw: st.DrawFn, *, texts: st.SearchStrategy[str] | None = None) -> Article:
    """Articles whose spans begin and end at words, cues of one or two words that do not overlap."""
    text = draw(hard_texts() if texts is None else texts)
    words = split_words(text)
    if not words:
        return Article("drawn", text)
    index = WordIndex(words)
    ranges = st.tuples(st.integers(0, len(words) - 1), st.integers(0, len(words) - 1)).map(sorted)
    taken: set[int] = set()
    attributions = []
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(words) - 1))
        end = min(start + draw(st.integers(0, 1)), len(words) - 1)
        if taken & set(range(start, end + 1)):
            continue
        taken |= set(range(start, end + 1))
        parts = [draw(st.none() | ranges) for _ in range(2)]
        spans = [None if own is None else index.span_of(*own) for own in parts]
        attributions.append(Attribution(index.span_of(start, end), draw(st.sampled_from(Stance)), *spans))
    return Article("drawn", text, tuple(attributions))
