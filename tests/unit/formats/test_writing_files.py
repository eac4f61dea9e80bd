"""Where commands write: whole files or none, never an input."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stance.errors import FormatError
from stance.formats.targets import open_target


def test_a_file_is_replaced_once_all_is_written(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("before", encoding="utf-8")
    path.chmod(0o600)
    with open_target(str(path)) as stream:
        stream.write("قال\n")
        stream.flush()
        assert path.read_text(encoding="utf-8") == "before"
    assert path.read_bytes() == "قال\n".encode()
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("before", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt), open_target(str(path)) as stream:
        stream.write("half")
        raise KeyboardInterrupt
    assert path.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_an_input_is_refused_however_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("before", encoding="utf-8")
    link = tmp_path / "link.jsonl"
    link.symlink_to(path)
    for name in (path, link, tmp_path / "sub" / ".." / "a.jsonl"):
        with (
            pytest.raises(FormatError, match=r"\.jsonl: is input and output; name another file"),
            open_target(str(name), inputs=["-", str(path)]),
        ):
            pass
    assert path.read_text(encoding="utf-8") == "before"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    link = tmp_path / "latest.jsonl"
    link.symlink_to(tmp_path / "one.jsonl")
    with open_target(str(link)) as stream:
        stream.write("x")
    assert link.is_symlink()
    assert (tmp_path / "one.jsonl").read_text(encoding="utf-8") == "x"


def test_a_device_is_written_to_and_stays() -> None:
    with open_target(os.devnull) as stream:
        stream.write("x")
    assert not Path(os.devnull).is_file()


def test_half_characters_are_written_as_escapes(tmp_path: Path) -> None:
    with open_target(str(tmp_path / "a.json")) as stream:
        stream.write('"\ud83d"')
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == '"\\ud83d"'
