"""What a run refuses and says."""

from __future__ import annotations

import io

import pytest

pytest.importorskip("torch")
from rich.console import Console

from stance.errors import ConfigError
from stance.training.run import _refuse_several_gpus, _say

pytestmark = pytest.mark.train


def test_one_process_does_not_share_several_gpus() -> None:
    for few in (0, 1):
        _refuse_several_gpus(few)
    with pytest.raises(ConfigError, match=r"torchrun --nproc_per_node 4 scripts/train\.py"):
        _refuse_several_gpus(4)


def test_brackets_in_a_folder_s_name_are_no_markup() -> None:
    console = Console(file=io.StringIO(), width=20)
    _say(console, "model in runs/[bold]seed=[1,2]/[/x]")
    assert console.file.getvalue() == "model in runs/[bold]seed=[1,2]/[/x]\n"  # type: ignore[attr-defined]
