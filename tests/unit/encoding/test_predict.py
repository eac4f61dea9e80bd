"""From articles to attributions through a real small backend: windows, batches and groups change nothing."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from stance.encoding import encode_article
from stance.runtime.backend import Backend, Reach
from stance.runtime.predict import predict
from stance.schema import Article, Attribution, Span, Stance
from toy import CUES, FILLERS, NAMES, OPENERS, ToyBackend, expected, toy_pieces

PIECES = toy_pieces()
NARROW = Reach(window=40, overlap=14, before=12, after=20)
WIDE = Reach(window=100_000, overlap=14, before=12, after=20)


def article(seed: int, words: int) -> Article:
    """Invent an article: names, cues, openers, fillers, points and line breaks at random."""
    rng = random.Random(seed)
    pool = [*CUES, "قائلا", *NAMES, *OPENERS, *FILLERS, *FILLERS, *FILLERS]
    ends = (" ",) * 10 + (" . ", "\n", "\r\n", " 😀 ", "\u00a0", " \u200f")
    return Article(f"a{seed}", "".join(rng.choice(pool) + rng.choice(ends) for _ in range(words)))


def bare(tagged: Article) -> tuple[Attribution, ...]:
    return tuple(replace(own, score=None) for own in tagged.attributions)


@pytest.mark.parametrize("seed", range(6))
def test_windows_are_merged_without_gap_or_duplicate(seed: int) -> None:
    long = article(seed, 700)
    backend: Backend = ToyBackend(PIECES, NARROW)
    assert len(encode_article(long, pieces=PIECES, capacity=40, overlap=14).windows) > 20
    (tagged,) = predict([long], backend=backend, pieces=PIECES)
    assert bare(tagged) == expected(long, ToyBackend(PIECES, NARROW))
    assert len({own.cue for own in tagged.attributions}) == len(tagged.attributions) > 50


def test_many_windows_give_what_a_single_one_gives() -> None:
    articles = [article(seed, 300) for seed in range(3)]
    narrow = predict(articles, backend=ToyBackend(PIECES, NARROW), pieces=PIECES)
    assert narrow == predict(articles, backend=ToyBackend(PIECES, WIDE), pieces=PIECES)


def test_every_cue_is_read_from_a_window_where_it_has_context_around_it() -> None:
    frame = " ".join(FILLERS[:4])
    long = article(7, 600)
    long = replace(long, text=f"{frame} {long.text} {frame}")
    reach = replace(NARROW, window=80, overlap=40)
    shortsighted = ToyBackend(PIECES, reach, margin=3)
    (tagged,) = predict([long], backend=shortsighted, pieces=PIECES)
    assert bare(tagged) == expected(long, shortsighted)
    (cut,) = predict([long], backend=ToyBackend(PIECES, replace(reach, overlap=0), margin=3), pieces=PIECES)
    assert len(cut.attributions) < len(tagged.attributions), "without overlap such a backend misses cues"


def test_batching_and_order_change_nothing() -> None:
    articles = [article(seed, words) for seed, words in enumerate([0, 1, 5, 40, 300, 80, 0, 120, 3, 200])]
    backend = ToyBackend(PIECES, NARROW)
    alone = [predict([own], backend=backend, pieces=PIECES)[0] for own in articles]
    assert predict(articles, backend=backend, pieces=PIECES) == alone
    order = random.Random(3).sample(range(len(articles)), len(articles))
    assert predict([articles[i] for i in order], backend=backend, pieces=PIECES) == [alone[i] for i in order]


def test_more_cues_than_are_read_together() -> None:
    text = " ".join(["قال الوزير إن الاتفاق قائم ."] * 500)
    backend = ToyBackend(PIECES, NARROW)
    (tagged,) = predict([Article("long", text)], backend=backend, pieces=PIECES)
    assert bare(tagged) == expected(Article("long", text), backend)
    assert len(tagged.attributions) == 500
    assert backend.widest_call <= 8, "windows in one call are bounded"


def test_articles_without_words_or_cues_find_nothing() -> None:
    texts = ["", " \r\n\u200f", "الاتفاق قائم", "😀"]
    tagged = predict([Article(t, t) for t in texts], backend=ToyBackend(PIECES, NARROW), pieces=PIECES)
    assert [own.attributions for own in tagged] == [()] * 4
    assert predict([], backend=ToyBackend(PIECES, NARROW), pieces=PIECES) == []


def test_text_id_and_meta_stay_and_old_attributions_go() -> None:
    old = Article("n1", "نفى الوزير أن الاتفاق قائم", (Attribution(Span(4, 10), Stance.STATES),), {"outlet": "وكالة"})
    (tagged,) = predict([old], backend=ToyBackend(PIECES, NARROW), pieces=PIECES)
    assert (tagged.id, tagged.text, tagged.meta) == (old.id, old.text, old.meta)
    (own,) = tagged.attributions
    assert [span.text_of(old.text) for _, span in own.spans()] == ["نفى", "الوزير", "أن الاتفاق قائم"]
    assert own.score is not None
    assert 0.4 < own.score <= 0.5, "a sure reading has the calibrated score of log-probability 0"


def test_one_article_twice_in_a_batch() -> None:
    same = article(1, 60)
    tagged = predict([same, replace(same, id="again"), same], backend=ToyBackend(PIECES, NARROW), pieces=PIECES)
    assert tagged[0] == tagged[2]
    assert tagged[0].attributions == tagged[1].attributions
