"""A tokenizer and a backend that are small, deterministic and real: what they give can be worked out by hand."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers

from stance.encoding import STANCES, DecodeSettings, WordPieces
from stance.runtime.backend import Reach
from stance.runtime.rulings import without_repeats
from stance.schema import Article, Attribution
from stance.text import WordIndex, split_words

__all__ = ["CUES", "FILLERS", "NAMES", "OPENERS", "ToyBackend", "expected", "toy_pieces"]

CUES = {"قال": 4, "نفى": 2, "أكد": 3, "رفض": 1, "اقترح": 0}
GOES_ON = "قائلا"
NAMES = ("الوزير", "شويغو", "المتحدث", "بلاده")
OPENERS = ("أن", "إن")
FILLERS = ("الاتفاق", "قائم", "منذ", "والمحادثات", "المستمرة", "في", "العاصمة", "وسيستقبلونهم", "غدا", "ﻻﻋﺐ", "مُحمّـد")

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def toy_pieces(*, longest: int = 16) -> WordPieces:
    """Byte pairs learnt from the words above: cues, names and openers are one piece, long words several."""
    tokenizer = Tokenizer(models.BPE(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    words = [*CUES, GOES_ON, *NAMES, *OPENERS, "."] * 20 + [
        "الاتفاق قائم منذ في غدا لاعب محمد ابتثجحخدذرزسشصضطظعغفقكلمنهويءأإآةى"
    ]
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    trainer = trainers.BpeTrainer(vocab_size=110, special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator(words, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return WordPieces.wrap(tokenizer, longest=longest)


class ToyBackend:
    """Tags by rule, from nothing but the arrays that a backend is given.

    A word's vector is its first and last piece. A cue's speaker is the first name behind it, else the nearest before
    it; its content goes from the first opener behind it to the next point or emoji; its stance is the cue's own,
    moved on by the last piece of the content.

    Args:
        pieces: the tokenizer, to know the words by their pieces.
        reach: how much is read at once.
        margin: pieces at either end of a window where no cue is seen, as if there were too little context.
    """

    def __init__(self, pieces: WordPieces, reach: Reach, *, margin: int = 0) -> None:
        self.pieces = pieces
        self.reach = reach
        self.settings = DecodeSettings()
        self.pad_id = 0
        self.margin = margin
        self.widest_call = 0

        def pairs(words: object) -> dict[tuple[int, int], int]:
            ids = pieces.cut(split_words(" ".join(words)))  # type: ignore[call-overload]
            return {(own[0], own[-1]): number for number, own in enumerate(ids)}

        stances = list(CUES.values())
        self.cues = {pair: stances[number] for pair, number in pairs(CUES).items()}
        self.goes_on, self.names = pairs([GOES_ON]), pairs(NAMES)
        self.openers, self.points = pairs(OPENERS), pairs([".", "😀"])

    def read_windows(self, input_ids: Ints, attention_mask: Ints, first: Ints, last: Ints) -> tuple[Floats, Floats]:
        self.widest_call = max(self.widest_call, len(input_ids))
        flat, width = input_ids.reshape(-1), input_ids.shape[1]
        vectors = np.stack([flat[first], flat[last]], axis=1).astype(np.float32)
        scores = np.zeros((len(first), 3), np.float32)
        lengths = attention_mask.sum(axis=1)
        for row, pair in enumerate(vectors.astype(int).tolist()):
            place, length = int(first[row] % width), int(lengths[first[row] // width])
            hidden = not self.margin < place < length - 1 - self.margin
            tag = 1 if tuple(pair) in self.cues else 2 if tuple(pair) in self.goes_on else 0
            scores[row, 0 if hidden else tag] = 20.0
        return vectors, scores

    def read_cues(self, words: Floats, mask: Bools, distance: Ints) -> tuple[Floats, Floats, Floats]:
        roles = np.zeros((len(words), 4, words.shape[1] + 1), np.float32)
        heads = np.zeros((len(words), 2), np.float32)
        for row in range(len(words)):
            pairs = [tuple(pair) for pair in words[row, mask[row]].astype(int).tolist()]
            place = distance[row, mask[row]].tolist()
            heads[row] = words[row, place.index(0)]
            speaker, content = read_by_rule(pairs, place, self)
            for role, found in enumerate((speaker, content)):
                start, end = (-1, -1) if found is None else found
                roles[row, 2 * role, start + 1] = roles[row, 2 * role + 1, end + 1] = 20.0
        return words, heads, roles

    def judge(self, states: Floats, cue: Floats, content_first: Ints, content_last: Ints) -> Floats:
        logits = np.zeros((len(cue), len(STANCES)), np.float32)
        for row, pair in enumerate(cue.astype(int).tolist()):
            moved = int(states[row, content_last[row], 1]) if content_first[row] >= 0 else 0
            logits[row, (self.cues.get(tuple(pair), 0) + moved) % len(STANCES)] = 20.0
        return logits


Pair = tuple[int, ...]


def read_by_rule(
    pairs: list[Pair], distance: list[int], backend: ToyBackend
) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """Return speaker and content among the words of a context, by the rules above."""
    behind = [i for i, away in enumerate(distance) if away > 0]
    names = [i for i in behind if pairs[i] in backend.names]
    earlier = [i for i, away in enumerate(distance) if away < 0 and pairs[i] in backend.names]
    speaker = names[0] if names else earlier[-1] if earlier else None
    openers = [i for i in behind if pairs[i] in backend.openers]
    content = None
    if openers:
        points = [i for i in behind if i > openers[0] and pairs[i] in backend.points]
        content = (openers[0], (points[0] if points else len(pairs)) - 1)
    return (None if speaker is None else (speaker, speaker)), content


def expected(article: Article, backend: ToyBackend) -> tuple[Attribution, ...]:
    """Return what the rules say of a whole article at once, without windows or batches; scores left out."""
    words = split_words(article.text)
    index = WordIndex(words)
    pairs: list[Pair] = [(own[0], own[-1]) for own in backend.pieces.cut(words)]
    found = []
    place = 0
    while place < len(pairs):
        if pairs[place] not in backend.cues and pairs[place] not in backend.goes_on:
            place += 1
            continue
        end = place
        while end + 1 < len(pairs) and pairs[end + 1] in backend.goes_on:
            end += 1
        start = max(0, place - backend.reach.before)
        context = range(start, min(len(pairs), end + 1 + backend.reach.after))
        away = [min(i - place, 0) + max(i - end, 0) for i in context]
        speaker, content = read_by_rule([pairs[i] for i in context], away, backend)
        moved = pairs[start + content[1]][1] if content else 0
        spans = [own and index.span_of(start + own[0], start + own[1]) for own in (speaker, content)]
        stance = STANCES[(backend.cues.get(pairs[place], 0) + moved) % len(STANCES)]
        found.append(Attribution(index.span_of(place, end), stance, *spans))
        place = end + 1
    return without_repeats(found, text=article.text)
