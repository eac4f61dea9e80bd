"""One home, one server: whoever starts a second one waits for the first."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from stance.errors import StudioUnreachable
from stance.labelstudio import server
from stance.labelstudio.client import Studio, connect

pytestmark = pytest.mark.studio


def test_a_server_that_does_not_answer_is_waited_for(home: Path, studio: Studio) -> None:
    running = server.find(home=home)
    assert running is not None
    os.kill(running.pid, signal.SIGSTOP)
    try:
        with pytest.raises(StudioUnreachable, match="is starting, or busy"):
            connect()
    finally:
        # It goes on when `up` says that it waits.
        found = server.up(home=home, report=lambda _: os.kill(running.pid, signal.SIGCONT))
    assert found == running, "no second one was started on the same database"


def test_two_starts_at_once(home: Path, studio: Studio) -> None:
    assert server.down(home=home)
    said: list[str] = []
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: server.up(home=home, report=said.append), range(2))
    assert first == second == server.find(home=home)
    assert sum("starting Label Studio" in line for line in said) == 1
    assert "waiting for another `stance studio up` …" in said


def test_a_start_that_is_broken_off_leaves_nothing(home: Path, studio: Studio) -> None:
    assert server.down(home=home)
    start = subprocess.Popen([sys.executable, "-m", "stance.cli", "studio", "up"], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while (begun := server.noted(home=home)) is None:
        assert start.poll() is None and time.monotonic() < deadline, "it does not start"
        time.sleep(0.02)
    start.send_signal(signal.SIGINT)
    _, said = start.communicate(timeout=60)
    assert start.returncode == 130 and "stopped" in said
    assert server.noted(home=home) is None and not (home / "server.json").exists()
    with pytest.raises(ProcessLookupError):
        os.kill(begun.pid, 0)
