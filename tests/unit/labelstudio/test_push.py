"""What a push refuses before it talks to any server."""

from __future__ import annotations

import pytest

from stance.errors import StudioError
from stance.labelstudio.client import Studio
from stance.labelstudio.project import Project
from stance.labelstudio.push import push

pytest.importorskip("label_studio_sdk")

NOWHERE = "http://127.0.0.1:9"


@pytest.mark.parametrize("version", ["lr=1,seed=2", " m1", 'the "best"', "a\\b", ""])
def test_a_model_version_that_label_studio_would_list_otherwise(version: str) -> None:
    studio, project = Studio(NOWHERE, token="f" * 40, retries=0), Project(1, "Arabic stance", NOWHERE)
    with pytest.raises(StudioError, match=r"model version .* without commas.*--model-version"):
        push([], studio=studio, project=project, model_version=version)
