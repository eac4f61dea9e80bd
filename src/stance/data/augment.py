"""Training-time variety: spellings, quotes, boilerplate, mentions as scraped news has them; nothing is written to disk.

Every choice depends on a seed, the epoch and the article alone, so that a resumed run sees what it would have seen.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from stance.data.edit import Edit, apply_edits
from stance.schema import Article, Span

__all__ = ["AugmentSettings", "Augmenter"]


@dataclass(frozen=True)
class AugmentSettings:
    """How likely each change is.

    Args:
        spelling: an article loses its hamzas, or writes ى for ي, or ه for ة, throughout.
        quotes: an article's quotation marks become another kind.
        blanks: blanks become no-break ones, or one stands before the comma, or `و` is split from its word.
        boilerplate: lines of a web page stand before or behind the article.
        mentions: a speaker is exchanged for one of another article.
        lines: an article loses its line breaks.
        title: an article's title is repeated.
    """

    spelling: float = 0.0
    quotes: float = 0.0
    blanks: float = 0.0
    boilerplate: float = 0.0
    mentions: float = 0.0
    lines: float = 0.0
    title: float = 0.0

    @property
    def is_idle(self) -> bool:
        return not any(vars(self).values())


_SPELLINGS = (
    str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا"}),
    str.maketrans({"إ": "ا", "أ": "ا"}),
    str.maketrans({"ة": "ه"}),
)
_FINAL_YA = re.compile("ي(?!\\w)")
_FINAL_ALEF = re.compile("ى(?!\\w)")
_QUOTE_STYLES = (("«", "»"), ("“", "”"), ('"', '"'), ("'", "'"))
_OPENING, _CLOSING = "«“", "»”"
_HEAD_LINES = (
    "الرئيسية / أخبار",
    "شارك الخبر",
    "0 تعليق",
    "آخر تحديث: منذ ساعتين",
    "مشاركة عبر فيسبوك\nمشاركة عبر تويتر",
    "حجم الخط",
    "استمع إلى المقال",
    "الصورة: أرشيف",
    "طباعة",
    "الأخبار العاجلة",
    "قراءة 3 دقائق",
)
_TAIL_LINES = (
    "اقرأ أيضا",
    "تابعونا على صفحاتنا",
    "اترك رد",
    "الكلمات المفتاحية: أخبار، سياسة",
    "جميع الحقوق محفوظة",
    "المصدر: وكالات",
    "التعليقات مغلقة",
    "الأكثر قراءة",
    "انضموا إلى قناتنا على تلغرام",
    "// انتهى //",
    "شاهد أيضا: أبرز صور الأسبوع",
)


class Augmenter:
    """Changes articles on their way into training.

    Args:
        settings: how likely each change is.
        seed: of all choices.
        speakers: the training articles, from which exchanged speakers are taken.
    """

    def __init__(self, settings: AugmentSettings, *, seed: int, speakers: Sequence[Article] = ()) -> None:
        self.settings = settings
        self.seed = seed
        self._speakers: dict[bool, list[str]] = {True: [], False: []}
        for article in speakers:
            for own in article.attributions:
                if own.speaker is not None and 2 <= len(own.speaker.text_of(article.text).split()) <= 8:
                    feminine = _is_feminine(own.cue.text_of(article.text))
                    self._speakers[feminine].append(own.speaker.text_of(article.text))

    def __call__(self, article: Article, *, epoch: int) -> Article:
        """Return a changed copy of the article.

        Args:
            article: a training article.
            epoch: from 0; the same article changes differently in each.
        """
        rng = random.Random(f"{self.seed}/{epoch}/{article.id}")
        settings = self.settings
        if rng.random() < settings.mentions:
            article = self._exchange_speaker(article, rng)
        if rng.random() < settings.title:
            article = _repeat_title(article)
        if rng.random() < settings.quotes:
            article = _restyle_quotes(article, rng)
        if rng.random() < settings.blanks:
            article = _disturb_blanks(article, rng)
        if rng.random() < settings.lines:
            article = replace(article, text=article.text.replace("\n", " "))
        if rng.random() < settings.spelling:
            article = _respell(article, rng)
        if rng.random() < settings.boilerplate:
            article = _frame(article, rng)
        return article

    def _exchange_speaker(self, article: Article, rng: random.Random) -> Article:
        """Replace one or two speakers by others of the same grammatical gender, wherever their very span is used."""
        spans = sorted({own.speaker for own in article.attributions if own.speaker is not None})
        edges = {offset for own in article.attributions for _, span in own.spans() for offset in (span.start, span.end)}
        edits: list[Edit] = []
        for span in rng.sample(spans, min(2, len(spans))):
            cut = any(span.start < offset < span.end for offset in edges)
            overlaps = any(edit.start < span.end and span.start < edit.end for edit in edits)
            gender = {
                _is_feminine(own.cue.text_of(article.text)) for own in article.attributions if own.speaker == span
            }
            if cut or overlaps or len(gender) > 1:
                continue
            pool = self._speakers[gender.pop()]
            if pool:
                edits.append(Edit(span.start, span.end, rng.choice(pool)))
        return apply_edits(article, edits)


def _is_feminine(cue: str) -> bool:
    return cue.endswith(("ت", "ة")) or cue.lstrip("و").startswith("ت")


def _respell(article: Article, rng: random.Random) -> Article:
    """Write the whole article in one of the careless spellings; no offset moves."""
    kind = rng.randrange(5)
    if kind < len(_SPELLINGS):
        text = article.text.translate(_SPELLINGS[kind])
    elif kind == 3:
        text = _FINAL_YA.sub("ى", article.text)
    else:
        text = _FINAL_ALEF.sub("ي", article.text)
    return replace(article, text=text)


def _restyle_quotes(article: Article, rng: random.Random) -> Article:
    opening, closing = rng.choice(_QUOTE_STYLES)
    text, inside = [], False
    for character in article.text:
        if character in _OPENING:
            text.append(opening)
        elif character in _CLOSING:
            text.append(closing)
        elif character == '"':
            text.append(closing if inside else opening)
            inside = not inside
        else:
            text.append(character)
            inside = inside and character != "\n"
    return replace(article, text="".join(text))


_BLANK = re.compile("(?<=\\w) (?=\\w)")
_COMMA = re.compile("(?<=\\w)(?=،)")
# Words that begin with a `و` of their own (واشنطن, وزير) must stay whole: only before a hamza and plain verbs.
_AND = re.compile("(?<=[ \n])و(?=أ\\w{2}|قال|نفى|نفت|تابع|دعا|شدد|كشف|رفض)")


def _disturb_blanks(article: Article, rng: random.Random) -> Article:
    kind = rng.randrange(4)
    if kind == 0:
        text = _BLANK.sub(lambda match: "\u00a0" if rng.random() < 0.15 else match.group(), article.text)
        return replace(article, text=text)
    if kind == 1:
        return apply_edits(
            article, [Edit(match.start(), match.start(), " ") for match in _COMMA.finditer(article.text)]
        )
    if kind == 2:
        doubled = [match.start() for match in _BLANK.finditer(article.text) if rng.random() < 0.05]
        return apply_edits(article, [Edit(place, place + 1, "  ") for place in doubled])
    split = [match.end() for match in _AND.finditer(article.text) if rng.random() < 0.4]
    return apply_edits(article, [Edit(place, place, " ") for place in split])


def _frame(article: Article, rng: random.Random) -> Article:
    head = "".join(f"{line}\n" for line in rng.sample(_HEAD_LINES, rng.randrange(4)))
    tail = "".join(f"\n{line}" for line in rng.sample(_TAIL_LINES, rng.randrange(4)))
    return apply_edits(article, [Edit(0, 0, head), Edit(len(article.text), len(article.text), tail)])


def _repeat_title(article: Article) -> Article:
    """Put the first line in front once more, with its attributions."""
    title, found, _ = article.text.partition("\n")
    if not found or not 20 <= len(title) <= 160:
        return article
    length = len(title) + 1
    moved = apply_edits(article, [Edit(0, 0, title + "\n")])
    copies = tuple(own for own in article.attributions if all(Span(0, length).covers(span) for _, span in own.spans()))
    return replace(moved, attributions=(*copies, *moved.attributions))
