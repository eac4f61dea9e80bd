"""Writes files in the layout of the embedded encoder's, as docs/embedded-encoder.md has it, small enough for tests."""

from __future__ import annotations

import struct

import numpy as np
import numpy.typing as npt

__all__ = ["SMALL_PIECES", "quantised", "small_file"]

Floats = npt.NDArray[np.float32]

SMALL_PIECES = [
    *(("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)),
    *((",", -3.0), ("▁", -3.5), ("▁قال", -5.0), ("▁الوزير", -6.0), ("漢", -7.0), ("ال", -7.5), ("ق", -8.0)),
    *(("▁the", -8.5), ("क", -9.0), ("▁नमस्ते", -9.5), ("👍", -10.0), ("ں", -10.5), ("▁کتاب", -11.0), ("<mask>", 0.0)),
]


def quantised(weights: Floats) -> bytes:
    """Pack weights as Q4_0: whole numbers from -8 to 7 times a scale of 0.5."""
    nibbles = (weights.reshape(-1, 2, 16) * 2 + 8).astype(np.uint8)
    blocks = [
        struct.pack("<e", 0.5) + bytes(low | high << 4 for low, high in zip(*row, strict=True)) for row in nibbles
    ]
    return b"".join(blocks)


def small_file() -> tuple[bytes, dict[str, Floats]]:
    """Return a file of one layer and 32 dimensions, and the tensors in it."""
    rng = np.random.default_rng(7)
    hidden, wide, positions = 32, 64, 16

    def draw(*shape: int) -> Floats:
        return (rng.integers(-8, 8, shape) * 0.5).astype(np.float32)

    tensors = {
        "emb.word": draw(len(SMALL_PIECES), hidden),
        "emb.pos": draw(positions, hidden),
        "emb.type": draw(2, hidden),
    }
    tensors |= {f"emb.ln.{end}": draw(hidden) for end in "wb"}
    sizes = dict.fromkeys(("q", "k", "v", "ao"), (hidden, hidden)) | {"fi": (wide, hidden), "fo": (hidden, wide)}
    for name, shape in sizes.items():
        tensors |= {f"l0.{name}.w": draw(*shape), f"l0.{name}.b": draw(shape[0])}
    tensors |= {f"l0.{name}.{end}": draw(hidden) for name in ("aln", "oln") for end in "wb"}

    blob = "".join(piece for piece, _ in SMALL_PIECES).encode()
    ends = np.cumsum([0, *(len(piece.encode()) for piece, _ in SMALL_PIECES)]).astype("<u4")
    head = struct.pack("<4sI7ifi", b"E5S1", 1, hidden, 1, 4, wide, len(SMALL_PIECES), positions, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(SMALL_PIECES), 0, 2, 1, 3, len(blob))
    head += ends.tobytes() + np.array([score for _, score in SMALL_PIECES], "<f4").tobytes() + blob
    head += struct.pack("<iI", 1, 9) + struct.pack("<IBI", 0x0640, 1, 0x20)

    def directory(base: int) -> tuple[bytes, bytes]:
        entries, data = struct.pack("<i", len(tensors)), b""
        for name, values in tensors.items():
            packed = quantised(values) if name == "emb.word" or (values.ndim == 2 and "." in name[2:]) else None
            own = packed if packed is not None else values.astype("<f4").tobytes()
            kind = 0 if packed is None else 1
            entries += struct.pack("<H", len(name)) + name.encode()
            entries += struct.pack("<BIQQ", kind, values.size, base + len(data), len(own))
            data += own
        return entries, data

    length = len(head) + len(directory(0)[0])
    return head + b"".join(directory(length)), tensors
