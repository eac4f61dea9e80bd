"""Training examples, batches of like length, and padded tensors."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stance.data.augment import Augmenter, AugmentSettings
from stance.data.collate import collate, pad_articles
from stance.data.dataset import ArticleDataset, LengthGroupedSampler, unreachable_report
from stance.runtime.backend import Reach
from stance.schema import Article, Attribution, Span, Stance
from toy import toy_pieces

pytestmark = pytest.mark.train
PIECES = toy_pieces()
REACH = Reach(window=24, overlap=6, before=20, after=20)
LONG = "نفى الوزير أن الاتفاق قائم منذ غدا. " * 6
ARTICLES = [
    Article("short", "قال 😀", (Attribution(Span(0, 3), Stance.STATES),)),
    Article("empty", " \n"),
    Article(
        "long",
        LONG,
        (
            Attribution(Span(0, 3), Stance.DENIES, Span(4, 10), Span(11, 26), alt=(Stance.REJECTS,)),
            Attribution(Span(35, 38), Stance.DENIES, optional=True),
            Attribution(Span(70, 74), Stance.CONFIRMS, None, Span(0, 3)),
        ),
    ),
]


def test_articles_without_words_are_left_out() -> None:
    data = ArticleDataset(ARTICLES, pieces=PIECES, reach=REACH)
    assert len(data) == 2
    assert [own.id for own in data.articles] == ["short", "long"]
    assert data.lengths() == [len(data[0][0].words), len(data[1][0].words)] == [2, 48]


def test_what_is_unreachable_is_counted_by_reason() -> None:
    data = ArticleDataset([*ARTICLES, replace(ARTICLES[2], id="again")], pieces=PIECES, reach=replace(REACH, before=1))
    report = unreachable_report(data.unreachable())
    assert "2 × its content lies beyond the second reading's reach" in report
    assert unreachable_report([]) == "nothing is unreachable"


def test_with_an_augmenter_each_epoch_is_another_text_and_the_lengths_stay() -> None:
    augmenter = Augmenter(AugmentSettings(boilerplate=1.0, spelling=1.0), seed=1)
    data = ArticleDataset(ARTICLES, pieces=PIECES, reach=REACH, augmenter=augmenter)
    lengths = data.lengths()
    texts = set()
    for data.epoch in range(5):
        texts.add(data[1][0].article.text)
    assert len(texts) == 5
    data.epoch = 2
    assert data[1][0].article == augmenter(data.articles[1], epoch=2)
    assert data.lengths() == lengths


@pytest.mark.parametrize("count", [0, 1, 3, 8, 100, 257])
@pytest.mark.parametrize("batch_size", [1, 4, 7])
def test_an_epoch_is_a_permutation(count: int, batch_size: int) -> None:
    sampler = LengthGroupedSampler([(i * 37) % 91 for i in range(count)], batch_size=batch_size, seed=3)
    orders = []
    for epoch in range(3):
        sampler.set_epoch(epoch)
        order = list(sampler)
        assert sorted(order) == list(range(count)) == sorted(set(order))
        assert list(sampler) == order, "an epoch's order is always the same"
        orders.append(order)
    assert len(sampler) == count
    assert count < 100 or orders[0] != orders[1] != orders[2]


def test_another_seed_is_another_order() -> None:
    orders = [list(LengthGroupedSampler(range(50), batch_size=4, seed=seed)) for seed in (1, 2)]
    assert orders[0] != orders[1]


def test_batches_hold_articles_of_like_length() -> None:
    lengths = [(i * 7919) % 1000 for i in range(256)]
    order = list(LengthGroupedSampler(lengths, batch_size=4, seed=1))

    def waste(order: list[int]) -> int:
        batches = [[lengths[i] for i in order[at : at + 4]] for at in range(0, len(order), 4)]
        return sum(max(batch) * len(batch) - sum(batch) for batch in batches)

    assert waste(order) * 4 < waste(list(range(256)))


def test_words_are_found_among_padded_windows() -> None:
    data = ArticleDataset(ARTICLES, pieces=PIECES, reach=REACH)
    encoded = [data[1][0], data[0][0]]
    ids, mask, first, last, lengths = pad_articles(encoded, pad_id=0)
    assert len(encoded[0].windows) > 2
    longest = max(len(window) for window in encoded[0].windows)
    assert ids.shape == mask.shape == (len(encoded[0].windows) + 1, longest)
    flat = ids.reshape(-1).tolist()
    for row, own in enumerate(encoded):
        for place, pieces in enumerate(PIECES.cut(own.words)):
            assert flat[first[row, place] : last[row, place] + 1] == list(pieces)
    assert lengths.tolist() == [48, 2]
    assert ids[mask == 0].unique().tolist() == [0]
    assert mask.sum(dim=1).tolist() == [len(window) for own in encoded for window in own.windows]


def test_a_training_batch_by_hand() -> None:
    data = ArticleDataset(ARTICLES, pieces=PIECES, reach=REACH)
    batch = collate([data[0], data[1]], pad_id=0)
    assert batch["tags"][0].tolist() == [1, 0] + [-100] * 46
    assert batch["tags"][1, 8].item() == -100, "an optional cue"
    assert batch["cue_article"].tolist() == [0, 1, 1]
    assert batch["cues"].tolist()[1] == [0, 0]
    assert batch["roles"].tolist()[:2] == [[-1, -1, -1, -1], [1, 1, 2, 4]]
    assert batch["stance"].tolist() == [4, 2, 3]
    assert batch["alternatives"].tolist()[1] == [0, 1, 0, 0, 0]
    assert batch["lengths"].tolist() == [2, 48]


def test_a_batch_without_any_cue_keeps_its_shapes() -> None:
    data = ArticleDataset([Article("n1", "الاتفاق قائم")], pieces=PIECES, reach=REACH)
    batch = collate([data[0]], pad_id=0)
    shapes = {name: tuple(batch[name].shape) for name in ("cues", "roles", "stance", "alternatives", "cue_article")}
    assert shapes == {"cues": (0, 2), "roles": (0, 4), "stance": (0,), "alternatives": (0, 5), "cue_article": (0,)}
