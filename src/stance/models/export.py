"""A trained model → three ONNX graphs, in fp32 or int8, that the light install tags with."""

from __future__ import annotations

import hashlib
import json
import logging
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from stance.errors import MissingExtraError
from stance.models.loading import copy_tokenizer, load_model
from stance.models.modeling import AttributionModel
from stance.runtime.onnx_backend import FORMAT, GRAPHS, SETTINGS_FILE

__all__ = ["export"]

_OPSET = 17
_BLOCKS = (256, 128)
"""Values that share a scale: the first that divides a product's input. One scale a tensor loses far speakers."""


class _Windows(nn.Module):
    """Windows → word vectors and cue scores."""

    def __init__(self, model: AttributionModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor, attention_mask: Tensor, first: Tensor, last: Tensor) -> tuple[Tensor, Tensor]:
        words = self.model.word_vectors(self.model.encode(input_ids, attention_mask), first, last)
        return words, self.model.cue(words)


class _Cues(nn.Module):
    """Words around cues → states, cue vectors and role scores."""

    def __init__(self, model: AttributionModel) -> None:
        super().__init__()
        self.reader = model.reader

    def forward(self, words: Tensor, mask: Tensor, distance: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return self.reader.read(words, mask, distance)


class _Judge(nn.Module):
    """States and a content → stance scores."""

    def __init__(self, model: AttributionModel) -> None:
        super().__init__()
        self.reader = model.reader

    def forward(self, states: Tensor, cue: Tensor, content_first: Tensor, content_last: Tensor) -> Tensor:
        return self.reader.judge(states, cue, content_first, content_last)


def export(source: str | Path, target: str | Path, *, int8: bool = True) -> Path:
    """Export a trained model.

    Args:
        source: the `model` folder of a training run.
        target: the folder to write; made if missing.
        int8: whether products are computed in 8 bits, with a scale a block of values; fp32 otherwise.

    Returns:
        The target folder: `windows.onnx`, `cues.onnx`, `judge.onnx`, `tokenizer.json`, `tagger.json`.

    Raises:
        CheckpointError: if the source holds no model.
        MissingExtraError: if the packages that write ONNX are missing.
    """
    try:
        import onnx
        import onnx_ir
    except ImportError as error:
        raise MissingExtraError("Exporting", extra="train") from error
    del onnx, onnx_ir
    model, _ = load_model(source)
    target = Path(target)
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work, _plain_attention(model):
        if int8:
            _quantise_embeddings(model.encoder)
        for name, graph, inputs, outputs, axes in _graphs(model):
            path = Path(work) / f"{name}.onnx"
            _trace(graph, inputs, outputs, axes, path)
            if int8:
                _quantise(path, target / path.name)
            else:
                (target / path.name).write_bytes(path.read_bytes())
    copy_tokenizer(source, target)
    (target / SETTINGS_FILE).write_text(json.dumps(_settings(model, target), indent=2) + "\n", encoding="utf-8")
    return target


class _RowQuantisedEmbedding(nn.Module):
    """An embedding in 8 bits with a scale a row; ONNX Runtime's own has one scale for the whole table."""

    rows: Tensor
    scales: Tensor

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        scales = weight.abs().amax(dim=1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("rows", torch.round(weight / scales).to(torch.int8))
        self.register_buffer("scales", scales)

    def forward(self, index: Tensor) -> Tensor:
        return self.rows[index].to(torch.float32) * self.scales[index]


def _quantise_embeddings(encoder: nn.Module) -> None:
    """Put a quantised table in the place of every large embedding of an encoder."""
    for parent in list(encoder.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, nn.Embedding) and child.weight.numel() > 50_000:
                setattr(parent, name, _RowQuantisedEmbedding(child.weight.detach()))


@contextmanager
def _plain_attention(model: AttributionModel) -> Iterator[None]:
    """Attention written out in the encoder, which the tracer follows for every shape of input."""
    before = model.encoder.config._attn_implementation
    model.encoder.set_attn_implementation("eager")
    try:
        yield
    finally:
        model.encoder.set_attn_implementation(before)


def _graphs(
    model: AttributionModel,
) -> Iterator[tuple[str, nn.Module, dict[str, Tensor], list[str], dict[str, dict[int, str]]]]:
    config = model.config
    ids = torch.randint(5, 100, (2, 24))
    mask = torch.ones_like(ids)
    mask[1, 20:] = 0
    first = torch.tensor([1, 3, 6, 26, 30])
    yield (
        "windows",
        _Windows(model),
        {"input_ids": ids, "attention_mask": mask, "first": first, "last": first + 1},
        ["words", "scores"],
        {
            "input_ids": {0: "windows", 1: "pieces"},
            "attention_mask": {0: "windows", 1: "pieces"},
            "first": {0: "kept"},
            "last": {0: "kept"},
            "words": {0: "kept"},
            "scores": {0: "kept"},
        },
    )
    words = torch.randn(3, 17, config.encoder.hidden_size)
    seen = torch.ones(3, 17, dtype=torch.bool)
    seen[2, 11:] = False
    distance = torch.arange(17)[None, :].repeat(3, 1) - 5
    cue_axes: dict[int, str] = {0: "cues", 1: "context"}
    yield (
        "cues",
        _Cues(model),
        {"words": words, "mask": seen, "distance": distance},
        ["states", "cue", "roles"],
        {
            "words": cue_axes,
            "mask": cue_axes,
            "distance": cue_axes,
            "states": cue_axes,
            "cue": {0: "cues"},
            "roles": {0: "cues", 2: "choices"},
        },
    )
    states = torch.randn(3, 17, config.reader_hidden)
    cue = torch.randn(3, config.reader_hidden + config.encoder.hidden_size)
    place = torch.tensor([2, -1, 7])
    yield (
        "judge",
        _Judge(model),
        {"states": states, "cue": cue, "content_first": place, "content_last": place},
        ["stances"],
        {
            "states": cue_axes,
            "cue": {0: "cues"},
            "content_first": {0: "cues"},
            "content_last": {0: "cues"},
            "stances": {0: "cues"},
        },
    )


def _trace(
    graph: nn.Module, inputs: dict[str, Tensor], outputs: list[str], axes: dict[str, dict[int, str]], path: Path
) -> None:
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # dynamo=False: seen to export quicker, and its graph to run faster in ONNX Runtime.
        torch.onnx.export(
            graph.eval(),
            tuple(inputs.values()),
            str(path),
            input_names=list(inputs),
            output_names=outputs,
            dynamic_axes=axes,
            opset_version=_OPSET,
            dynamo=False,
        )


def _quantise(source: Path, target: Path) -> None:
    """Store the weights of every product in 8 bits, with a scale a block; inputs are rounded block by block too."""
    import onnx
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
    from onnxruntime.quantization.onnx_model import ONNXModel

    logging.getLogger("onnxruntime.quantization.matmul_nbits_quantizer").setLevel(logging.WARNING)
    model = ONNXModel(onnx.load(source))
    model.replace_gemm_with_matmul()
    rows = {tensor.name: tensor.dims[0] for tensor in model.model.graph.initializer}
    for block in _BLOCKS:
        products = [node for node in model.model.graph.node if node.op_type == "MatMul"]
        unfit = [node.name for node in products if rows.get(node.input[1], block) % block]
        quantiser = MatMulNBitsQuantizer(
            model.model, bits=8, block_size=block, is_symmetric=True, accuracy_level=4, nodes_to_exclude=unfit
        )
        quantiser.process()
        model = quantiser.model
    onnx.save(model.model, target)


def _settings(model: AttributionModel, target: Path) -> dict[str, Any]:
    config = model.config
    digest = hashlib.sha256()
    for name in (*(f"{graph}.onnx" for graph in GRAPHS), "tokenizer.json"):
        digest.update((target / name).read_bytes())
    return {
        "format": FORMAT,
        "version": f"arabic-stance-{digest.hexdigest()[:12]}",
        "reach": {
            "window": config.window,
            "overlap": config.overlap,
            "before": config.before,
            "after": config.after,
        },
        "cue_threshold": config.cue_threshold,
        "calibration": {"slope": config.calibration_slope, "intercept": config.calibration_intercept},
        "pad_id": int(config.encoder.pad_token_id or 0),
    }
