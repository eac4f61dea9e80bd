"""Runs the network in ONNX Runtime: what the light install tags with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from stance.encoding import Calibration, DecodeSettings
from stance.errors import CheckpointError
from stance.runtime.backend import Reach

__all__ = ["FORMAT", "GRAPHS", "SETTINGS_FILE", "OnnxBackend"]

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

SETTINGS_FILE = "tagger.json"
FORMAT = 1
"""The layout of an exported tagger, as its settings name it."""

GRAPHS = ("windows", "cues", "judge")
"""The exported graphs, one a call of the backend."""


class OnnxBackend:
    """A backend on exported graphs.

    Args:
        folder: what `stance export` wrote.
        threads: threads of ONNX Runtime; 0 leaves the choice to it.

    Raises:
        CheckpointError: if a file is missing or damaged, or of another format.
    """

    def __init__(self, folder: str | Path, *, threads: int = 0) -> None:
        import onnxruntime

        folder = Path(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._sessions: dict[str, Any] = {}
        try:
            facts = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
            if facts["format"] != FORMAT:
                raise ValueError(f"format {facts['format']!r}, exported by another version; this one reads {FORMAT}")
            for name in GRAPHS:
                self._sessions[name] = onnxruntime.InferenceSession(
                    str(folder / f"{name}.onnx"), options, providers=["CPUExecutionProvider"]
                )
            self._reach = Reach(**facts["reach"])
            self._settings = DecodeSettings(
                cue_threshold=facts["cue_threshold"], calibration=Calibration(**facts["calibration"])
            )
            self._pad_id = int(facts["pad_id"])
            self.version = str(facts["version"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CheckpointError(
                f"{folder}: is no tagger that can be read ({error}); export it again with `stance export`"
            ) from error
        except Exception as error:
            raise CheckpointError(f"{folder}: ONNX Runtime cannot load it: {error}") from error

    @property
    def reach(self) -> Reach:
        return self._reach

    @property
    def settings(self) -> DecodeSettings:
        return self._settings

    @property
    def pad_id(self) -> int:
        return self._pad_id

    def _run(self, name: str, **inputs: npt.NDArray[Any]) -> list[Floats]:
        outputs: list[Floats] = self._sessions[name].run(None, inputs)
        return outputs

    def read_windows(self, input_ids: Ints, attention_mask: Ints, first: Ints, last: Ints) -> tuple[Floats, Floats]:
        words, scores = self._run("windows", input_ids=input_ids, attention_mask=attention_mask, first=first, last=last)
        return words, scores

    def read_cues(self, words: Floats, mask: Bools, distance: Ints) -> tuple[Floats, Floats, Floats]:
        states, cue, roles = self._run("cues", words=words, mask=mask, distance=distance)
        return states, cue, roles

    def judge(self, states: Floats, cue: Floats, content_first: Ints, content_last: Ints) -> Floats:
        return self._run("judge", states=states, cue=cue, content_first=content_first, content_last=content_last)[0]
