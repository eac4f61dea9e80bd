"""Augmentation: every change keeps the meaning of every span, and depends on seed, epoch and article alone."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import fields

import pytest

from stance.data.augment import Augmenter, AugmentSettings
from stance.schema import Article, Attribution, Span, Stance
from stance.text import WordIndex, fold_word, split_words

TEXT = (
    "الوزارة الجديدة تنفي وجود خلاف\n"
    "نفى الوزير سالم الحيدري أن يكون «الخلاف» قائما، وأكدت المتحدثة باسم الشركة على متن 😀 رحلة أن العمل مستمر.\n"
    'وقال رئيس الهيئة: "لن نقبل بهذا"، وانتقد إجراءات الجهة الأخرى.'
)


def find(text: str, part: str) -> Span:
    start = text.index(part)
    return Span(start, start + len(part))


def attribution(cue: str, stance: Stance, speaker: str, content: str) -> Attribution:
    return Attribution(find(TEXT, cue), stance, find(TEXT, speaker), find(TEXT, content))


ARTICLE = Article(
    "n1",
    TEXT,
    (
        attribution("تنفي", Stance.DENIES, "الوزارة الجديدة", "وجود خلاف"),
        attribution("نفى", Stance.DENIES, "الوزير سالم الحيدري", "أن يكون «الخلاف» قائما"),
        attribution("وأكدت", Stance.CONFIRMS, "المتحدثة باسم الشركة", "أن العمل مستمر"),
        attribution("وقال", Stance.STATES, "رئيس الهيئة", "لن نقبل بهذا"),
    ),
)
OTHERS = [
    Article("o1", "قال مدير المصنع إن", (Attribution(Span(0, 3), Stance.STATES, Span(4, 15)),)),
    Article("o2", "قالت رئيسة اللجنة إن", (Attribution(Span(0, 4), Stance.STATES, Span(5, 17)),)),
]
KINDS = [own.name for own in fields(AugmentSettings)]
EPOCHS = range(60)


def augmenter(*kinds: str, seed: int = 1) -> Augmenter:
    return Augmenter(AugmentSettings(**dict.fromkeys(kinds, 1.0)), seed=seed, speakers=OTHERS)


def parts(article: Article) -> list[list[str]]:
    return [[span.text_of(article.text) for _, span in own.spans()] for own in article.attributions]


def skeleton(text: str) -> str:
    """What no change but an exchanged mention may touch: letters in any spelling, without blanks and quotes."""
    folded = fold_word(text).replace("ي", "ى")
    return "".join(character for character in folded if character.isalnum())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_changes_something(kind: str) -> None:
    assert any(augmenter(kind)(ARTICLE, epoch=epoch).text != TEXT for epoch in EPOCHS)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("mentions", "title")])
def test_spans_keep_their_meaning(kind: str) -> None:
    wanted = [[skeleton(part) for part in row] for row in parts(ARTICLE)]
    for epoch in EPOCHS:
        changed = augmenter(kind)(ARTICLE, epoch=epoch)
        assert [[skeleton(part) for part in row] for row in parts(changed)] == wanted
        assert [own.stance for own in changed.attributions] == [own.stance for own in ARTICLE.attributions]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("spelling", "blanks", "title")])
def test_cues_stay_to_the_letter(kind: str) -> None:
    for epoch in EPOCHS:
        assert [row[0] for row in parts(augmenter(kind)(ARTICLE, epoch=epoch))] == [row[0] for row in parts(ARTICLE)]


def test_blanks_at_most_split_the_conjunction_off_a_cue() -> None:
    found = {row[0] for epoch in EPOCHS for row in parts(augmenter("blanks")(ARTICLE, epoch=epoch))}
    assert found == {"تنفي", "نفى", "وأكدت", "و أكدت", "وقال", "و قال"}


def test_all_kinds_together_keep_spans_on_whole_words() -> None:
    for epoch in EPOCHS:
        changed = augmenter(*KINDS)(ARTICLE, epoch=epoch)
        index = WordIndex(split_words(changed.text))
        for span in (span for own in changed.attributions for _, span in own.spans()):
            found = index.range_of(span)
            assert found is not None and index.span_of(*found) == span
        assert (changed.id, changed.meta) == (ARTICLE.id, ARTICLE.meta)


def test_exchanged_speakers_are_others_of_the_same_gender_and_leave_the_rest() -> None:
    seen = set()
    for epoch in EPOCHS:
        changed = augmenter("mentions")(ARTICLE, epoch=epoch)
        for before, after in zip(parts(ARTICLE), parts(changed), strict=True):
            assert (before[0], before[2]) == (after[0], after[2])
            if before[1] != after[1]:
                seen.add((before[1], after[1]))
    assert ("الوزير سالم الحيدري", "مدير المصنع") in seen
    assert ("المتحدثة باسم الشركة", "رئيسة اللجنة") in seen
    assert {after for _, after in seen} == {"مدير المصنع", "رئيسة اللجنة"}
    assert ("الوزير سالم الحيدري", "رئيسة اللجنة") not in seen


def test_a_speaker_that_another_span_cuts_is_never_exchanged() -> None:
    text = "قال وزير خارجية البلاد إن"
    nested = (
        Attribution(Span(0, 3), Stance.STATES, Span(4, 22)),
        Attribution(Span(4, 8), Stance.STATES, Span(9, 22)),
    )
    article = Article("n2", text, nested)
    for epoch in EPOCHS:
        changed = augmenter("mentions")(article, epoch=epoch)
        assert changed.attributions[0].cue.text_of(changed.text) == "قال"
        assert changed.attributions[1].cue.text_of(changed.text) == "وزير"
        assert changed.attributions[0].speaker is not None
        assert changed.attributions[0].speaker.text_of(changed.text).startswith("وزير ")


def test_a_repeated_title_has_its_attributions_twice() -> None:
    changed = augmenter("title")(ARTICLE, epoch=0)
    title = TEXT.partition("\n")[0]
    assert changed.text == f"{title}\n{TEXT}"
    assert parts(changed) == [parts(ARTICLE)[0], *parts(ARTICLE)]


@pytest.mark.parametrize("text", ["نص بلا سطر ثان لكنه طويل بما يكفي", "قصير\nنص", "س" * 161 + "\nنص", ""])
def test_what_has_no_proper_title_stays(text: str) -> None:
    article = Article("n3", text)
    assert augmenter("title")(article, epoch=0) == article


def test_quotation_marks_change_in_pairs() -> None:
    styles = {"«»", "“”", '""', "''"}
    seen = set()
    for epoch in EPOCHS:
        text = augmenter("quotes")(ARTICLE, epoch=epoch).text
        assert len(text) == len(TEXT)
        seen.add(text[TEXT.index("«")] + text[TEXT.index("»")])
        assert text[TEXT.index("«")] + text[TEXT.index("»")] == text[TEXT.index('"')] + text[TEXT.rindex('"')]
    assert seen == styles


def test_choices_depend_on_seed_epoch_and_article_alone() -> None:
    one, same = augmenter(*KINDS), augmenter(*KINDS)
    forwards = [one(ARTICLE, epoch=epoch) for epoch in EPOCHS]
    backwards = [same(ARTICLE, epoch=epoch) for epoch in reversed(EPOCHS)]
    assert forwards == backwards[::-1], "a resumed run sees what it would have seen"
    assert len({own.text for own in forwards}) > 40
    assert augmenter(*KINDS, seed=2)(ARTICLE, epoch=0) != forwards[0]
    renamed = [augmenter(*KINDS)(Article("n9", TEXT), epoch=epoch).text for epoch in EPOCHS]
    assert renamed != [own.text for own in forwards]


def test_choices_are_the_same_in_another_process() -> None:
    program = (
        "from stance.data.augment import Augmenter, AugmentSettings; from stance.schema import Article; import sys;"
        "own = Augmenter(AugmentSettings(spelling=1.0, boilerplate=1.0), seed=3)(Article('n1', sys.argv[1]), epoch=2);"
        "sys.stdout.buffer.write(own.text.encode())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "77"}
    done = subprocess.run([sys.executable, "-c", program, TEXT], capture_output=True, check=True, env=environment)
    here = Augmenter(AugmentSettings(spelling=1.0, boilerplate=1.0), seed=3)(Article("n1", TEXT), epoch=2)
    assert done.stdout.decode() == here.text != TEXT


def test_idle_settings_change_nothing() -> None:
    assert AugmentSettings().is_idle
    assert not AugmentSettings(lines=0.1).is_idle
    assert Augmenter(AugmentSettings(), seed=1)(ARTICLE, epoch=0) == ARTICLE
