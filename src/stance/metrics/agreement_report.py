"""Agreement for people and programs: tables for the terminal, JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from stance.metrics.agreement import AgreementReport, Figures, PairAgreement
from stance.schema import Article, Attribution

__all__ = ["flat_figures", "report_table", "report_to_json", "shown"]

_QUOTED = 60


def flat_figures(figures: Figures) -> dict[str, float | None]:
    """Return every figure by a name that tables and trackers take.

    Args:
        figures: the figures of two annotators.

    Returns:
        Counts, F1 and coefficients; None where a coefficient is not defined.
    """
    found: dict[str, float | None] = {"articles": figures.articles, "matched_cues": sum(figures.stances.values())}
    for part, counts in figures.spans.items():
        found[f"{part}_exact_f1"] = counts.exact.f1
        found[f"{part}_overlap_f1"] = counts.overlap.f1
    found.update({f"{name}_alpha": alpha for name, alpha in figures.alpha.items()})
    found["stance_kappa"] = figures.kappa
    found["who+stance_f1"] = figures.who_stance.f1
    return found


def report_table(report: AgreementReport, *, limit: int = 20) -> RenderableType:
    """Lay the report out for the terminal.

    Args:
        report: what `agreement` found.
        limit: how many disagreements to list a pair of annotators; the HTML page has all.

    Returns:
        For each pair a table of figures, over all articles and over time, and one of disagreements.
    """
    parts = [part for pair in report.pairs for part in (_figures_table(pair), *_disagreements(pair, limit))]
    if report.skipped:
        parts.append(Text(f"not compared, the texts differ: {', '.join(report.skipped)}\n", style="yellow"))
    return Group(*parts)


def _figures_table(pair: PairAgreement) -> Table:
    one, other = pair.annotators
    table = Table(title=Text(f"{one} and {other}", "table.title"), title_justify="left", header_style="bold")
    table.add_column("")
    columns = [("all", pair.figures), *pair.periods]
    for name, _ in columns:
        table.add_column(name, justify="right")
    values = [flat_figures(figures) for _, figures in columns]
    for measure in values[0]:
        table.add_row(measure, *(shown(value[measure]) for value in values))
    return table


def shown(value: float | None) -> str:
    """Return a figure as it is printed: counts whole, scores with three digits."""
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def _disagreements(pair: PairAgreement, limit: int) -> Sequence[RenderableType]:
    found = [(comparison, own) for comparison in pair.comparisons for own in comparison.disagreements]
    if not found:
        return [Text("no disagreement\n")]
    table = Table("article", "differ in", header_style="bold", show_lines=True)
    for annotator in pair.annotators:
        table.add_column(Text(annotator))
    for comparison, own in found[:limit]:
        article = comparison.one.article
        table.add_row(
            Text(article.id),
            Text(", ".join(own.differences)),
            *(Text(_line(article, side)) for side in (own.one, own.other)),
        )
    hidden = len(found) - limit
    return [table, Text(f"… and {hidden} more; the HTML page has all\n" if hidden > 0 else "")]


def _line(article: Article, own: Attribution | None) -> str:
    if own is None:
        return "–"
    spans = {part: " ".join(span.text_of(article.text).split()) for part, span in own.spans()}
    half = _QUOTED // 2
    short = {part: text if len(text) <= _QUOTED else f"{text[:half]}…{text[-half:]}" for part, text in spans.items()}
    return "\n".join([str(own.stance), *(f"{part}: {text}" for part, text in short.items())])


def report_to_json(report: AgreementReport) -> dict[str, Any]:
    """Return the report as a JSON object.

    Args:
        report: what `agreement` found.

    Returns:
        `pairs`, each with `annotators`, `figures`, `periods`, `stances` and `disagreements`; and `skipped` article ids.
    """
    return {"pairs": [_pair_to_json(pair) for pair in report.pairs], "skipped": list(report.skipped)}


def _pair_to_json(pair: PairAgreement) -> dict[str, Any]:
    return {
        "annotators": list(pair.annotators),
        "figures": flat_figures(pair.figures),
        "periods": [{"period": name, **flat_figures(figures)} for name, figures in pair.periods],
        "stances": [
            {"one": str(one), "other": str(other), "cues": number}
            for (one, other), number in sorted(pair.figures.stances.items())
        ],
        "disagreements": [
            {
                "article": comparison.one.article.id,
                "differences": [str(difference) for difference in own.differences],
                "one": _attribution_to_json(comparison.one.article, own.one),
                "other": _attribution_to_json(comparison.one.article, own.other),
            }
            for comparison in pair.comparisons
            for own in comparison.disagreements
        ],
    }


def _attribution_to_json(article: Article, own: Attribution | None) -> dict[str, Any] | None:
    if own is None:
        return None
    row: dict[str, Any] = {"stance": str(own.stance), "speaker": None, "content": None}
    for part, span in own.spans():
        row[str(part)] = {"start": span.start, "end": span.end, "text": span.text_of(article.text)}
    return row
