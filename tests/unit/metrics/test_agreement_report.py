"""The report of agreement as tables, JSON and a page."""

from __future__ import annotations

import io
import json
from html.parser import HTMLParser

import pytest
from rich.console import Console

from stance.metrics.agreement import AgreementReport, Version, agreement
from stance.metrics.agreement_html import report_html
from stance.metrics.agreement_report import report_table, report_to_json
from stance.schema import Article, Attribution, Span, Stance

pytest.importorskip("krippendorff")
pytest.importorskip("sklearn")
pytestmark = pytest.mark.train

TEXT = "قال <الوزير> إن «الماء» نظيف & بارد.\nوأضاف [red]المجلس[/red] أن الهواء نقي"


def span(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


@pytest.fixture(scope="module")
def report() -> AgreementReport:
    one = (
        Attribution(span("قال"), Stance.STATES, span("الوزير"), span("إن «الماء» نظيف & بارد")),
        Attribution(span("وأضاف"), Stance.DENIES, span("[red]المجلس"), span("أن الهواء نقي")),
    )
    other = (Attribution(span("قال"), Stance.CONFIRMS, span("المجلس"), span("بارد")),)
    return agreement([Version("A <b>", Article("n1", TEXT, one)), Version("B", Article("n1", TEXT, other))])


class Page(HTMLParser):
    """Collects the text of the article and checks that tags are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.article = ""
        self.marks: list[tuple[str, str]] = []
        self._classes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)
            self._classes.append(dict(attrs).get("class") or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self._classes.pop()

    def handle_data(self, data: str) -> None:
        if "arabic" in self._classes and "sup" not in self.open:
            self.article += data
            if self.open[-1] == "mark":
                self.marks.append((self._classes[-1], data))


def test_the_page_shows_the_text_whole_with_what_is_disputed_marked(report: AgreementReport) -> None:
    page = Page()
    page.feed(report_html(report))
    assert page.open == []
    assert page.article == TEXT
    assert page.marks == [
        ("cue", "قال"),
        ("one", "الوزير"),
        ("one", "إن «الماء» نظيف & "),
        ("one other", "بارد"),
        ("one cue", "وأضاف"),
        ("other", "المجلس"),
    ]


def test_the_page_needs_no_other_file_and_escapes_names(report: AgreementReport) -> None:
    page = report_html(report)
    assert "http" not in page and "<script" not in page and "url(" not in page
    assert "A &lt;b&gt;" in page and "A <b>" not in page


def test_json_holds_the_figures_and_both_versions(report: AgreementReport) -> None:
    [pair] = json.loads(json.dumps(report_to_json(report)))["pairs"]
    assert pair["annotators"] == ["A <b>", "B"]
    assert pair["figures"]["cue_exact_f1"] == pytest.approx(2 / 3)
    first, second = pair["disagreements"]
    assert first["differences"] == ["stance", "speaker", "content"]
    assert first["other"]["content"] == {"start": span("بارد").start, "end": span("بارد").end, "text": "بارد"}
    assert second["differences"] == ["cue"] and second["other"] is None


def test_the_table_lists_disagreements_up_to_its_limit(report: AgreementReport) -> None:
    def printed(limit: int) -> str:
        out = io.StringIO()
        Console(file=out, width=160).print(report_table(report, limit=limit))
        return out.getvalue()

    assert "speaker: [red]المجلس" in printed(2) and "more" not in printed(2)
    assert "… and 1 more" in printed(1)


def test_names_that_look_like_markup_are_text() -> None:
    versions = [
        Version(name, Article("n1", TEXT, (Attribution(span("قال"), stance),)))
        for name, stance in (("[/a]", Stance.STATES), ("[b]", Stance.DENIES))
    ]
    out = io.StringIO()
    Console(file=out, width=160).print(report_table(agreement(versions)))
    assert "[/a] and [b]" in out.getvalue()
    assert out.getvalue().count("[/a]") == 2
