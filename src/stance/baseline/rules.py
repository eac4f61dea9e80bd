"""Rules of thumb for the parts of an attribution: the least a model must beat."""

from __future__ import annotations

from dataclasses import dataclass

from stance.baseline.lexicon import ACCORDING, CUES
from stance.schema import Article, Attribution, Span, Stance
from stance.text import Word, WordIndex, fold_word, sentence_numbers, split_words

__all__ = ["tag_with_rules"]

_NEGATIONS = frozenset(["لم", "لا", "لن", "ولم", "ولا", "ولن"])
_OPENERS = frozenset(["ان", "انه", "انها", "انهم", "انهما", "بان", "بانه", "بانها", "الي", "علي", "عن"])
_LONGEST_SPEAKER = 10


@dataclass(frozen=True)
class _Reading:
    """An article's words with what the rules ask of them."""

    words: list[Word]
    forms: list[str]
    sentences: list[int]

    def sentence_end(self, index: int) -> int:
        """Return the index behind the last word of the sentence that holds a word."""
        end = index
        while end < len(self.words) and self.sentences[end] == self.sentences[index]:
            end += 1
        return end

    def sentence_start(self, index: int) -> int:
        start = index
        while start > 0 and self.sentences[start - 1] == self.sentences[index]:
            start -= 1
        return start


def tag_with_rules(article: Article) -> Article:
    """Tag an article by a lexicon of cues and simple rules for speaker and content.

    Args:
        article: any article.

    Returns:
        The article with what the rules find: the speaker right behind the cue, else the last one named; the content
        from the next complementiser, colon or quotation mark to the end of the sentence.
    """
    words = split_words(article.text)
    reading = _Reading(words, [fold_word(word.text) for word in words], sentence_numbers(words))
    index = WordIndex(words)
    found: list[Attribution] = []
    last_speaker: tuple[int, int] | None = None
    for place, form in enumerate(reading.forms):
        stance = _stance_of(form)
        if stance is None or (place and reading.forms[place - 1] in _NEGATIONS):
            continue
        if any(bare in ACCORDING for bare in _without_conjunction(form)):
            speaker, content = _speaker_behind(reading, place), _clause_before(reading, place)
        else:
            speaker = _speaker_behind(reading, place)
            content = _content_behind(reading, speaker[1] + 1 if speaker else place + 1)
            speaker = speaker or last_speaker
        last_speaker = speaker or last_speaker
        found.append(
            Attribution(
                cue=index.span_of(place, place),
                stance=stance,
                speaker=_span(index, speaker),
                content=_span(index, content),
            )
        )
    return article.with_attributions(tuple(found))


def _span(index: WordIndex, found: tuple[int, int] | None) -> Span | None:
    return index.span_of(*found) if found else None


def _without_conjunction(form: str) -> tuple[str, ...]:
    """Return a form as it is, and without a `و` or `ف` that may be its own first letter (`وفق`)."""
    return (form, form[1:]) if form[:1] in ("و", "ف") else (form,)


def _stance_of(form: str) -> Stance | None:
    for bare in _without_conjunction(form):
        if bare in ACCORDING:
            return Stance.STATES
        if bare in CUES:
            return CUES[bare]
    return None


def _speaker_behind(reading: _Reading, cue: int) -> tuple[int, int] | None:
    """The words right behind the cue, up to a complementiser, preposition or mark."""
    start = end = cue + 1
    limit = min(reading.sentence_end(cue), start + _LONGEST_SPEAKER)
    while end < limit and reading.words[end].is_lexical and reading.forms[end] not in _OPENERS:
        if reading.forms[end] in ("في", "من", "خلال", "ب", "لل") or reading.forms[end].startswith("بال"):
            break
        end += 1
    return (start, end - 1) if end > start else None


def _content_behind(reading: _Reading, start: int) -> tuple[int, int] | None:
    """From the next complementiser or lexical word to the end of the sentence, or to a participle behind a comma."""
    if start >= len(reading.words):
        return None
    limit = reading.sentence_end(start)
    while start < limit and not (reading.words[start].is_lexical and reading.forms[start] in _OPENERS):
        start += 1
        if start < limit and reading.words[start - 1].text in (":", '"', "«", "“"):
            break
    while start < limit and not reading.words[start].is_lexical:
        start += 1
    end = start
    while end < limit:
        comma = reading.words[end].text == "،"
        if comma and end + 1 < limit and _stance_of(reading.forms[end + 1]) is not None:
            break
        end += 1
    while end > start and not reading.words[end - 1].is_lexical:
        end -= 1
    return (start, end - 1) if end > start and reading.words[start].is_lexical else None


def _clause_before(reading: _Reading, cue: int) -> tuple[int, int] | None:
    start, end = reading.sentence_start(cue), cue - 1
    while end > start and not reading.words[end].is_lexical:
        end -= 1
    return (start, end) if end > start and reading.words[start].is_lexical else None
