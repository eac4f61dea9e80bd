#!/usr/bin/env python
"""Writes the bad example exports: a good task with one fault, a file, named by the incident that the fault must bring.

python tests/golden/lint/make.py
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Json = dict[str, Any]

HERE = Path(__file__).parent
TEXT = (
    "نفت وزارة البيئة وجود أي تلوث في البحيرة، وأكد الوزير سالم الهادي أن المياه «صالحة للشرب».\n"
    "وقال إن الفحوص مستمرة.\n"
    "ولم يرفض المجلس الخطة، والأخير رحب بها."
)
REGIONS = {
    "c1": ("denies", "نفت"),
    "s1": ("speaker", "وزارة البيئة"),
    "m1": ("content", "وجود أي تلوث في البحيرة"),
    "c2": ("confirms", "وأكد"),
    "s2": ("speaker", "الوزير سالم الهادي"),
    "m2": ("content", "أن المياه «صالحة للشرب»"),
    "c3": ("states", "وقال"),
    "m3": ("content", "إن الفحوص مستمرة"),
}
ARROWS = (("c1", "s1"), ("c1", "m1"), ("c2", "s2"), ("c2", "m2"), ("c3", "s2"), ("c3", "m3"))


class Example:
    """An export of one good task, to be spoilt."""

    def __init__(self, *, swap: tuple[str, str] = ("", "")) -> None:
        """Build the task, with words of its text swapped for others before anything is marked."""
        self.text = TEXT.replace(*swap) if swap[0] else TEXT
        self.results: list[Json] = []
        self.annotation: Json = {"id": 11, "completed_by": 1, "was_cancelled": False, "result": self.results}
        self.data: Json = {"id": "n1", "text": self.text}
        self.tasks: list[Json] = [{"id": 1, "annotations": [self.annotation], "predictions": [], "data": self.data}]
        for name, (label, words) in REGIONS.items():
            self.region(name, label, words.replace(*swap) if swap[0] else words)
        for source, target in ARROWS:
            self.arrow(source, target)

    def region(self, name: str, label: str, words: str) -> Json:
        """Mark words."""
        return self._result(name, "labels", "part", words, [label])

    def choice(self, name: str, words: str, chosen: str) -> Json:
        """Choose another stance for a region."""
        return self._result(name, "choices", "also", words, [chosen])

    def _result(self, name: str, type_: str, control: str, words: str, chosen: list[str]) -> Json:
        start = self.text.index(words)
        value = {"start": start, "end": start + len(words), "text": words, type_: chosen}
        entry = {"id": name, "type": type_, "from_name": control, "to_name": "text", "value": value}
        self.results.append(entry)
        return entry

    def arrow(self, source: str, target: str, label: str | None = None) -> Json:
        """Draw a relation."""
        labels = [label or ("speaker" if target.startswith("s") else "content")]
        entry = {"type": "relation", "from_id": source, "to_id": target, "direction": "right", "labels": labels}
        self.results.append(entry)
        return entry

    def value(self, name: str) -> Json:
        """Return the value of a region."""
        found: Json = next(entry for entry in self.results if entry.get("id") == name)["value"]
        return found

    def drawn(self, source: str, target: str) -> Json:
        """Return a relation."""
        ends = (source, target)
        return next(entry for entry in self.results if (entry.get("from_id"), entry.get("to_id")) == ends)

    def move(self, name: str, words: str) -> None:
        """Let a region cover other words."""
        start = self.text.index(words)
        self.value(name).update(start=start, end=start + len(words), text=words)


FAULTS: dict[str, Callable[[], Example]] = {}


def fault(kind: str, **built: Any) -> Callable[[Callable[[Example], object]], None]:
    """Register how an example is spoilt so that it brings an incident of a kind."""

    def register(spoil: Callable[[Example], object]) -> None:
        def make() -> Example:
            example = Example(**built)
            spoil(example)
            return example

        FAULTS[kind] = make

    return register


def second_task(example: Example, **data: str) -> None:
    example.tasks.append({"id": 2, "annotations": [{"id": 12, "result": []}], "predictions": [], "data": data})


fault("article-without-text")(lambda example: example.data.update(text=" \n"))
fault("article-lone-surrogates")(lambda example: example.data.update(text=TEXT + "\ud83d"))
fault("article-duplicate-id")(lambda example: second_task(example, id="n1", text="نص آخر."))
fault("article-duplicate-text")(lambda example: second_task(example, id="n2", text=TEXT.replace("\n", " \n")))
fault("article-not-annotated")(lambda example: example.tasks[0].update(annotations=[]))

fault("result-malformed")(lambda example: example.results.append({"id": "x", "type": "labels", "value": "نفت"}))
fault("result-unread")(lambda example: example.results.append({"id": "x", "type": "textarea", "value": {}}))
fault("region-repeated-id")(lambda example: example.region("c1", "confirms", "رحب"))
fault("score-out-of-range")(lambda example: example.results[0].update(score=7))

fault("span-without-offsets")(lambda example: example.value("s1").update(start=None))
fault("span-reversed")(lambda example: example.value("s1").update(start=16, end=4))
fault("span-empty")(lambda example: example.value("s1").update(end=4))
fault("span-off-text")(lambda example: example.value("m3").update(end=4000))
fault("span-text-mismatch")(lambda example: example.value("s1").update(text="وزارة الصحة"))
fault("span-inside-word")(lambda example: example.move("s1", "وزارة البيئ"))
fault("span-edge-space")(lambda example: example.move("s1", "وزارة البيئة "))
fault("span-edge-invisible", swap=("مستمرة", "مستمرة\u200f"))(lambda _: None)
fault("span-edge-punctuation")(lambda example: example.move("m1", "وجود أي تلوث في البحيرة،"))
fault("cue-too-long", swap=("وقال", "وقال في حديث له إلى بعض الصحفيين"))(lambda _: None)
fault("speaker-too-long", swap=("سالم", "السابق " * 38 + "سالم"))(lambda _: None)
fault("content-too-long", swap=("مستمرة", "والتحاليل " * 158 + "مستمرة"))(lambda _: None)

fault("label-conflict")(lambda example: example.value("s1").update(labels=["speaker", "content"]))
fault("cue-without-stance")(lambda example: example.value("c1").update(labels=["cue"]))
fault("cue-two-stances")(lambda example: example.value("c1").update(labels=["denies", "rejects"]))
fault("alternative-repeats-stance")(lambda example: example.choice("c1", "نفت", "denies"))
fault("alternative-unknown")(lambda example: example.choice("c1", "نفت", "doubts"))
fault("choice-without-cue")(lambda example: example.choice("s1", "وزارة البيئة", "rejects"))

fault("cue-two-speakers")(lambda example: example.arrow("c1", "s2"))
fault("cue-two-contents")(lambda example: example.arrow("c1", "m2"))
fault("cue-unlinked")(lambda example: example.region("c4", "confirms", "رحب"))
fault("content-contains-cue")(lambda example: example.move("m3", "وقال إن الفحوص مستمرة"))
fault("speaker-contains-cue")(lambda example: example.move("s1", "نفت وزارة البيئة"))
fault("speaker-orphan")(lambda example: example.results.remove(example.drawn("c1", "s1")))
fault("content-orphan")(lambda example: example.results.remove(example.drawn("c1", "m1")))

fault("relation-dangling")(lambda example: example.arrow("c1", "s7"))
fault("relation-wrong-parts")(lambda example: example.arrow("c1", "c2"))
fault("relation-not-from-cue")(lambda example: example.drawn("c1", "s1").update(direction="left"))
fault("relation-wrong-label")(lambda example: example.drawn("c1", "s1").update(labels=["content"]))
fault("relation-duplicate")(lambda example: example.arrow("c1", "s1"))


@fault("label-missing")
def _(example: Example) -> None:
    example.region("x", "speaker", "المجلس")["value"].update(labels=[])


@fault("label-unknown")
def _(example: Example) -> None:
    example.region("x", "topic", "المجلس")


@fault("region-duplicate")
def _(example: Example) -> None:
    example.region("s3", "speaker", "الوزير سالم الهادي")
    example.drawn("c3", "s2").update(to_id="s3")


@fault("cue-overlap")
def _(example: Example) -> None:
    example.region("c4", "states", "وقال إن")
    example.arrow("c4", "s2")


@fault("cue-negated")
def _(example: Example) -> None:
    example.region("c4", "rejects", "يرفض")
    example.region("s4", "speaker", "المجلس")
    example.arrow("c4", "s4")


@fault("speaker-pronoun", swap=("والأخير", "الأخير"))
def _(example: Example) -> None:
    example.region("c4", "confirms", "رحب")
    example.region("s4", "speaker", "الأخير")
    example.arrow("c4", "s4")


@fault("attribution-duplicate")
def _(example: Example) -> None:
    example.region("c4", "denies", "نفت")
    example.arrow("c4", "s1")
    example.arrow("c4", "m1")


def main() -> None:
    for kind, make in FAULTS.items():
        # Half a character can only be written as an escape.
        written = json.dumps(make().tasks, ensure_ascii=kind == "article-lone-surrogates", indent=1)
        (HERE / f"{kind}.json").write_text(written + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
