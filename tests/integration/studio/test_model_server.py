"""The model server, called by a real Label Studio and by hand."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from gold_articles import annotated_article
from model_server import serving

from stance.cli import main
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
        with pytest.raises(StudioError, match="connect the model server"):
            studio.connect_model(project.id, url=url, title="stance", user=USER, secret="wrong")
        [model] = studio._sdk.ml.list(project=project.id)
        assert model.state == "CO" and model.model_version == tagger.version, "connected, once, and still"

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
            assert tagged, "it finds something"
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
        # In ASCII, as Label Studio sends it: httpx itself would not write half a character.
        content = json.dumps({"tasks": tasks, "label_config": config})
        results = client.post("/predict", content=content).json()["results"]
        assert [len(result["result"]) > 0 for result in results] == [False, True, False], "in order, none dropped"
        tasks.pop()
        assert client.post("/predict", json={"tasks": [*tasks, *tasks]}).status_code == 413
        assert client.post("/predict", json={"tasks": tasks, "padding": "x" * 5000}).status_code == 413
        assert client.post("/predict", json={"tasks": "no"}).status_code == 422
        assert client.post("/predict", content=b"{").status_code == 422
        assert client.post("/webhook", json={"action": "ANNOTATION_UPDATED"}).json() == {"status": "ok"}
    with serving(create_app(broken, model_version="m1")) as url:
        reply = httpx.post(f"{url}/predict", json={"tasks": tasks}, trust_env=False)
        assert (reply.status_code, reply.json()["detail"]) == (500, "the model is out of order")


@contextmanager
def serve_command(*words: str) -> Iterator[subprocess.Popen[str]]:
    """Run `stance studio serve` until the test is through with it."""
    command = [sys.executable, "-m", "stance.cli", "studio", "serve", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        # What it says is read line by line, so a server that says nothing must not hang the test.
        alarm = threading.Timer(120, process.kill)
        alarm.start()
        try:
            yield process
        finally:
            alarm.cancel()
            process.terminate()


def said(process: subprocess.Popen[str], *, until: str = "") -> str:
    """Return what it says up to a line with these words; by default all that it says."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if until and until in line:
            break
    return "".join(lines)


def test_serve_and_connect(studio: Studio, project: Project, tmp_path: Path) -> None:
    article = annotated_article("c0", first=0, sentences=2)
    push([Article(article.id, article.text)], studio=studio, project=project)
    (tmp_path / "secret").write_bytes(b"\xef\xbb\xbf" + SECRET.encode() + b"\n")
    words = ("--port", "0", "--connect", project.title, "--secret-file", str(tmp_path / "secret"))
    with serve_command(*words) as process:
        output = said(process, until="connected")
        assert f"connected to {project.url}" in output
        [model] = studio._sdk.ml.list(project=project.id)
        assert model.state == "CO" and f"answering at {model.url}\n" in output
        [task] = studio.tasks(project.id, include=("id",))
        assert studio._sdk.tasks.get(id=str(task["id"])).predictions[0].result
        process.send_signal(signal.SIGINT)
        output += said(process)
    assert process.returncode == 0
    assert SECRET not in output and b64encode(f"{USER}:{SECRET}".encode()).decode() not in output


def test_serve_and_connect_at_another_address(studio: Studio, project: Project) -> None:
    port = int(studio.url.rsplit(":", 1)[1])
    for words, expected in (
        (("--port", "0", "--public-url", "http://127.0.0.1:9"), "not connected: .*http://127.0.0.1:9 to project"),
        (("--port", str(port)), f"cannot listen at 127.0.0.1, port {port} "),
    ):
        with serve_command("--connect", project.title, *words) as process:
            assert re.search(expected, said(process, until="not connected"))
    assert list(studio._sdk.ml.list(project=project.id)) == [], "what else answers at the port is not connected"
    with serve_command("--host", "::1", "--port", "0") as process:
        [url] = re.findall(r"answering at (http://\[::1\]:\d+)\n", said(process, until="answering"))
        assert httpx.get(f"{url}/health", trust_env=False).is_success


@pytest.mark.parametrize(
    ("words", "secret", "expected"),
    [
        ("--host 0.0.0.0", None, "--secret-file or $STANCE_SERVE_SECRET"),
        ("--host 192.0.2.1", None, "only this machine may call"),
        ("--host 0.0.0.0 --connect x", "s3cret", "Label Studio cannot call this address; give one with --public-url"),
        ("--host ::1 --connect x", None, "Label Studio cannot call this address; give one with --public-url"),
        ("--secret-file /dev/null", None, "the secret file /dev/null is empty"),
        ("--secret-file /no/such/file", None, "cannot be read"),
    ],
)
def test_serve_refuses(
    words: str,
    secret: str | None,
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("STANCE_SERVE_SECRET", raising=False)
    if secret is not None:
        monkeypatch.setenv("STANCE_SERVE_SECRET", secret)
    assert main(["studio", "serve", *words.split()]) == 2
    output = capsys.readouterr().err
    assert expected in output and (secret is None or secret not in output)
