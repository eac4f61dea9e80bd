"""The model server, called by a real Label Studio and by hand."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest
from gold_articles import annotated_article
from model_server import serving

from stance.errors import ConfigError, StudioError
from stance.labelstudio.client import Studio
from stance.labelstudio.project import Project, ensure_project, labelling_config
from stance.labelstudio.push import push
from stance.labelstudio.serve import USER, create_app
from stance.schema import Article
from stance.tagger import Tagger

pytestmark = pytest.mark.studio

SECRET = "s3cret:12"


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    """The tagger that comes with the package."""
    return Tagger.from_pretrained(threads=1)


def test_label_studio_calls_it(studio: Studio, tagger: Tagger) -> None:
    events: list[dict[str, Any]] = []
    app = create_app(tagger.tag_many, model_version=tagger.version, secret=SECRET, on_event=events.append)
    project: Project = ensure_project(studio, title=f"model {time.time_ns()}")
    articles = [annotated_article(f"s{number}", first=number, sentences=2) for number in range(3)]
    push([Article(article.id, article.text) for article in articles], studio=studio, project=project)
    with serving(app) as url:
        with pytest.raises(StudioError, match="connect the model server"):
            studio.connect_model(project.id, url=url, title="stance", user=USER, secret="wrong")
        studio.connect_model(project.id, url=url, title="stance", user=USER, secret=SECRET)
        studio.connect_model(project.id, url=url, title="stance", user=USER, secret=SECRET)
        [model] = studio._sdk.ml.list(project=project.id)
        assert model.state == "CO" and model.model_version == tagger.version, "connected, once"

        tasks = list(studio.tasks(project.id, include=("id", "data", "predictions")))
        for task, article in zip(tasks, articles, strict=True):
            [prediction] = studio._sdk.tasks.get(id=str(task["id"])).predictions
            regions = [result for result in prediction.result if result["type"] == "labels"]
            cues = [region for region in regions if region["id"].startswith("cue")]
            tagged = tagger.tag(article.text).attributions
            assert [(cue["value"]["start"], cue["value"]["end"]) for cue in cues] == [
                (found.cue.start, found.cue.end) for found in tagged
            ]
            assert [cue["score"] for cue in cues] == [pytest.approx(found.score, abs=0.01) for found in tagged]
            assert {found.cue for found in article.attributions} <= {found.cue for found in tagged}, "it finds ours"
            assert prediction.model_version == tagger.version

        studio._sdk.annotations.create(id=tasks[0]["id"], result=[])
        deadline = time.monotonic() + 10
        while not events and time.monotonic() < deadline:
            time.sleep(0.05)
        assert events and events[-1]["action"] == "ANNOTATION_CREATED"


def test_replies_by_hand(tagger: Tagger) -> None:
    def broken(articles: Any) -> Any:
        raise StudioError("the model is out of order")

    with pytest.raises(ConfigError, match="ASCII"):
        create_app(tagger.tag_many, model_version="m1", secret="سر")
    config = labelling_config()
    text = annotated_article("x").text
    app = create_app(tagger.tag_many, model_version="m1", secret=SECRET, max_tasks=3, max_bytes=4000)
    with serving(app) as url, httpx.Client(base_url=url, auth=(USER, SECRET), trust_env=False) as client:
        assert httpx.get(f"{url}/health", trust_env=False).json()["model_version"] == "m1", "open to all"
        assert httpx.get(f"{url}/versions", trust_env=False).status_code == 401
        assert httpx.post(f"{url}/predict", json={}, auth=(USER, "no"), trust_env=False).status_code == 401
        assert client.get("/versions").json() == {"versions": ["m1"]}
        assert client.post("/setup", json={"schema": config, "access_token": "t"}).json() == {"model_version": "m1"}
        reply = client.post("/setup", json={"schema": "<View/>"})
        assert reply.status_code == 422 and 'it has no <Text name="text">' in reply.json()["detail"]
        tasks = [
            {"id": 1, "data": {}},
            {"id": 2, "data": {"text": text}},
            {"id": 3, "data": {"text": "نفى \ud83d"}},
        ]
        results = client.post("/predict", json={"tasks": tasks, "label_config": config}).json()["results"]
        assert [len(result["result"]) > 0 for result in results] == [False, True, False], "in order, none dropped"
        assert client.post("/predict", json={"tasks": [*tasks, *tasks]}).status_code == 413
        assert client.post("/predict", json={"tasks": tasks, "padding": "x" * 5000}).status_code == 413
        assert client.post("/predict", json={"tasks": "no"}).status_code == 422
        assert client.post("/predict", content=b"{").status_code == 422
        assert client.post("/webhook", json={"action": "ANNOTATION_UPDATED"}).json() == {"status": "ok"}
    with serving(create_app(broken, model_version="m1")) as url:
        reply = httpx.post(f"{url}/predict", json={"tasks": tasks}, trust_env=False)
        assert (reply.status_code, reply.json()["detail"]) == (500, "the model is out of order")
