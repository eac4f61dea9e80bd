"""Agreement as one page: the figures, and every disagreement in the text of its article, to adjudicate."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from html import escape

from stance.metrics.agreement import AgreementReport, PairAgreement
from stance.metrics.agreement_report import flat_figures, shown
from stance.metrics.disagreement import Comparison, Difference, Disagreement
from stance.schema import Article, Attribution, Part, Span, Stance

__all__ = ["report_html"]

_STYLE = """
:root { color-scheme: light; --one: #cfe3ff; --other: #ffdfb8; --both: #e3cdf5; --line: #d5d9e0; --quiet: #5b6472; }
body { font: 16px/1.5 system-ui, "Noto Sans", sans-serif; color: #1c2430;
  max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.25; } h3 { margin: 2.5rem 0 .5rem; }
table { border-collapse: collapse; margin: .75rem 0 1.5rem; }
th, td { border: 1px solid var(--line); padding: .3rem .6rem; vertical-align: top; }
th { background: #f3f5f8; text-align: start; font-weight: 600; }
td.figure { text-align: end; font-variant-numeric: tabular-nums; } td.same { background: #eef7ee; }
.scroll { overflow-x: auto; }
.arabic, table.cases dd { font-family: "Noto Naskh Arabic", "Amiri", "Geeza Pro", "Segoe UI", serif; }
.arabic { direction: rtl; text-align: right; font-size: 1.15rem; line-height: 2.1; white-space: pre-wrap;
  border: 1px solid var(--line); border-radius: .4rem; padding: .75rem 1rem; }
mark { background: none; color: inherit; padding: .1em 0; border-radius: .15em; }
mark.one { background: var(--one); } mark.other { background: var(--other); }
mark.one.other { background: var(--both); }
mark.cue { font-weight: 700; border-bottom: 3px solid #b3261e; }
sup { font: 600 .65em/1 system-ui, sans-serif; color: #b3261e; margin-inline-end: .15em; }
table.cases { width: 100%; table-layout: fixed; } table.cases th:first-child { width: 2.2rem; }
table.cases th:nth-child(2) { width: 6.5rem; }
dl { display: grid; grid-template-columns: 4.2rem 1fr; margin: 0; }
dt { color: var(--quiet); font: .8rem/1.9 system-ui, sans-serif; } dd { margin: 0; direction: rtl; text-align: right; }
table.cases dd.stance { direction: ltr; text-align: left; font-family: system-ui, sans-serif; }
td.one dd.differs { background: var(--one); } td.other dd.differs { background: var(--other); }
.key mark { padding: .1em .5em; } .quiet { color: var(--quiet); }
"""


def report_html(report: AgreementReport) -> str:
    """Write the report as a page that needs no other file.

    Args:
        report: what `agreement` found.

    Returns:
        The HTML; articles and quotations run right to left.
    """
    sections = "".join(_pair(pair) for pair in report.pairs)
    if report.skipped:
        sections += f"<p>Not compared, because the texts differ: {escape(', '.join(report.skipped))}.</p>\n"
    return (
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Agreement of annotators</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head>\n<body>\n<h1>Agreement of annotators</h1>\n{sections}</body>\n</html>\n"
    )


def _pair(pair: PairAgreement) -> str:
    one, other = map(escape, pair.annotators)
    differing = [comparison for comparison in pair.comparisons if comparison.disagreements]
    number = sum(len(comparison.disagreements) for comparison in differing)
    return (
        f"<section>\n<h2>{one} and {other}</h2>\n{_figures(pair)}{_stances(pair)}"
        f"<h2>{number} disagreements in {len(differing)} of {len(pair.comparisons)} articles</h2>\n"
        f'<p class="key">In the texts: <mark class="one">{one} only</mark> <mark class="other">{other} only</mark> '
        '<mark class="one other">both</mark> <mark class="cue">cue</mark>, with the number of its row.</p>\n'
        f"{''.join(_article(comparison) for comparison in differing)}</section>\n"
    )


def _figures(pair: PairAgreement) -> str:
    columns = [("all", pair.figures), *pair.periods]
    values = [flat_figures(figures) for _, figures in columns]
    head = "".join(f"<th>{escape(name)}</th>" for name, _ in columns)
    rows = "".join(
        f"<tr><th>{escape(measure)}</th>"
        + "".join(f'<td class="figure">{shown(value[measure])}</td>' for value in values)
        + "</tr>\n"
        for measure in values[0]
    )
    return f'<div class="scroll"><table><tr><th></th>{head}</tr>\n{rows}</table></div>\n'


def _stances(pair: PairAgreement) -> str:
    one, other = map(escape, pair.annotators)
    head = "".join(f"<th>{stance}</th>" for stance in Stance)
    rows = ""
    for left in Stance:
        cells = ""
        for right in Stance:
            kind = "figure same" if left is right else "figure"
            cells += f'<td class="{kind}">{pair.figures.stances.get((left, right), 0) or ""}</td>'
        rows += f"<tr><th>{left}</th>{cells}</tr>\n"
    title = f"<h3>Stances of matched cues</h3>\n<p class='quiet'>Rows: {one}. Columns: {other}.</p>\n"
    return f'{title}<div class="scroll"><table><tr><th></th>{head}</tr>\n{rows}</table></div>\n'


def _article(comparison: Comparison) -> str:
    article = comparison.one.article
    one, other = escape(comparison.one.annotator), escape(comparison.other.annotator)
    rows = "".join(_case(article, number, own) for number, own in enumerate(comparison.disagreements, 1))
    return (
        f'<article>\n<h3>{escape(article.id)}</h3>\n<div class="arabic" lang="ar">{_text(comparison)}</div>\n'
        f'<table class="cases"><tr><th></th><th>differ in</th><th>{one}</th><th>{other}</th></tr>\n{rows}</table>\n'
        "</article>\n"
    )


def _case(article: Article, number: int, own: Disagreement) -> str:
    return (
        f"<tr><td>{number}</td><td>{', '.join(own.differences)}</td>"
        f'<td class="one">{_side(article, own.one, own.differences)}</td>'
        f'<td class="other">{_side(article, own.other, own.differences)}</td></tr>\n'
    )


def _side(article: Article, own: Attribution | None, differences: Sequence[Difference]) -> str:
    if own is None:
        return '<span class="quiet">not marked</span>'
    spans = dict(own.spans())
    rows = [(Difference.STANCE, "stance", escape(own.stance))]
    for part in Part:
        quoted = escape(spans[part].text_of(article.text)) if part in spans else '<span class="quiet">none</span>'
        rows.append((Difference(part), "", quoted))
    cells = ""
    for difference, kind, shown_value in rows:
        classes = " ".join(filter(None, (kind, "differs" if difference in differences else "")))
        cells += f'<dt>{difference}</dt><dd class="{classes}">{shown_value}</dd>'
    return f"<dl>{cells}</dl>"


def _text(comparison: Comparison) -> str:
    """Return the article with what is disputed marked; marks cannot overlap, so one ends wherever another begins."""
    text = comparison.one.article.text
    stretches = [stretch for own in comparison.disagreements for stretch in _stretches(own)]
    numbers: dict[int, list[str]] = {}
    for number, own in enumerate(comparison.disagreements, 1):
        numbers.setdefault(own.cue().start, []).append(str(number))
    edges = {0, len(text), *numbers, *(edge for span, _ in stretches for edge in (span.start, span.end))}
    bounds = sorted(edges)
    written = ""
    for start, end in itertools.pairwise(bounds):
        classes = {name for span, name in stretches if span.start <= start and end <= span.end}
        if start in numbers:
            written += f"<sup>{'·'.join(numbers[start])}</sup>"
        piece = escape(text[start:end])
        ordered = " ".join(sorted(classes, key=("one", "other", "cue").index))
        written += f'<mark class="{ordered}">{piece}</mark>' if classes else piece
    return written


def _stretches(own: Disagreement) -> Iterator[tuple[Span, str]]:
    """Yield the spans that a disagreement is about, and whose they are."""
    disputed = {str(difference) for difference in own.differences}
    for name, side in (("one", own.one), ("other", own.other)):
        for part, span in side.spans() if side else ():
            if part is Part.CUE:
                yield span, "cue"
            if part in disputed:
                yield span, name
