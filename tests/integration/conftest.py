"""A tiny BERT and a little corpus of our own, so that real training takes seconds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def little_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve short articles of the corpus as JSONL."""
    from stance.formats import read_articles, write_jsonl

    articles, _ = read_articles(ROOT / "annotation" / "corpus" / "held_out.json")
    short = sorted((own for own in articles if own.attributions), key=lambda own: len(own.text))[:12]
    path = tmp_path_factory.mktemp("corpus") / "little.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        write_jsonl(short, stream)
    return path


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory, little_corpus: Path) -> Path:
    """A BERT of two narrow layers with a WordPiece tokenizer, saved as any hub model is."""
    import torch
    from tokenizers import BertWordPieceTokenizer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("tiny-bert")
    texts = [json.loads(line)["text"] for line in little_corpus.read_text(encoding="utf-8").splitlines()]
    tokenizer = BertWordPieceTokenizer(lowercase=False, strip_accents=False)
    tokenizer.train_from_iterator(texts, vocab_size=800, show_progress=False)
    BertTokenizerFast(tokenizer_object=tokenizer._tokenizer).save_pretrained(folder)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=256,
    )
    BertModel(config).save_pretrained(folder)
    return folder


Train = Callable[..., subprocess.Popen[str]]


@pytest.fixture(scope="session")
def start_training(tiny_encoder: Path, little_corpus: Path) -> Train:
    """Start `scripts/train.py` on the tiny encoder; returns the process."""

    def start(run_dir: Path, *overrides: str) -> subprocess.Popen[str]:
        command: Sequence[str] = [
            sys.executable,
            str(ROOT / "scripts" / "train.py"),
            "model=small",
            "data=files",
            f"data.train=[{little_corpus}]",
            "data.held_out_share=0.3",
            f"encoder.name={tiny_encoder}",
            "encoder.window=128",
            "encoder.overlap=32",
            "trainer.batch_size=2",
            "trainer.epochs=3",
            "trainer.bf16=no",
            "trainer.checkpoint_every=0.5",
            f"run_dir={run_dir}",
            *overrides,
        ]
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )

    return start
