"""The real embedded encoder: conversion, trimming and meaning. Needs its file: $STANCE_EMBEDDED_FILE or a download."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from stance.models.embedded import EmbeddedFile, build_tokenizer, embedded_encoder, kept_pieces

pytestmark = [pytest.mark.train, pytest.mark.slow]

ARABIC = [
    "نفى وزير النفط سالم الحيدري وجود أي خلاف مع الشركة، وأكد أن المحادثات مستمرة.",
    "وقالت المتحدثة باسم الهيئة: «لن نقبل بأي شروط مسبقة» (12,500 وظيفة بنسبة 3.5٪).",
    "أَكَّدَ الرَّئِيسُ أنَّ الاتِّفاقَ قائِمٌ، واقترَحَ خُطّةً من ٣ مراحل ابتداءً من 2030!",
    "ﻻﻋﺐ ﷺ الـــوزير ؟ ؛ … – \" ' % ﷲ ﻣﺴﺆﻭﻝ",
    "\u200fعاجل\u200f: استبعد القائد شنّ ضربات\u00a0على الموقع؛ وفق ما أفادت به الوكالة\r\nونفت ذلك",
]


@pytest.fixture(scope="module")
def source(embedded_file: Path) -> EmbeddedFile:
    return EmbeddedFile.read(embedded_file)


def test_the_cached_checkpoint_is_what_this_code_makes(source: EmbeddedFile, embedded_folder: Path) -> None:
    from safetensors import safe_open

    keep = kept_pieces(source.pieces)
    config = json.loads((embedded_folder / "config.json").read_text(encoding="utf-8"))
    assert config["vocab_size"] == len(keep) + 1
    hidden, wide = source.hidden, source.intermediate
    with safe_open(embedded_folder / "model.safetensors", "np") as weights:
        rows = source.tensor("emb.word").reshape(-1, hidden)
        np.testing.assert_array_equal(weights.get_tensor("embeddings.word_embeddings.weight"), rows[[*keep, 250001]])
        for layer in (0, source.layers - 1):
            made = weights.get_tensor(f"encoder.layer.{layer}.output.dense.weight")
            np.testing.assert_array_equal(made, source.tensor(f"l{layer}.fo.w").reshape(hidden, wide))
        assert len(weights.keys()) == 5 + 16 * source.layers


def test_trimming_keeps_the_tokens_of_arabic_text(source: EmbeddedFile, embedded_folder: Path) -> None:
    from tokenizers import Tokenizer

    full, trimmed = build_tokenizer(source.pieces), Tokenizer.from_file(str(embedded_folder / "tokenizer.json"))
    for text in ARABIC:
        tokens = full.encode(text).tokens
        assert trimmed.encode(text).tokens == tokens
        assert len(tokens) > 10
    assert "<unk>" not in trimmed.encode(ARABIC[0]).tokens
    assert full.get_vocab_size() > 14 * trimmed.get_vocab_size()


def test_the_ids_of_the_specials(embedded_folder: Path) -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(embedded_folder)
    specials = (tokenizer.bos_token_id, tokenizer.pad_token_id, tokenizer.eos_token_id, tokenizer.unk_token_id)
    assert specials == (0, 1, 2, 3)
    ids = tokenizer("قال")["input_ids"]
    assert (ids[0], ids[-1]) == (0, 2)


@pytest.fixture(scope="module")
def embed(embedded_folder: Path) -> Callable[[str], np.ndarray]:
    import torch
    from transformers import AutoModel, AutoTokenizer

    model = AutoModel.from_pretrained(embedded_folder, add_pooling_layer=False, use_safetensors=True).eval()
    tokenizer = AutoTokenizer.from_pretrained(embedded_folder)

    def vector(text: str) -> np.ndarray:
        with torch.inference_mode():
            states = model(**tokenizer(f"query: {text}", return_tensors="pt")).last_hidden_state[0]
        mean = states.mean(dim=0).numpy()
        return mean / np.linalg.norm(mean)

    return vector


@pytest.mark.parametrize(
    ("sentence", "paraphrase", "unrelated"),
    [
        ("نفى الوزير وجود أي خلاف مع الشركة", "أنكر الوزير أن يكون هناك خلاف مع الشركة", "فاز الفريق بالمباراة أمس"),
        ("اقترحت الدولة خطة لوقف القتال", "عرضت الحكومة مبادرة لإنهاء الحرب", "ارتفعت درجات الحرارة في الجنوب"),
        ("رفض البرلمان مشروع القانون", "صوت النواب ضد مشروع القانون", "افتتح المتحف معرضا للصور القديمة"),
    ],
)
def test_paraphrases_rank_above_unrelated_sentences(
    embed: Callable[[str], np.ndarray], sentence: str, paraphrase: str, unrelated: str
) -> None:
    near, far = (float(embed(sentence) @ embed(other)) for other in (paraphrase, unrelated))
    assert near > far + 0.03
    assert near > 0.88


def test_a_second_use_takes_no_time(embedded_folder: Path) -> None:
    begin = time.perf_counter()
    assert embedded_encoder() == embedded_folder
    assert time.perf_counter() - begin < 0.05
