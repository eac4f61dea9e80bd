"""Torch and ONNX Runtime find the same; int8 stays near; what is no model is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stance.errors import CheckpointError, EncoderError
from stance.formats import read_jsonl
from stance.tagger import Tagger

pytestmark = [pytest.mark.train]


@pytest.fixture(scope="module")
def models(tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """An untrained model that finds many cues, and its exports."""
    import torch

    from stance.models.export import export
    from stance.models.loading import new_model, save_model

    folder = tmp_path_factory.mktemp("models")
    torch.manual_seed(1)
    sizes = {"reader_hidden": 32, "reader_layers": 1, "reader_heads": 2, "reader_intermediate": 64}
    model, pieces = new_model(str(tiny_encoder), window=128, overlap=32, **sizes)
    torch.nn.init.normal_(model.cue[2].weight, std=3.0)
    save_model(model, pieces, folder / "torch")
    export(folder / "torch", folder / "fp32", int8=False)
    export(folder / "torch", folder / "int8")
    return {name: folder / name for name in ("torch", "fp32", "int8")}


def test_fp32_backends_give_the_same_attributions(models: dict[str, Path], little_corpus: Path) -> None:
    articles = read_jsonl(little_corpus)
    one = list(Tagger.from_pretrained(models["torch"]).tag_many(articles))
    other = list(Tagger.from_pretrained(models["fp32"]).tag_many(articles))
    assert sum(len(article.attributions) for article in one) > 50
    for left, right in zip(one, other, strict=True):
        assert [(a.cue, a.stance, a.speaker, a.content) for a in left.attributions] == [
            (a.cue, a.stance, a.speaker, a.content) for a in right.attributions
        ]
        for mine, theirs in zip(left.attributions, right.attributions, strict=True):
            assert mine.score == pytest.approx(theirs.score, abs=2e-3)


def test_batches_do_not_change_what_is_found(models: dict[str, Path], little_corpus: Path) -> None:
    tagger = Tagger.from_pretrained(models["fp32"])
    articles = read_jsonl(little_corpus)
    together = list(tagger.tag_many(articles, batch_size=12))
    alone = list(tagger.tag_many(articles, batch_size=1))
    for left, right in zip(together, alone, strict=True):
        assert [a.cue for a in left.attributions] == [a.cue for a in right.attributions]


def test_int8_stays_near_fp32(models: dict[str, Path], little_corpus: Path) -> None:
    articles = read_jsonl(little_corpus)
    one, other = ([*Tagger.from_pretrained(models[name]).tag_many(articles)] for name in ("fp32", "int8"))
    left = {(article.id, own.cue) for article in one for own in article.attributions}
    right = {(article.id, own.cue) for article in other for own in article.attributions}
    assert len(left & right) > 0.9 * len(left | right)


def test_the_stream_is_lazy_and_bounded(models: dict[str, Path]) -> None:
    tagger = Tagger.from_pretrained(models["int8"])
    taken: list[int] = []

    def endless():  # type: ignore[no-untyped-def]
        number = 0
        while True:
            taken.append(number)
            yield f"قال الوزير رقم {number} إن العمل مستمر."
            number += 1

    stream = tagger.tag_many(endless(), batch_size=4)
    first = [next(stream) for _ in range(3)]
    assert [article.id for article in first] == ["0", "1", "2"]
    assert len(taken) <= 5


@pytest.mark.parametrize("text", ["", " \n\t\u00a0 ", "\u200f\u200e", "😀", ":", "«»"])
def test_texts_with_next_to_nothing_in_them(models: dict[str, Path], text: str) -> None:
    article = Tagger.from_pretrained(models["int8"]).tag(text)
    assert article.text == text


def test_a_folder_that_holds_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="holds neither"):
        Tagger.from_pretrained(tmp_path)


def copied(folder: Path, target: Path) -> Path:
    target.mkdir()
    for file in folder.iterdir():
        (target / file.name).write_bytes(file.read_bytes())
    return target


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "tokenizer.json"])
@pytest.mark.parametrize("kept", [0.0, 0.5])
def test_a_cut_checkpoint_is_refused(models: dict[str, Path], tmp_path: Path, name: str, kept: float) -> None:
    file = copied(models["torch"], tmp_path / "model") / name
    file.write_bytes(file.read_bytes()[: int(kept * file.stat().st_size)])
    with pytest.raises(CheckpointError, match="copy the folder again"):
        Tagger.from_pretrained(tmp_path / "model")


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_a_cut_encoder_is_refused(tiny_encoder: Path, tmp_path: Path, name: str) -> None:
    from stance.models.loading import new_model

    file = copied(tiny_encoder, tmp_path / "encoder") / name
    file.write_bytes(file.read_bytes()[:-50])
    with pytest.raises(EncoderError, match="cannot be loaded"):
        new_model(str(tmp_path / "encoder"))


def test_an_encoder_may_be_named_from_the_home_folder(tiny_encoder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from stance.models.loading import new_model

    monkeypatch.setenv("HOME", str(tiny_encoder.parent))
    model, _ = new_model(f"~/{tiny_encoder.name}", reader_hidden=32, reader_heads=2)
    assert model.config.encoder.hidden_size == 32


def test_a_folder_of_another_kind_of_model_is_refused(tiny_encoder: Path) -> None:
    with pytest.raises(CheckpointError, match="cannot be loaded"):
        Tagger.from_pretrained(tiny_encoder)


def test_an_export_of_another_format_is_refused(models: dict[str, Path], tmp_path: Path) -> None:
    path = copied(models["int8"], tmp_path / "tagger") / "tagger.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "format": 2}), encoding="utf-8")
    with pytest.raises(CheckpointError, match=r"format 2, exported by another version; .* export it again"):
        Tagger.from_pretrained(tmp_path / "tagger")


def test_a_damaged_export_is_refused(models: dict[str, Path], tmp_path: Path) -> None:
    (copied(models["int8"], tmp_path / "tagger") / "cues.onnx").write_bytes(b"not a graph")
    with pytest.raises(CheckpointError, match="cannot load"):
        Tagger.from_pretrained(tmp_path / "tagger")
