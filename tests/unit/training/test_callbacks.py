"""What a stop leaves behind, and what the next save takes away."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")

from transformers import TrainerControl, TrainerState, TrainingArguments

from stance.training.callbacks import StopOnSignal

pytestmark = pytest.mark.train


def steps_left(folder: Path, *, should_save: bool, signalled: bool) -> set[int]:
    """Keep checkpoints of every tenth step and of a stop behind step 25, go on, and return what is there then."""
    for step in (10, 20, 25):
        (folder / f"checkpoint-{step}").mkdir()
    stop = StopOnSignal()
    stop.received = 15 if signalled else None
    arguments = TrainingArguments(output_dir=str(folder), save_steps=10, use_cpu=True, report_to=[])
    stop.on_step_end(arguments, TrainerState(global_step=30), TrainerControl(should_save=should_save))
    return {int(own.name.rpartition("-")[2]) for own in folder.iterdir()}


@pytest.mark.parametrize(("should_save", "signalled"), [(True, False), (False, True)])
def test_the_checkpoint_of_a_stop_goes_before_the_next_is_saved(
    tmp_path: Path, should_save: bool, signalled: bool
) -> None:
    # Else it would push a regular one out, and the mean of the last ones would not be that of an undisturbed run.
    assert steps_left(tmp_path, should_save=should_save, signalled=signalled) == {10, 20}


def test_it_stays_while_nothing_newer_is_saved(tmp_path: Path) -> None:
    assert steps_left(tmp_path, should_save=False, signalled=False) == {10, 20, 25}
