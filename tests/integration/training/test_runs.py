"""Training as an engineer runs it: whole, stopped, killed, in two processes, misconfigured."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest
from safetensors.numpy import load_file
from tests.integration.conftest import Train

pytestmark = [pytest.mark.train, pytest.mark.slow]


def finish(process: subprocess.Popen[str], *, status: int = 0) -> str:
    _, said = process.communicate(timeout=240)
    assert process.returncode == status, said[-3000:]
    return said


def wait_for_checkpoint(process: subprocess.Popen[str], run: Path) -> None:
    """Wait until the first whole checkpoint is there and the run still goes on."""
    for _ in range(2400):
        if list(run.glob("checkpoints/checkpoint-*/trainer_state.json")):
            return
        try:
            process.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
        pytest.fail(f"the run ended before its first checkpoint: {process.communicate()[1][-2000:]}")
    pytest.fail("no checkpoint within four minutes")


def assert_same_weights(one: Path, other: Path) -> None:
    left, right = (load_file(run / "model" / "model.safetensors") for run in (one, other))
    assert left.keys() == right.keys()
    different = [name for name in left if not (left[name] == right[name]).all()]
    assert not different, f"{len(different)} of {len(left)} tensors differ, such as {different[:3]}"


@pytest.fixture(scope="module")
def whole_run(start_training: Train, tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("whole") / "run"
    finish(start_training(run, "augment=news"))
    return run


def test_a_run_leaves_all_that_is_needed_to_repeat_it(whole_run: Path) -> None:
    for name in ("config.json", "provenance.json", "metrics.json", "figures.json", "model/model.safetensors"):
        assert (whole_run / name).is_file(), name
    assert not list(whole_run.rglob("*.bin.index.json"))
    provenance = json.loads((whole_run / "provenance.json").read_text(encoding="utf-8"))
    assert provenance["articles"] + provenance["held_out_articles"] == 12
    assert all(len(digest) == 64 for digest in provenance["data"].values())
    card = (whole_run / "model" / "README.md").read_text(encoding="utf-8")
    assert provenance["commit"][:12] in card and "who+stance" in card
    assert provenance["overrides"][0] == "model=small" and provenance["overrides"][-1] == "augment=news"
    assert "`python scripts/train.py model=small data=files" in card and str(whole_run) not in card


def test_a_killed_run_ends_with_the_same_weights(start_training: Train, whole_run: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    process = start_training(run, "augment=news")
    wait_for_checkpoint(process, run)
    process.kill()
    process.communicate()
    assert not (run / "model").exists()
    finish(start_training(run, "augment=news"))
    assert_same_weights(whole_run, run)


def test_a_terminated_run_says_how_to_go_on_and_does(start_training: Train, whole_run: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    process = start_training(run, "augment=news")
    wait_for_checkpoint(process, run)
    process.send_signal(signal.SIGTERM)
    assert "run the same command" in finish(process, status=130)
    finish(start_training(run, "augment=news"))
    assert_same_weights(whole_run, run)


def test_a_stopped_run_averages_the_checkpoints_of_an_undisturbed_one(start_training: Train, tmp_path: Path) -> None:
    settings = ("trainer.checkpoints=3", "trainer.average=3", "trainer.checkpoint_every=0.75")
    finish(start_training(tmp_path / "whole", *settings))
    run = tmp_path / "stopped"
    process = start_training(run, *settings)
    wait_for_checkpoint(process, run)
    process.send_signal(signal.SIGTERM)
    finish(process, status=130)
    finish(start_training(run, *settings))
    assert_same_weights(tmp_path / "whole", run)


def test_a_folder_of_another_config_is_refused(start_training: Train, whole_run: Path) -> None:
    said = finish(start_training(whole_run, "augment=news", "trainer.seed=9"), status=2)
    assert "trainer.seed" in said and "another run_dir" in said


def test_two_processes_train_together(start_training: Train, tmp_path: Path) -> None:
    finish(start_training(tmp_path / "run", "trainer.processes=2", "trainer.epochs=1"))
    provenance = json.loads((tmp_path / "run" / "provenance.json").read_text(encoding="utf-8"))
    assert provenance["processes"] == 2
    assert "trainer.processes=2" in provenance["overrides"]


def test_two_processes_end_as_one_does(start_training: Train, tmp_path: Path) -> None:
    both = ("trainer.processes=2", "trainer.epochs=20")
    said = finish(start_training(tmp_path / "faulty", *both, "encoder.window=512"), status=1)
    assert "256 positions" in said, "a failure is no stop"
    process = start_training(tmp_path / "run", *both)
    wait_for_checkpoint(process, tmp_path / "run")
    process.send_signal(signal.SIGTERM)
    assert "run the same command" in finish(process, status=130)


def test_all_faults_of_a_config_come_at_once_before_any_work(start_training: Train, tmp_path: Path) -> None:
    faulty = ("trainer.epochs=0", "trainer.bf16=maybe", "data.train=[nowhere.json]", "augment.quotes=2")
    said = finish(start_training(tmp_path / "run", *faulty), status=2)
    for key in ("trainer.epochs", "trainer.bf16", "nowhere.json", "augment.quotes"):
        assert key in said
    assert not (tmp_path / "run" / "checkpoints").exists()


def test_a_key_that_is_not_there_is_refused(start_training: Train, tmp_path: Path) -> None:
    said = finish(start_training(tmp_path / "run", "trainer.epoch=3"), status=1)
    assert "trainer.epoch" in said


def test_the_best_checkpoint_is_kept_and_patience_ends_the_run(start_training: Train, tmp_path: Path) -> None:
    chosen = ("trainer.choose_best=true", "trainer.patience=1", "trainer.checkpoint_every=1", "trainer.epochs=6")
    frozen = ("encoder.freeze_embeddings=true", "trainer.gradient_accumulation=2", "trainer.layer_lr_decay=0.9")
    run = tmp_path / "run"
    finish(start_training(run, *chosen, *frozen))
    states = [json.loads(path.read_text(encoding="utf-8")) for path in run.glob("checkpoints/*/trainer_state.json")]
    last = max(states, key=lambda state: int(state["global_step"]))
    scores = [entry["eval_who+stance_f1"] for entry in last["log_history"] if "eval_who+stance_f1" in entry]
    better = [number for number, own in enumerate(scores) if own > max(scores[:number], default=-1.0)]
    assert last["epoch"] == len(scores) < 6
    assert better == list(range(len(scores) - 1)), "the first evaluation without a better score is the last"
    best = load_file(run / "checkpoints" / Path(last["best_model_checkpoint"]).name / "model.safetensors")
    final = load_file(run / "model" / "model.safetensors")
    assert last["best_global_step"] < last["global_step"]
    assert best.keys() == final.keys() and all((best[name] == final[name]).all() for name in best)
