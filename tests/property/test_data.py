"""Properties of edits and augmentation on hard text."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from stance.data.augment import Augmenter, AugmentSettings
from stance.data.edit import Edit, apply_edits
from stance.data.loading import split_by_article
from stance.schema import Article, Span
from stance.text import split_words
from strategies import articles_of_words, hard_texts

ALL = AugmentSettings(spelling=1, quotes=1, blanks=1, boilerplate=1, lines=1, title=0, mentions=0)


@given(articles_of_words(), st.data())
def test_insertions_between_words_leave_every_span_its_text(article: Article, data: st.DataObject) -> None:
    places = sorted({0, len(article.text), *(offset for w in split_words(article.text) for offset in (w.start, w.end))})
    edges = {offset for own in article.attributions for _, span in own.spans() for offset in (span.start, span.end)}
    inside = {
        offset for own in article.attributions for _, span in own.spans() for offset in range(span.start + 1, span.end)
    }
    free = [place for place in places if place not in inside or place in edges - inside]
    chosen = data.draw(st.lists(st.sampled_from(free), unique=True, max_size=6))
    edited = apply_edits(article, [Edit(place, place, data.draw(hard_texts(max_parts=3))) for place in chosen])
    for before, after in zip(article.attributions, edited.attributions, strict=True):
        for (part, span), (same, moved) in zip(before.spans(), after.spans(), strict=True):
            assert part == same
            assert moved.text_of(edited.text) == span.text_of(article.text)


@given(articles_of_words(), st.data())
def test_replacing_every_word_replaces_it_in_every_span(article: Article, data: st.DataObject) -> None:
    words = split_words(article.text)
    marks = [f"<{number}>" for number in range(len(words))]
    edits = [Edit(word.start, word.end, mark) for word, mark in zip(words, marks, strict=True)]
    edited = apply_edits(article, data.draw(st.permutations(edits)) if len(edits) < 12 else edits)
    for before, after in zip(article.attributions, edited.attributions, strict=True):
        for (_, span), (_, moved) in zip(before.spans(), after.spans(), strict=True):
            inside = [span.covers(Span(word.start, word.end)) for word in words]
            covered = list(itertools.compress(marks, inside))
            own = moved.text_of(edited.text)
            assert own.startswith(covered[0])
            assert own.endswith(covered[-1])
            assert own.count("<") >= len(covered)


@given(articles_of_words(), st.integers(0, 50))
def test_augmented_articles_keep_every_attribution(article: Article, epoch: int) -> None:
    changed = Augmenter(ALL, seed=1)(article, epoch=epoch)
    assert [own.stance for own in changed.attributions] == [own.stance for own in article.attributions]
    for before, after in zip(article.attributions, changed.attributions, strict=True):
        for (part, span), (same, moved) in zip(before.spans(), after.spans(), strict=True):
            assert part == same
            # Spelling and quotes exchange characters one for one; all else that may change is blanks.
            lengths = [len("".join(own.split())) for own in (span.text_of(article.text), moved.text_of(changed.text))]
            assert lengths[0] == lengths[1]


@given(st.lists(hard_texts(max_parts=4), max_size=20), st.floats(0, 1), st.integers(0, 5))
def test_no_text_is_in_both_parts(texts: list[str], share: float, seed: int) -> None:
    articles = [Article(str(number), text) for number, text in enumerate(texts)]
    kept, held_out = split_by_article(articles, share=share, seed=seed)
    assert not {own.text for own in kept} & {own.text for own in held_out}
    assert len(kept) + len(held_out) == len(articles)
