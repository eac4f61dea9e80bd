"""Every YAML of conf/ composes under Hydra with the schema; wrong values are reported together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("hydra")
from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.errors import HydraException

from stance.errors import ConfigError
from stance.training.config import TrainConfig, checked, register

pytestmark = pytest.mark.train
CONF = Path(__file__).resolve().parents[2] / "conf"
OPTIONS = sorted(f"{path.parent.name}={path.stem}" for path in CONF.glob("*/*.yaml"))


@pytest.fixture(autouse=True)
def hydra() -> Iterator[None]:
    GlobalHydra.instance().clear()
    register()
    with initialize_config_dir(str(CONF), version_base="1.3"):
        yield


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Overrides that name data files which are there, whatever state the corpus is in."""
    for name in ("train", "held_out"):
        (tmp_path / f"{name}.jsonl").write_text("{}\n", encoding="utf-8")
    return [f"data.train=[{tmp_path}/train.jsonl]", f"data.held_out=[{tmp_path}/held_out.jsonl]", "run_dir=runs/x"]


def made(*overrides: str) -> TrainConfig:
    return checked(compose("train", overrides=list(overrides)))


def test_there_is_something_to_test() -> None:
    assert len(OPTIONS) >= 17
    assert {option.partition("=")[0] for option in OPTIONS} >= {"encoder", "model", "data", "trainer", "debug", "paths"}


@pytest.mark.parametrize("option", OPTIONS)
def test_every_file_composes_and_passes_the_checks(option: str, files: list[str]) -> None:
    assert isinstance(made(option, *files), TrainConfig)


@pytest.mark.parametrize("option", OPTIONS)
def test_every_file_begins_by_saying_what_it_is_for(option: str) -> None:
    group, _, name = option.partition("=")
    lines = (CONF / group / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    overlay = lines[0] == "# @package _global_"
    assert overlay is (group in ("experiment", "debug"))
    if overlay:
        assert any(line.startswith("#   python scripts/train.py ") and option in line for line in lines[:5])


def test_overlays_take_precedence_over_groups_and_the_command_line_over_all(files: list[str]) -> None:
    assert made("debug=overfit", *files).data.limit == 8
    assert made("debug=overfit", "data.limit=3", "trainer=short", *files).data.limit == 3
    assert made("experiment=default", *files).augment.mentions > 0
    assert made("experiment=default", "augment=none", *files).augment.mentions == 0


def test_a_fault_of_every_kind_is_reported_at_once(files: list[str], tmp_path: Path) -> None:
    wrong = {
        "encoder.overlap": "500",
        "model.reader_hidden": "130",
        "model.reader_dropout": "1.5",
        "trainer.epochs": "0",
        "trainer.head_lr": "-1",
        "trainer.choose_by": "accuracy",
        "trainer.bf16": "maybe",
        "trainer.schedule": "sinus",
        "trainer.patience": "2",
        "augment.lines": "2",
        "data.train": f"[{tmp_path}/gone.json,{tmp_path}/train.jsonl]",
    }
    with pytest.raises(ConfigError) as caught:
        made(*files, *(f"{key}={value}" for key, value in wrong.items()))
    found = {fault.partition(":")[0] for fault in caught.value.faults}
    assert found == set(wrong)
    assert f"{len(caught.value.faults)} fault(s) in the configuration:" in str(caught.value)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["encoder.name=/no/such/folder"], "encoder.name: /no/such/folder is no folder; name a folder, a hub model or"),
        (["encoder.window=1024"], "encoder.window: 1024, but the embedded encoder has 512 positions"),
        (["data.train=[]"], "data.train: is empty; name at least one file"),
        (["data.held_out=${data.train}"], "is trained on too; held-out articles must be unseen"),
        (["data.train=[pyproject.toml]"], "data.train: pyproject.toml is neither a Label Studio export"),
        (["trainer.choose_best=true", "trainer.checkpoint_every=3"], "trainer.checkpoint_every: must equal"),
        (["trainer.average=5"], "trainer.average: 5, but only 2 trainer.checkpoints are kept"),
        (["trainer.average=2", "trainer.choose_best=true"], "trainer.average: goes with the last checkpoints"),
    ],
)
def test_faults_say_how_to_mend_them(
    files: list[str], overrides: list[str], message: str, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    with pytest.raises(ConfigError) as caught:
        made(*files, *overrides)
    assert message in str(caught.value)


def test_mandatory_values_are_asked_for() -> None:
    with pytest.raises(ConfigError, match=r"data\.train: is mandatory and has no value; set it on the command line"):
        made("data=files", "run_dir=runs/x")


@pytest.mark.parametrize(
    "override", ["trainer.epoch=3", "trainer.epochs=many", "model.reader_layers=1.5", "encoder=gpt"]
)
def test_unknown_keys_and_wrong_types_are_refused_by_the_schema(override: str) -> None:
    with pytest.raises(HydraException):
        compose("train", overrides=[override])
