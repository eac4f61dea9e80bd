#!/usr/bin/env python
"""Counts what is in annotated files: sizes, stances, cue words, and the kinds of attribution that models fail on.

python scripts/describe_corpus.py annotation/corpus/train.json annotation/corpus/held_out.json
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter

from stance.formats import read_articles
from stance.schema import Article, Stance
from stance.text import fold_word, sentence_numbers, split_words
from stance.training.figures import KINDS

_ACCORDING = re.compile("^[وف]?(?:بحسب|حسب|وفق|وفقا|نقلا|طبقا|حسبما|وفقما)")
_SUFFIX = re.compile("(?:ها|هم|هما|ه|ين|ان|ون|وا|ات|ت|ا|ة|ه|ي|ن)$")


def stem(cue: str) -> str:
    """Return a rough stem of a cue's first word: without `و`, the prefix of the present and common endings."""
    word = fold_word(cue.split()[0])
    if len(word) > 3 and word[0] in "وف":
        word = word[1:]
    shorter = _SUFFIX.sub("", word) if len(word) > 4 else word
    return shorter[1:] if len(shorter) > 3 and shorter[0] in "يتن" else shorter


def describe(articles: list[Article]) -> dict[str, object]:
    every = [(article, own) for article in articles for own in article.attributions]
    cues = [own.cue.text_of(article.text) for article, own in every]
    stances = Counter(own.stance for _, own in every)
    stems: dict[Stance, set[str]] = {stance: set() for stance in Stance}
    for article, own in every:
        stems[own.stance].add(stem(own.cue.text_of(article.text)))
    sentences = with_cue = 0
    for article in articles:
        words = split_words(article.text)
        numbers = sentence_numbers(words)
        sentences += numbers[-1] + 1 if numbers else 0
        starts = {word.start: number for word, number in zip(words, numbers, strict=True)}
        with_cue += len({starts[own.cue.start] for own in article.attributions if own.cue.start in starts})
    return {
        "articles": len(articles),
        "articles without attributions": sum(not article.attributions for article in articles),
        "characters": sum(len(article.text) for article in articles),
        "shortest and longest": [min(len(a.text) for a in articles), max(len(a.text) for a in articles)],
        "attributions": len(every),
        **{str(stance): stances[stance] for stance in Stance},
        "share of states": round(stances[Stance.STATES] / len(every), 3),
        "share of sentences with a cue": round(with_cue / sentences, 3),
        "different cue forms": len({fold_word(cue) for cue in cues}),
        "different cue stems (rough)": len({stem(cue) for cue in cues}),
        "cue stems a stance": {str(stance): len(found) for stance, found in stems.items()},
        "cues of more than one word": sum(" " in cue for cue in cues),
        "according to": sum(bool(_ACCORDING.match(fold_word(cue))) for cue in cues),
        "optional": sum(own.optional for _, own in every),
        "with accepted other stances": sum(bool(own.alt) for _, own in every),
        **{name: sum(holds(article, own) for article, own in every) for name, holds in KINDS.items()},
        "articles with no-break blanks": sum("\u00a0" in article.text for article in articles),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    articles = [article for name in options.files for article in read_articles(name)[0]]
    sys.stdout.write(json.dumps(describe(articles), ensure_ascii=False, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
