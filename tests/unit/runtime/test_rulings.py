"""What the scheme has no row for goes; all else stays."""

from __future__ import annotations

from stance.runtime.rulings import without_repeats
from stance.schema import Attribution, Span, Stance

TEXT = "وحذر الوزير قائلا إن الأسعار سترتفع، بحسب قوله. ورفضت النقابة الخطة وأدانتها"


def attribution(cue: str, speaker: str | None, content: str | None, stance: Stance = Stance.STATES) -> Attribution:
    def span(words: str) -> Span:
        start = TEXT.index(words)
        return Span(start, start + len(words))

    return Attribution(span(cue), stance, span(speaker) if speaker else None, span(content) if content else None)


WARNS = attribution("وحذر", "الوزير", "إن الأسعار سترتفع")


def test_one_content_of_one_speaker_counts_once() -> None:
    again = attribution("قائلا", "الوزير", "إن الأسعار سترتفع")
    assert without_repeats([WARNS, again], text=TEXT) == (WARNS,)


def test_a_tail_that_names_no_source_goes() -> None:
    tail = attribution("بحسب", "قوله", "الأسعار سترتفع")
    assert without_repeats([WARNS, tail], text=TEXT) == (WARNS,)


def test_another_speaker_another_content_and_missing_parts_stay() -> None:
    kept = (
        WARNS,
        attribution("قائلا", "الوزير", "الأسعار"),
        attribution("قائلا", None, "إن الأسعار سترتفع"),
        attribution("ورفضت", "النقابة", None, Stance.REJECTS),
        attribution("وأدانتها", "النقابة", None, Stance.REJECTS),
    )
    assert without_repeats(kept, text=TEXT) == kept
