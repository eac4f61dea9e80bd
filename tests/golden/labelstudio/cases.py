"""Hard texts and what is marked in them: `make.py` puts them through a real Label Studio, the tests read what came out.

All sentences are invented.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from stance.schema import Article, Attribution, Span, Stance


@dataclass(frozen=True)
class Case:
    """A text, its attributions as words, and task data beyond the text."""

    id: str
    text: str
    attributions: tuple[tuple[str, str, str | None, str | None], ...]
    meta: dict[str, Any] = field(default_factory=dict)

    def span(self, words: str | None) -> Span | None:
        if words is None:
            return None
        start = self.text.index(words)
        return Span(start, start + len(words))

    def article(self) -> Article:
        found = []
        for stance, cue, speaker, content in self.attributions:
            span = self.span(cue)
            assert span is not None
            found.append(Attribution(span, Stance(stance), self.span(speaker), self.span(content)))
        return Article(self.id, self.text, tuple(found), self.meta)


CASES = (
    Case(
        "emoji",
        "🇸🇾 عاجل 👨‍👩‍👧‍👦: نفت وزارة البيئة 🌍🌿 وجود أي تلوث في البحيرة 💧💧، "
        "وأكد الوزير 🧑🏽‍⚕️ أن المياه صالحة للشرب.",
        (
            ("denies", "نفت", "وزارة البيئة", "وجود أي تلوث في البحيرة"),
            ("confirms", "وأكد", "الوزير", "أن المياه صالحة للشرب"),
        ),
        {"outlet": "وكالة المثال 📰", "date": "2026-03-01", "tags": ["بيئة", "ماء"], "nested": {"level": 2}},
    ),
    Case(
        "crlf",
        "اقترحت البلدية توسيع السوق القديم.\r\n\r\nورفض التجار الخطة بشدة.\r\n  "
        "وقال رئيسهم إن المهلة قصيرة\r\nجدا.\r\n",
        (
            ("proposes", "اقترحت", "البلدية", "توسيع السوق القديم"),
            ("rejects", "ورفض", "التجار", "الخطة"),
            ("states", "وقال", "رئيسهم", "إن المهلة قصيرة\r\nجدا"),
        ),
    ),
    Case(
        "lone-cr",
        "\rأعلن النادي التعاقد مع مدرب جديد\rونفى المدرب تلقيه أي عرض آخر\r\rوأضاف أن العقد لعامين",
        (
            ("states", "أعلن", "النادي", "التعاقد مع مدرب جديد"),
            ("denies", "ونفى", "المدرب", "تلقيه أي عرض آخر"),
            ("states", "وأضاف", "المدرب", "أن العقد لعامين"),
        ),
    ),
    Case(
        "white-space",
        "\tدعا\u00a0اتحاد\u00a0المزارعين\tإلى خفض\u00a0أسعار الوقود،\u2028"
        "ورد\u200c المتحدث  باسم الشركة\u00a0: «لن نسمح بذلك».\n\n\n",
        (
            ("proposes", "دعا", "اتحاد\u00a0المزارعين", "إلى خفض\u00a0أسعار الوقود"),
            ("rejects", ":", "المتحدث  باسم الشركة", "لن نسمح بذلك"),
        ),
    ),
    Case(
        "bidi",
        "\u200fأكد المدير \u202bJohn Smith\u202c أن تطبيق «WhatsApp 2.0» آمن\u200f، "
        "\u200eونفى\u200e ما نشره موقع \u2067example.com\u2069 أمس.",
        (
            ("confirms", "أكد", "المدير \u202bJohn Smith", "أن تطبيق «WhatsApp 2.0» آمن"),
            ("denies", "ونفى", "المدير \u202bJohn Smith", "ما نشره موقع \u2067example.com\u2069 أمس"),
        ),
    ),
    Case(
        "html",
        "<b>قالت</b> الشركة &amp; شركاؤها إن <script>alert(1)</script> خبر كاذب &lt;br&gt; "
        "ورفضت <a href='x'>التعليق</a> على 3 < 5.",
        (("states", "قالت", "الشركة &amp; شركاؤها", "إن <script>alert(1)</script> خبر كاذب"),),
    ),
    Case(
        "marks",
        "قالَ الشّيخُ عُمَر إنَّ الرسولَ ﷺ حثّ على العلـــمِ، وأوصى ﷲ عبادهُ بالصبر، و\ufefb يجوز غير ذلك. ｢نعم｣",
        (("states", "قالَ", "الشّيخُ عُمَر", "إنَّ الرسولَ ﷺ حثّ على العلـــمِ"),),
    ),
    Case(
        "nested",
        "قال شاهين إن بلاده عرضت إرسال وفد إلى العاصمة، وهو ما نفته الخارجية.",
        (
            ("states", "قال", "شاهين", "إن بلاده عرضت إرسال وفد إلى العاصمة"),
            ("proposes", "عرضت", "بلاده", "إرسال وفد إلى العاصمة"),
            ("denies", "نفته", "الخارجية", "إن بلاده عرضت إرسال وفد إلى العاصمة"),
        ),
    ),
)
"""Shared content in `nested`: two cues point to one region; shared speaker in `bidi` and `lone-cr`."""

CUE_AND_CHOICE_CONFIG = """<View>
  <Labels name="part" toName="text">
    <Label value="cue" background="#2e7d32"/>
    <Label value="speaker" background="#8e24aa"/>
    <Label value="content" background="#d4ac0d"/>
  </Labels>
  <Text name="text" value="$text"/>
  <Choices name="stance" toName="text" perRegion="true" whenTagName="part" whenLabelValue="cue">
    <Choice value="states"/><Choice value="confirms"/><Choice value="proposes"/>
    <Choice value="rejects"/><Choice value="denies"/>
  </Choices>
</View>"""
"""Another config that the reader understands: a plain `cue`, its stance chosen beside it."""
