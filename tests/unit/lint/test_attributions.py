"""Cues together with what they are linked to, over plain articles."""

from __future__ import annotations

import pytest

from stance.lint import Incident, Severity, has_errors, lint_articles
from stance.schema import Article, Attribution, Span, Stance


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def lint(text: str, cue: str, speaker: str | None = None, content: str | None = None) -> list[Incident]:
    own = Attribution(
        span(text, cue),
        Stance.REJECTS,
        span(text, speaker) if speaker else None,
        span(text, content) if content else None,
    )
    return lint_articles([Article("n1", text, (own,))])


@pytest.mark.parametrize("negation", ["لم", "ولم", "لا", "فلن", "ولَم", "ليست"])
def test_a_negated_cue_is_found(negation: str) -> None:
    [incident] = lint(f"{negation} يرفض المجلس الخطة", "يرفض", "المجلس", "الخطة")
    assert (incident.kind, incident.severity) == ("cue-negated", Severity.WARNING)
    assert f"“{negation}”" in incident.message


@pytest.mark.parametrize("text", ["وهو ما يرفض المجلس", "لمن يرفض المجلس", "لا\nيرفض المجلس", "يرفض المجلس لا"])
def test_what_only_looks_like_negation_is_not(text: str) -> None:
    assert not lint(text, "يرفض", "المجلس")


@pytest.mark.parametrize(("speaker", "found"), [("الأخير", True), ("الاخيرة", True), ("هو", True), ("الوزير", False)])
def test_pronouns_are_no_speakers(speaker: str, found: bool) -> None:
    assert [incident.kind for incident in lint(f"رفض {speaker} الخطة", "رفض", speaker, "الخطة")] == (
        ["speaker-pronoun"] if found else []
    )


def test_equal_cues_are_told_apart_by_what_they_are_linked_to() -> None:
    text = "رفض المجلس والوزير الخطة"
    one = Attribution(span(text, "رفض"), Stance.REJECTS, span(text, "المجلس"))

    def kinds(other: Attribution) -> list[str]:
        return [incident.kind for incident in lint_articles([Article("n1", text, (one, other))])]

    assert kinds(one) == ["attribution-duplicate"]
    assert kinds(Attribution(one.cue, Stance.REJECTS, span(text, "والوزير"))) == ["region-duplicate"]
    assert kinds(Attribution(one.cue, Stance.DENIES, one.speaker)) == ["cue-two-stances"]
    assert kinds(Attribution(span(text, "رفض المجلس"), Stance.REJECTS, span(text, "والوزير"))) == ["cue-overlap"]


def test_places_name_the_article_and_the_region() -> None:
    [incident] = lint("رفض الخطة", "رفض")
    assert str(incident.where) == "task n1, region cue-0-3"


def test_articles_that_repeat_each_other_are_found_across_the_collection() -> None:
    articles = [Article("n1", "نص أول"), Article("n2", "نص ثان"), Article("n1", "نص  ثان")]
    found = lint_articles(articles)
    assert [(incident.kind, incident.details["other"]) for incident in found] == [
        ("article-duplicate-id", "n1"),
        ("article-duplicate-text", "n2"),
    ]
    assert has_errors(found) and not has_errors(lint("رفض الخطة", "رفض"))
