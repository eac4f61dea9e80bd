"""The launcher of several processes: it waits, hands signals on, and leaves them as they were."""

from __future__ import annotations

import os
import signal
import sys

import pytest

pytest.importorskip("torch")
pytest.importorskip("hydra")

from stance.training.main import run_to_end

pytestmark = pytest.mark.train


def end_of(script: str) -> tuple[int, bool]:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    found = run_to_end([sys.executable, "-c", f"import os, signal; {script}"], environment=dict(os.environ))
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    return found


@pytest.mark.parametrize("status", [0, 1, 3])
def test_without_a_signal_the_status_is_the_child_s(status: int) -> None:
    assert end_of(f"raise SystemExit({status})") == (status, False)


def test_a_termination_is_handed_on() -> None:
    assert end_of("os.kill(os.getppid(), signal.SIGTERM); signal.pause()") == (-signal.SIGTERM, True)


def test_an_interrupt_is_waited_out() -> None:
    assert end_of("os.kill(os.getppid(), signal.SIGINT); raise SystemExit(4)") == (4, True)


def test_handlers_are_put_back_where_there_is_no_such_program() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(FileNotFoundError):
        run_to_end(["/no/such/program"], environment={})
    assert signal.getsignal(signal.SIGTERM) is before
