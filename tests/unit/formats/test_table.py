"""The table for terminals: every stance has a colour, long contents are cut, directions are isolated."""

from __future__ import annotations

import io

from rich.console import Console

from stance.formats.table import STANCE_COLOURS, attribution_table
from stance.schema import Article, Attribution, Span, Stance

TEXT = "العنوان\nنفى الوزير\r\nوجود [bold]خلاف[/bold] " + "طويل " * 60


def shown(article: Article) -> str:
    console = Console(file=io.StringIO(), width=240, force_terminal=False)
    console.print(attribution_table(article, longest=40))
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return text


def test_every_stance_has_a_colour_of_its_own() -> None:
    assert set(STANCE_COLOURS) == set(Stance)
    assert len(set(STANCE_COLOURS.values())) == len(Stance)


def test_a_row_tells_who_takes_which_stance_towards_what() -> None:
    own = Attribution(Span(8, 11), Stance.DENIES, Span(12, 18), Span(20, len(TEXT) - 1), 0.5)
    table = shown(Article("n1", TEXT, (own,)))
    for part in ("n1", "\u2067العنوان\u2069", "denies", "\u2067نفى\u2069", "\u2067الوزير\u2069", "0.50", "…\u2069"):
        assert part in table
    assert "[bold]خلاف[/bold]" in table, "markup in an article is text"
    assert "طويل " * 10 not in table


def test_absent_parts_and_scores() -> None:
    table = shown(Article("n1", TEXT, (Attribution(Span(8, 11), Stance.STATES),)))
    assert table.count("—") == 2
    assert "None" not in table


def test_an_empty_article_has_an_empty_table() -> None:
    assert "n0" in shown(Article("n0", ""))


def test_names_and_titles_that_look_like_markup_are_text() -> None:
    title = shown(Article("[/x]", "[/url] قال الوزير"))
    assert "[/x]" in title
    assert "[/url] قال الوزير" in title
