"""Properties of encoding: every word has its place, and decode ∘ encode gives the article back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stance.encoding import (
    STANCES,
    CueReading,
    CueTarget,
    DecodeSettings,
    EncodedArticle,
    decode_cues,
    decode_role,
    encode_article,
    encode_targets,
    to_attributions,
)
from stance.encoding.edges import LONGEST_CONTENT, LONGEST_SPEAKER
from stance.schema import Article, Attribution
from strategies import articles_of_words, hard_texts
from toy import toy_pieces

PIECES = toy_pieces(longest=8)
SETTINGS = DecodeSettings()


@given(hard_texts(max_parts=60), st.integers(24, 60), st.integers(0, 8))
def test_every_word_has_its_pieces_in_exactly_one_window(text: str, capacity: int, overlap: int) -> None:
    encoded = encode_article(Article("n1", text), pieces=PIECES, capacity=capacity, overlap=overlap)
    assert len(encoded.first) == len(encoded.last) == len(encoded.words)
    for window in encoded.windows:
        assert len(window) <= capacity
        assert (window[0], window[-1]) == (*PIECES.opening, *PIECES.closing)
    for number, ids in enumerate(PIECES.cut(encoded.words)):
        (window, start), (same, end) = encoded.first[number].tolist(), encoded.last[number].tolist()
        assert window == same
        assert tuple(encoded.windows[window][start : end + 1]) == ids
    assert bool(encoded.windows) == bool(encoded.words)


@given(hard_texts(max_parts=40))
def test_lines_show_as_a_piece_before_their_first_word(text: str) -> None:
    encoded = encode_article(Article("n1", text), pieces=PIECES, capacity=10_000, overlap=0)
    for word, (window, place) in zip(encoded.words, encoded.first.tolist(), strict=True):
        assert (encoded.windows[window][place - 1] == PIECES.line_break) == word.opens_line


def logits_of(encoded: EncodedArticle, cue: CueTarget, before: int, after: int) -> tuple[int, np.ndarray]:
    """Return the offset of a cue's context and the scores of a model that has learnt its target by heart."""
    start, end = max(0, cue.cue[0] - before), min(len(encoded.words), cue.cue[1] + 1 + after)
    roles = np.zeros((4, end - start + 1), np.float32)
    for role, part in enumerate((cue.speaker, cue.content)):
        first, last = (start - 1, start - 1) if part is None else part
        roles[2 * role, first - start + 1] = roles[2 * role + 1, last - start + 1] = 30.0
    return start, roles


def decoded(article: Article, before: int, after: int) -> tuple[tuple[Attribution, ...], list[Attribution]]:
    """Encode an article, turn its targets into scores, and decode these; and what was reported unreachable."""
    encoded = encode_article(article, pieces=PIECES, capacity=48, overlap=12)
    targets = encode_targets(article, encoded.words, before=before, after=after)
    tags = np.zeros((len(encoded.words), 3), np.float32)
    tags[np.arange(len(encoded.words)), np.maximum(targets.tags, 0)] = 30.0
    by_cue = {cue.cue: cue for cue in targets.cues}
    readings = []
    for found, sure in decode_cues(tags, threshold=SETTINGS.cue_threshold):
        cue = by_cue[found]
        offset, roles = logits_of(encoded, cue, before, after)
        bounds = {"words": encoded.words, "offset": offset, "cue": found}
        speaker = decode_role(roles[0], roles[1], longest=LONGEST_SPEAKER, **bounds)  # type: ignore[arg-type]
        content = decode_role(roles[2], roles[3], longest=LONGEST_CONTENT, **bounds)  # type: ignore[arg-type]
        stance = np.zeros(len(STANCES), np.float32)
        stance[cue.stance] = 30.0
        readings.append(CueReading(found, sure, *speaker, *content, stance))
    assert len(readings) == len(targets.cues)
    made = tuple(replace(own, score=None) for own in to_attributions(encoded, readings, settings=SETTINGS))
    return made, [entry.attribution for entry in targets.unreachable]


@given(articles_of_words(), st.integers(1, 60), st.integers(1, 60))
def test_decoding_what_was_encoded_gives_back_all_but_what_was_reported(
    article: Article, before: int, after: int
) -> None:
    made, lost = decoded(article, before, after)
    reachable = {own for own in article.attributions if own not in lost}
    assert reachable <= set(made)
    assert len(made) == len(article.attributions), "a cue of its own always comes back"
    assert {own.cue for own in made} == {own.cue for own in article.attributions}


PLAIN = st.sampled_from(["قال", "الوزير", "أن", "الاتفاقَ", "ﻻﻋﺐ", "COVID", "ﷺ", "وقائم\r\n", "\u200fنفى"])


@given(articles_of_words(texts=st.lists(PLAIN, min_size=1, max_size=30).map(" ".join)))
def test_of_words_alone_all_comes_back_unless_it_covers_its_cue(article: Article) -> None:
    made, lost = decoded(article, before=500, after=500)
    for own in lost:
        assert any(span.overlap(own.cue) for span in (own.speaker, own.content) if span is not None)
    assert {own for own in article.attributions if own not in lost} <= set(made)


@given(articles_of_words())
def test_what_is_reported_names_an_attribution_of_the_article(article: Article) -> None:
    words = encode_article(article, pieces=PIECES, capacity=48, overlap=12).words
    for entry in encode_targets(article, words, before=5, after=5).unreachable:
        assert entry.attribution in article.attributions
        assert entry.article == article.id
        assert entry.reason
