"""Attributions for a terminal: who, stance, what, in colour."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from stance.schema import Article, Span, Stance

__all__ = ["STANCE_COLOURS", "attribution_table"]

STANCE_COLOURS = {
    Stance.PROPOSES: "bold blue",
    Stance.REJECTS: "bold red",
    Stance.DENIES: "bold yellow",
    Stance.CONFIRMS: "bold green",
    Stance.STATES: "dim",
}

# Arabic in a table of a left-to-right terminal: each cell is isolated, so that brackets and digits stay in place.
_ISOLATE, _END = "\u2067", "\u2069"


def attribution_table(article: Article, *, longest: int = 90) -> Table:
    """Return a table with one row an attribution.

    Args:
        article: a tagged article.
        longest: code points of a content that are shown.
    """
    title = article.text.strip().partition("\n")[0][:longest]
    heading = Text(f"{article.id}  {_ISOLATE}{title}{_END}", "table.title")  # as text: articles may look like markup
    table = Table(title=heading, title_justify="right", show_lines=False)
    table.add_column("score", justify="right", style="dim")
    table.add_column("content", justify="right")
    table.add_column("cue", justify="right")
    table.add_column("stance")
    table.add_column("speaker", justify="right")
    for own in article.attributions:
        score = "" if own.score is None else f"{own.score:.2f}"
        shown = [_cell(article.text, span, longest) for span in (own.content, own.cue, own.speaker)]
        stance = Text(own.stance, style=STANCE_COLOURS[own.stance])
        table.add_row(score, shown[0], shown[1], stance, shown[2])
    return table


def _cell(text: str, span: Span | None, longest: int) -> Text:
    if span is None:
        return Text("—", style="dim")
    shown = " ".join(span.text_of(text).split())
    shown = shown if len(shown) <= longest else shown[: longest - 1] + "…"
    return Text(f"{_ISOLATE}{shown}{_END}")
