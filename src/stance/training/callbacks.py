"""What happens beside the steps: epochs for the data, progress for the eyes, signals from outside."""

from __future__ import annotations

import logging
import shutil
import signal
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

import torch
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from stance.training.checkpoints import checkpoints, step_of

log = logging.getLogger(__name__)

__all__ = ["EpochAware", "RichProgress", "StopOnSignal", "TellEpoch"]


class EpochAware(Protocol):
    """Something whose examples or order depend on the epoch."""

    epoch: int


class TellEpoch(TrainerCallback):
    """Tells the data which epoch begins, in a resumed run too.

    Args:
        listeners: data sets and samplers.
    """

    def __init__(self, listeners: Sequence[EpochAware]) -> None:
        self.listeners = listeners

    def on_epoch_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        steps = max(1, round(state.max_steps / args.num_train_epochs))
        for listener in self.listeners:
            listener.epoch = state.global_step // steps


class StopOnSignal(TrainerCallback):
    """Ends training with a checkpoint on Ctrl-C or SIGTERM, after the step under way.

    A second signal ends it at once.
    """

    def __init__(self) -> None:
        self.received: int | None = None
        self._before: dict[int, Any] = {}

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._note)

    def on_train_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.received is not None:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        self.received = number

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        if self._anybody_was_signalled(args.device):
            control.should_save = True
            control.should_training_stop = True
        if control.should_save and state.is_world_process_zero:
            _remove_irregular(Path(str(args.output_dir)), every=int(args.save_steps))

    def _anybody_was_signalled(self, device: torch.device) -> bool:
        """Ask all processes, so that they stop behind the same step."""
        if not (torch.distributed.is_available() and torch.distributed.is_initialized()):
            return self.received is not None
        flag = torch.tensor(self.received or 0, device=device)  # NCCL reduces nothing that lies on a processor
        torch.distributed.all_reduce(flag, op=torch.distributed.ReduceOp.MAX)
        self.received = int(flag) or None
        return self.received is not None


def _remove_irregular(folder: Path, *, every: int) -> None:
    """Remove what earlier stops saved: it would push regular checkpoints out, and be averaged in their place."""
    for checkpoint in checkpoints(folder):
        if step_of(checkpoint) % every:
            shutil.rmtree(checkpoint)


class RichProgress(TrainerCallback):
    """A progress bar with the last losses and scores; plain lines where nobody watches.

    Args:
        console: where to write.
    """

    def __init__(self, console: Console) -> None:
        self.console = console
        self.progress: Progress | None = None
        self._task: Any = None

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        if state.is_world_process_zero and self.console.is_terminal:
            columns = [TextColumn("training"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
            columns += [TimeRemainingColumn(), TextColumn("{task.fields[note]}")]
            self.progress = Progress(*columns, console=self.console)
            self._task = self.progress.add_task("training", total=state.max_steps, completed=state.global_step, note="")
            self.progress.start()

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        if self.progress is not None:
            self.progress.update(self._task, completed=state.global_step)

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float] | None = None,
        **kwargs: Any,
    ) -> None:
        if not state.is_world_process_zero or not logs:
            return
        names = ("loss", "eval_cue_f1", "eval_who+stance_f1", "eval_full_f1")
        note = "  ".join(f"{name.removeprefix('eval_')} {logs[name]:.3f}" for name in names if name in logs)
        if self.progress is not None:
            self.progress.update(self._task, note=note)
        if note:
            line = f"step {state.global_step}/{state.max_steps}  {note}"
            self.console.print(line, highlight=False, markup=False)
            log.info(line)

    def on_train_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        if self.progress is not None:
            self.progress.stop()
            self.progress = None
