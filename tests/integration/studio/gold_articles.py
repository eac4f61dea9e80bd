"""Invented articles whose attributions are known."""

from __future__ import annotations

from stance.schema import Article, Attribution, Span, Stance

SENTENCES = (
    ("نفت", "وزارة المياه", "وجود أي تلوث في البحيرة 💧", Stance.DENIES),
    ("وأكد", "الوزير شاهين", "أن المحطة تعمل كالمعتاد", Stance.CONFIRMS),
    ("ورفضت", "نقابة الصيادين", "إغلاق الميناء القديم", Stance.REJECTS),
    ("واقترح", "رئيس البلدية", "تأجيل القرار شهرا واحدا", Stance.PROPOSES),
)
"""Cue, speaker, content and stance of invented sentences."""


def annotated_article(name: str, *, sentences: int = 4, first: int = 0, score: float | None = None) -> Article:
    """Return an article of our sentences, with their attributions."""
    text, found = "\u200fعاجل 👨‍👩‍👧 – وكالة المثال\u00a0:\r\n", []
    for number in range(first, first + sentences):
        cue, speaker, content, stance = SENTENCES[number % len(SENTENCES)]
        spans = []
        for words in (cue, speaker, content):
            spans.append(Span(len(text), len(text) + len(words)))
            text += words + " "
        text = text.rstrip() + ".\r\n"
        found.append(Attribution(spans[0], stance, spans[1], spans[2], score))
    return Article(name, text + f"رقم الخبر {name}", tuple(found), {"outlet": "المثال", "tags": ["ماء"]})
