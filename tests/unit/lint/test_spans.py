"""Which edges a span may have: whole words, no white space, no mark but the scheme's exceptions."""

from __future__ import annotations

import pytest

from stance.lint import lint_articles
from stance.schema import Article, Attribution, Span, Stance

CUE = "قال"


def kinds(text: str, content: str, *, cue: str = CUE) -> list[str]:
    text = f"{text} ثم"
    start = text.index(content)
    own = Attribution(
        Span(text.index(cue), text.index(cue) + len(cue)), Stance.STATES, content=Span(start, start + len(content))
    )
    return [incident.kind for incident in lint_articles([Article("n1", text, (own,))])]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("قال إن القرار «خاطئ»", "إن القرار «خاطئ»"),
        ('قال إن القرار "خاطئ"', 'إن القرار "خاطئ"'),
        ("قال إن القرار “خاطئ”", "إن القرار “خاطئ”"),
        ("قال إن الحلف (الناتو)", "إن الحلف (الناتو)"),
        ("قال إن الحلف «الناتو (حلف الأطلسي)»", "إن الحلف «الناتو (حلف الأطلسي)»"),
        ("قال إن النسبة 42%", "إن النسبة 42%"),
        ("قال إن النسبة ٤٢ ٪", "إن النسبة ٤٢ ٪"),
        ("قال إن السعر 5$", "إن السعر 5$"),
        ("قال إن «السوق» حر", "إن «السوق» حر"),
        ('قال "إن "أوبك" قوية" ', 'إن "أوبك" قوية'),
        ("قال أكّدَ", "أكّدَ"),
    ],
)
def test_edges_that_the_scheme_allows(text: str, content: str) -> None:
    assert kinds(text, content) == []


@pytest.mark.parametrize(
    ("text", "content", "kind"),
    [
        ("قال «إن القرار خاطئ»", "«إن القرار خاطئ»", "span-edge-punctuation"),
        ("قال «إن القرار خاطئ»", "إن القرار خاطئ»", "span-edge-punctuation"),
        ('قال "إن القرار" خاطئ', '"إن القرار" خاطئ', "span-edge-punctuation"),
        ('قال "إن "أوبك" قوية"', 'إن "أوبك" قوية"', "span-edge-punctuation"),
        ("قال إن القرار خاطئ.", "إن القرار خاطئ.", "span-edge-punctuation"),
        ("قال إن القرار)", "إن القرار)", "span-edge-punctuation"),
        ("قال إن القرار،", "إن القرار،", "span-edge-punctuation"),
        ("قال: إن القرار", ": إن القرار", "span-edge-punctuation"),
        ("قال إن القرار\u00a0خاطئ", "إن القرار\u00a0", "span-edge-space"),
        ("قال\nإن القرار", "\nإن القرار", "span-edge-space"),
        ("قال \u200fإن القرار", "\u200fإن القرار", "span-edge-invisible"),
        ("قال إن القرار", "ن القرار", "span-inside-word"),
        ("قال إن القرار", "إن القر", "span-inside-word"),
        ("قال إن القرارَ", "إن القرار", "span-inside-word"),
    ],
)
def test_edges_that_it_does_not(text: str, content: str, kind: str) -> None:
    assert kinds(text, content) == [kind]


def test_the_headline_colon_is_the_one_cue_that_is_punctuation() -> None:
    assert kinds("روسيا: سنقصف", "سنقصف", cue=":") == []
    assert kinds("روسيا، سنقصف", "سنقصف", cue="،") == ["span-edge-punctuation"]


@pytest.mark.parametrize("words", [160, 161])
def test_a_content_is_too_long_from_its_161st_word(words: int) -> None:
    content = " ".join(["كلام"] * words)
    assert kinds(f"قال {content}", content) == (["content-too-long"] if words > 160 else [])
