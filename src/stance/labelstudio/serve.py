"""The model server that Label Studio calls for predictions (Settings → Model → Connect Model).

| call | reply |
| --- | --- |
| GET /health, GET / | status and model version; open, so that anything may see whether it lives |
| POST /setup | the model version; the user's token that comes with the request is neither kept nor logged |
| POST /predict | one entry a task, in order, or Label Studio drops them all |
| POST /webhook | what annotators did, handed on to `on_event` |
| GET /versions | the model's version |
"""

from __future__ import annotations

import contextlib
import json
import logging
import secrets
import socket
import threading
import time
from base64 import b64decode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from stance.errors import ConfigError, MissingExtraError, StanceError, StudioError
from stance.formats.labelstudio import Task, task_of_article
from stance.labelstudio.project import config_faults
from stance.schema import Article

try:
    import uvicorn
    from fastapi import FastAPI, HTTPException, Request
    from fastapi.concurrency import run_in_threadpool
except ImportError as error:
    raise MissingExtraError("The model server", extra="studio") from error

__all__ = ["USER", "TagMany", "create_app", "predictions_of_tasks", "serve"]

USER = "stance"
"""The user name that goes with the shared secret."""

MAX_TASKS = 1000
MAX_BYTES = 32 * 1024 * 1024

_log = logging.getLogger(__name__)

Json = dict[str, Any]


class TagMany(Protocol):
    """Whatever turns articles into articles with attributions, in order."""

    def __call__(self, articles: Iterable[Article], /) -> Iterable[Article]: ...


def predictions_of_tasks(tasks: Sequence[Json], *, tag_many: TagMany, model_version: str) -> list[Json]:
    """Predict for tasks as Label Studio sends them.

    Args:
        tasks: tasks, each with `data.text`; one without readable text gets an empty prediction, and the others theirs.
        tag_many: the model.
        model_version: its name.

    Returns:
        One prediction a task, in order; cues carry their scores.
    """
    read = [Task(task, number) for number, task in enumerate(tasks, 1)]
    for task in read:
        if task.fault:
            _log.warning("%s %s", task.place, task.fault)
    tagged = iter(tag_many([Article(task.article_id, task.text) for task in read if not task.fault]))
    predictions = []
    for task in read:
        article = Article("", "") if task.fault else next(tagged)
        predictions.extend(task_of_article(article, model_version=model_version)["predictions"])
    return predictions


def create_app(
    tag_many: TagMany,
    *,
    model_version: str,
    secret: str | None = None,
    max_tasks: int = MAX_TASKS,
    max_bytes: int = MAX_BYTES,
    on_event: Callable[[Json], None] | None = None,
) -> FastAPI:
    """Make the server's application.

    Args:
        tag_many: the model; it is asked for one batch at a time.
        model_version: its name, by which Label Studio tells predictions apart.
        secret: if given, calls must carry it as the password of HTTP basic authentication, as Label Studio does.
        max_tasks: tasks that one call may hold.
        max_bytes: bytes that one call may hold.
        on_event: is given what the webhook is told.

    Returns:
        The application.

    Raises:
        ConfigError: if the secret is one that Label Studio cannot send.
    """
    if secret is not None and not secret.isascii():
        raise ConfigError(["the shared secret must be ASCII: Label Studio cannot send other letters as a password"])
    app = FastAPI(title="arabic-stance", docs_url=None, redoc_url=None, openapi_url=None)
    gate = _Gate(secret, max_bytes)
    turn = threading.Lock()

    def predict_all(tasks: Sequence[Json]) -> list[Json]:
        with turn:
            return predictions_of_tasks(tasks, tag_many=tag_many, model_version=model_version)

    @app.get("/")
    @app.get("/health")
    async def health() -> Json:
        return {"status": "UP", "model_class": "arabic-stance", "model_version": model_version}

    @app.get("/versions")
    async def versions(request: Request) -> Json:
        gate.admit(request)
        return {"versions": [model_version]}

    @app.post("/setup")
    async def setup(request: Request) -> Json:
        body = await gate.body(request)
        _refuse_config(body.get("schema"))
        return {"model_version": model_version}

    @app.post("/predict")
    async def predict(request: Request) -> Json:
        body = await gate.body(request)
        tasks = body.get("tasks")
        if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
            raise HTTPException(422, "expected `tasks`, a list of Label Studio tasks")
        if len(tasks) > max_tasks:
            raise HTTPException(413, f"{len(tasks)} tasks in one call, at most {max_tasks} fit; choose fewer")
        _refuse_config(body.get("label_config"))
        try:
            return {"results": await run_in_threadpool(predict_all, tasks)}
        except StanceError as error:
            _log.error("no predictions: %s", error)
            raise HTTPException(500, str(error)) from error

    @app.post("/webhook")
    async def webhook(request: Request) -> Json:
        body = await gate.body(request)
        task = body.get("task")
        _log.info("%s, task %s", body.get("action"), task.get("id") if isinstance(task, dict) else None)
        if on_event is not None:
            on_event(body)
        return {"status": "ok"}

    return app


def serve(app: FastAPI, *, host: str, port: int, on_start: Callable[[str], None]) -> None:
    """Answer calls until stopped.

    Args:
        app: the application.
        host: the name or address to listen at.
        port: the port; 0 for any that is free.
        on_start: is given the server's address once it answers, in a thread of its own, so that it may be called back.

    Raises:
        StudioError: if it cannot listen there.
    """
    try:
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except (OSError, OverflowError) as error:
        raise StudioError(f"cannot listen at {host}, port {port} ({error}); give another --host or --port") from error
    url = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(app, log_level="info"))

    def announce() -> None:
        while not server.started:
            time.sleep(0.05)
        on_start(url)

    threading.Thread(target=announce, daemon=True).start()
    with listening, contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listening])


@dataclass(frozen=True, slots=True)
class _Gate:
    """What a call must be before it is listened to."""

    secret: str | None
    max_bytes: int

    def admit(self, request: Request) -> None:
        if not is_authorised(request.headers.get("authorization"), secret=self.secret):
            raise HTTPException(401, f"wrong or missing secret; in the model's settings give the user {USER} and it")

    async def body(self, request: Request) -> Json:
        self.admit(request)
        content = bytearray()
        async for piece in request.stream():
            content += piece
            if len(content) > self.max_bytes:
                raise HTTPException(413, f"more than {self.max_bytes} bytes in one call; choose fewer tasks")
        try:
            found = json.loads(content or b"{}")
        except ValueError as error:
            raise HTTPException(422, f"the request is not JSON ({error})") from error
        if not isinstance(found, dict):
            raise HTTPException(422, f"expected a JSON object, got {type(found).__name__}")
        return found


def is_authorised(header: str | None, *, secret: str | None) -> bool:
    """Return whether an Authorization header carries the shared secret.

    Args:
        header: its value.
        secret: what it must hold; None lets everybody in.

    Returns:
        Whether it is HTTP basic authentication with the secret as the password.
    """
    if secret is None:
        return True
    kind, _, credentials = (header or "").partition(" ")
    if kind.lower() != "basic":
        return False
    try:
        _, _, password = b64decode(credentials, validate=True).partition(b":")
    except ValueError:
        return False
    return secrets.compare_digest(password, secret.encode())


def _refuse_config(config: object) -> None:
    # Label Studio sends the project's config along; without one there is nothing to check.
    faults = config_faults(config) if isinstance(config, str) and config.strip() else []
    if faults:
        raise HTTPException(422, f"the project's labelling config cannot hold these predictions: {'; '.join(faults)}")
