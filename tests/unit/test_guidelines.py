"""The Arabic and the English guidelines say the same, and their examples keep the rules that they teach."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from stance.lint import format_incidents, lint_articles
from stance.schema import Article, Attribution, Part, Span, Stance

FOLDER = Path(__file__).parents[2] / "annotation" / "guidelines"
TEXTS = {language: (FOLDER / f"{language}.md").read_text(encoding="utf-8") for language in ("ar", "en")}
NONE = "—"
STANCE = re.compile(r"(?P<stance>\w+)(?: \(also: (?P<alt>\w+)\))?(?P<optional> \(optional\))?")


class Example(NamedTuple):
    sentence: str
    rows: list[list[str]]


def examples(text: str) -> dict[str, Example]:
    """A heading `### E1`, the sentence as a quotation, and a table of four columns with an attribution a row."""
    found = {}
    for block in re.split(r"^### ", text, flags=re.M)[1:]:
        block = re.split(r"^## ", block, flags=re.M)[0]
        [sentence] = re.findall(r"^> (.+)$", block, re.M)
        table = [[cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"^\|.*\|$", block, re.M)]
        assert table[0] == [*Part, "stance"], block
        number = block.split("\n", 1)[0]
        assert number not in found, f"{number} is there twice"
        found[number] = Example(sentence, [row for row in table[2:] if row != [NONE] * 4])
    return found


def span_of(part: str, sentence: str, after: int = 0) -> Span | None:
    """Where a part stands in a sentence, as whole words; None for a dash."""
    if part == NONE:
        return None
    whole = re.escape(part) if part == ":" else rf"(?<!\w){re.escape(part)}(?!\w)"
    match = re.compile(whole).search(sentence, after)
    assert match, f"“{part}” is not in “{sentence}”"
    return Span(*match.span())


def article_of(number: str, example: Example) -> Article:
    found = []
    position = 0
    for cue, speaker, content, stance in example.rows:
        parsed = STANCE.fullmatch(stance)
        assert parsed, f"{number}: {stance}"
        where = span_of(cue, example.sentence, position)
        assert where, f"{number} has no cue"
        position = where.end
        found.append(
            Attribution(
                where,
                Stance(parsed["stance"]),
                speaker=span_of(speaker, example.sentence),
                content=span_of(content, example.sentence),
                alt=(Stance(parsed["alt"]),) if parsed["alt"] else (),
                optional=bool(parsed["optional"]),
            )
        )
    return Article(number, example.sentence, tuple(found))


EXAMPLES = {language: examples(text) for language, text in TEXTS.items()}


def test_examples_are_the_same_and_numbered_through() -> None:
    assert EXAMPLES["ar"] == EXAMPLES["en"]
    assert list(EXAMPLES["ar"]) == [f"E{number}" for number in range(1, len(EXAMPLES["ar"]) + 1)]
    assert len(EXAMPLES["ar"]) >= 40


def test_sections_and_decisions_are_the_same() -> None:
    decisions = {
        language: re.findall(r"^\| (D\d+) \| ([\d.]+) \| ([\d-]+) \|", text, re.M) for language, text in TEXTS.items()
    }
    assert decisions["ar"] == decisions["en"]
    assert [number for number, *_ in decisions["ar"]] == [f"D{number}" for number in range(1, len(decisions["ar"]) + 1)]
    assert len(decisions["ar"]) >= 12
    sections = {language: re.findall(r"^## (\d+)\.", text, re.M) for language, text in TEXTS.items()}
    assert sections["ar"] == sections["en"] == [str(number) for number in range(1, len(sections["ar"]) + 1)]


def test_the_same_examples_are_referred_to_and_they_are_there() -> None:
    references = {language: re.findall(r"\bE\d+\b", text) for language, text in TEXTS.items()}
    assert sorted(references["ar"]) == sorted(references["en"])
    assert set(references["ar"]) <= set(EXAMPLES["ar"])


@pytest.mark.parametrize("language", TEXTS)
def test_every_label_is_named(language: str) -> None:
    for label in (*Stance, *Part, "also", "optional"):
        assert f"`{label}`" in TEXTS[language], label


def test_every_stance_is_shown_and_so_are_sentences_without_attribution() -> None:
    shown = [attribution.stance for item in EXAMPLES["ar"].items() for attribution in article_of(*item).attributions]
    assert all(shown.count(stance) >= 4 for stance in Stance)
    assert any(not example.rows for example in EXAMPLES["ar"].values())


@pytest.mark.parametrize("number", EXAMPLES["ar"])
def test_parts_stand_in_their_sentence_and_keep_the_rules_of_spans(number: str) -> None:
    incidents = lint_articles([article_of(number, EXAMPLES["ar"][number])])
    assert not incidents, format_incidents(incidents, "en")
