"""What `stance studio …` refuses before it talks to any server."""

from __future__ import annotations

import pytest

from stance.cli import main


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("push in.jsonl --predict --annotated", "--annotated: not allowed with argument --predict"),
        ("next --count 0", "0 is below 1"),
        ("next --count -3", "-3 is below 1"),
        ("next --count many", "invalid"),
        ("serve --batch-size 0", "0 is below 1"),
    ],
)
def test_refused(words: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["studio", *words.split()])
    assert stopped.value.code == 2 and said in capsys.readouterr().err
