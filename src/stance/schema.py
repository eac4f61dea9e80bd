"""The annotation scheme as types: spans, attributions, articles, and the only place where labels are written."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeGuard

from stance.errors import SchemaError

__all__ = ["FOUR_STANCES", "Article", "Attribution", "Part", "Span", "Stance", "is_score"]


class Stance(enum.StrEnum):
    """How a speaker stands to a content: two axes (action, claim), two signs (for, against), and neither."""

    PROPOSES = "proposes"
    REJECTS = "rejects"
    DENIES = "denies"
    CONFIRMS = "confirms"
    STATES = "states"


FOUR_STANCES = (Stance.PROPOSES, Stance.REJECTS, Stance.DENIES, Stance.CONFIRMS)
"""The stances proper: all but `states`."""


class Part(enum.StrEnum):
    """The spans that an attribution is made of."""

    CUE = "cue"
    SPEAKER = "speaker"
    CONTENT = "content"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of an article's raw text.

    Args:
        start: code point where it begins.
        end: code point behind its last one (half-open).

    Raises:
        SchemaError: if it is empty, reversed or starts before the text.

    Example:
        >>> Span(0, 3).text_of("قال الوزير")
        'قال'
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.start < 0:
            raise SchemaError(f"span [{self.start}, {self.end}) starts before the text; offsets count from 0")
        if self.end <= self.start:
            fault = "is empty" if self.end == self.start else "ends before it starts"
            raise SchemaError(f"span [{self.start}, {self.end}) {fault}; offsets are half-open code points")

    def __len__(self) -> int:
        return self.end - self.start

    def text_of(self, text: str) -> str:
        """Return the stretch of `text` that this span covers."""
        return text[self.start : self.end]

    def overlap(self, other: Span) -> int:
        """Return how many code points both spans cover."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def covers(self, other: Span) -> bool:
        """Return whether `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Attribution:
    """One speaker's stance towards one content, and the cue that shows it.

    Args:
        cue: the expression that ascribes the content to the speaker.
        stance: what the speaker does with the content.
        speaker: who speaks; None where the article never says who.
        content: what is said; None where it is elided.
        score: confidence between 0 and 1; None for annotations by people.
        alt: other stances that a reader may accept.
        optional: whether the scheme leaves its annotation open; then it counts neither way.
    """

    cue: Span
    stance: Stance
    speaker: Span | None = None
    content: Span | None = None
    score: float | None = None
    alt: tuple[Stance, ...] = ()
    optional: bool = False

    def spans(self) -> Iterator[tuple[Part, Span]]:
        """Yield the parts that are there, the cue first."""
        yield Part.CUE, self.cue
        if self.speaker is not None:
            yield Part.SPEAKER, self.speaker
        if self.content is not None:
            yield Part.CONTENT, self.content

    def accepts(self, stance: Stance) -> bool:
        """Return whether `stance` is this attribution's own or one of its accepted others."""
        return stance == self.stance or stance in self.alt


def is_score(value: object) -> TypeGuard[float]:
    """Return whether a value that was read from a file can be an attribution's score."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


@dataclass(frozen=True, slots=True)
class Article:
    """An article's raw text and the attributions in it.

    Args:
        id: name of the article, unique in its data set.
        text: the text as it came; never changed.
        attributions: kept in the order of their cues.
        meta: what else is known of it (outlet, date, …); carried along, never read by models.

    Raises:
        SchemaError: if a span runs off the text, or the id or text holds a lone surrogate, which is no character.

    Example:
        >>> text = "نفت الوزارة وجود أي اتفاق"
        >>> attribution = Attribution(Span(0, 3), Stance.DENIES, speaker=Span(4, 11), content=Span(12, 25))
        >>> article = Article("n1", text, (attribution,))
        >>> article.attributions[0].content.text_of(article.text)
        'وجود أي اتفاق'
    """

    id: str
    text: str
    attributions: tuple[Attribution, ...] = ()
    meta: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        for name, value in (("id", self.id), ("text", self.text)):
            try:
                value.encode()
            except UnicodeEncodeError as error:
                raise SchemaError(
                    f"article {self.id!a}: a lone surrogate stands at {error.start} of its {name}; decode it as UTF-16"
                ) from error
        for number, attribution in enumerate(self.attributions):
            for part, span in attribution.spans():
                if span.end > len(self.text):
                    raise SchemaError(
                        f"article {self.id}, attribution {number}: {part} [{span.start}, {span.end}) runs off the text "
                        f"of {len(self.text)} code points; was the text changed after it was annotated?"
                    )
        ordered = tuple(sorted(self.attributions, key=_reading_order))
        object.__setattr__(self, "attributions", ordered)

    def with_attributions(self, attributions: tuple[Attribution, ...]) -> Article:
        """Return the same article with other attributions."""
        return replace(self, attributions=attributions)


def _reading_order(attribution: Attribution) -> tuple[object, ...]:
    def bounds(span: Span | None) -> tuple[int, int]:
        return (-1, -1) if span is None else (span.start, span.end)

    return (attribution.cue, bounds(attribution.speaker), bounds(attribution.content), attribution.stance)
