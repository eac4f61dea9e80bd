"""Words → pieces, through a real tokenizer."""

from __future__ import annotations

from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from stance.encoding import WordPieces
from stance.errors import CheckpointError
from stance.text import split_words
from toy import toy_pieces


def cut(pieces: WordPieces, text: str) -> list[tuple[int, ...]]:
    return pieces.cut(split_words(text))


def test_the_frame_is_the_tokenizers_own() -> None:
    pieces = toy_pieces()
    assert (pieces.opening, pieces.closing, pieces.line_break, pieces.frame) == ((2,), (3,), 3, 2)


def test_a_tokenizer_without_a_frame_has_no_line_break() -> None:
    tokenizer = Tokenizer(models.WordLevel({"قال": 0, "[UNK]": 1}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    pieces = WordPieces.wrap(tokenizer)
    assert (pieces.opening, pieces.closing, pieces.line_break, pieces.frame) == ((), (), None, 0)


def test_marks_tatweel_and_presentation_forms_cost_nothing() -> None:
    pieces = toy_pieces()
    one, other = cut(pieces, "لاعب محمد"), cut(pieces, "ﻻﻋﺐ مُحمّـد")
    assert one == other


def test_every_word_has_a_piece() -> None:
    words = "😀 漢字 \u064b ـ % الوزير"
    ids = cut(toy_pieces(), words)
    assert len(ids) == 6
    assert all(ids)
    assert ids[0] == (1,), "what the vocabulary lacks is unknown"


def test_a_word_that_the_tokenizer_gives_nothing_for_is_unknown() -> None:
    tokenizer = toy_pieces().tokenizer
    empty = Tokenizer(models.BPE({"<unk>": 0, "ق": 1}, []))
    assert cut(WordPieces(empty, opening=(), closing=(), line_break=None), "漢") == [(0,)]
    assert tokenizer.token_to_id("[UNK]") == 1


def test_a_long_word_keeps_its_beginning_and_its_last_piece() -> None:
    word = "ابتثجحخدذرزسشصضط" * 3
    (whole,) = cut(toy_pieces(longest=1000), word)
    (short,) = cut(toy_pieces(longest=5), word)
    assert len(whole) > 5
    assert short == (*whole[:4], whole[-1])


def test_words_seen_before_are_cut_the_same() -> None:
    pieces = toy_pieces()
    text = "قال الوزير إن الاتفاق قائم قال"
    assert cut(pieces, text) == cut(pieces, text) == cut(toy_pieces(), text)
    assert pieces.cut([]) == []


def test_a_folder_is_loaded_and_one_without_a_tokenizer_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"tokenizer\.json: no such file; the encoder needs a fast tokenizer"):
        WordPieces.load(tmp_path)
    pieces = toy_pieces()
    pieces.tokenizer.save(str(tmp_path / "tokenizer.json"))
    loaded = WordPieces.load(tmp_path, longest=4)
    assert (loaded.opening, loaded.closing, loaded.longest) == ((2,), (3,), 4)
    assert cut(loaded, "قال الوزير") == cut(pieces, "قال الوزير")


def test_padding_and_truncation_of_a_saved_tokenizer_do_not_reach_the_words(tmp_path: Path) -> None:
    tokenizer = toy_pieces().tokenizer
    tokenizer.enable_padding(length=64)
    tokenizer.enable_truncation(max_length=4)
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    loaded = WordPieces.load(tmp_path)
    word = "وسيستقبلونهم"
    assert cut(loaded, f"{word} قال") == cut(toy_pieces(), f"{word} قال")
