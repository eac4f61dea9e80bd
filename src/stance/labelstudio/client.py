"""The calls that this project makes of a Label Studio server, over label-studio-sdk.

Every fault comes out as a `StudioError` that says what was being done. The SDK's own errors are not chained on: their
text holds the reply's headers, session cookie included.
"""

from __future__ import annotations

import json
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from stance.errors import MissingExtraError, StudioError, StudioNotFound, StudioUnauthorised, StudioUnreachable
from stance.labelstudio import server as local
from stance.labelstudio.tokens import TOKEN_VARIABLE, check_token, given_token, personal_token

if TYPE_CHECKING:
    import httpx

__all__ = ["Studio", "connect"]

_PAGE = 500
_PREDICTED_PAGE = 25
_RETRIES = 3

Json = dict[str, Any]


def connect(url: str | None = None, *, token_file: Path | None = None) -> Studio:
    """Connect to a Label Studio and see that it answers.

    Args:
        url: the server; by default the local one that `stance studio up` started.
        token_file: a file that holds the API token; by default the environment variable `LABEL_STUDIO_API_KEY`, and
            for the local server its own.

    Returns:
        The server, which has accepted the token.

    Raises:
        StudioError: if the url is no address, or redirects.
        StudioUnreachable: if no server answers.
        StudioUnauthorised: if there is no token, or it was refused.
    """
    server = local.noted()
    if url is not None:
        url = _base_of(url)
    elif server is None:
        raise StudioUnreachable("no Label Studio runs here; start one with `stance studio up`, or name one with --url")
    elif not local.is_healthy(server.url):
        raise StudioUnreachable(f"Label Studio at {server.url} is starting, or busy; `stance studio up` waits for it")
    is_local = server is not None and url in (None, server.url)
    if server is not None and is_local:
        token, url = (given_token(token_file) if token_file else server.account.token), server.url
    else:
        token = given_token(token_file)
    studio = Studio(str(url), token=token)
    try:
        studio.check()
    except StudioUnauthorised:
        if server is None or not is_local or token_file:
            raise
        # A server whose organisation refuses the old kind of token still gives out personal ones.
        studio = Studio(server.url, token=personal_token(server.url, account=server.account))
        studio.check()
    return studio


class Studio:
    """A Label Studio server.

    Args:
        url: where it answers.
        token: an API token, of either kind; never shown.
        timeout: seconds that one call may take.
        retries: how often a call that may be repeated is repeated after a server error.

    Raises:
        MissingExtraError: if label-studio-sdk is not installed.
        StudioError: if the url is no address.
        StudioUnauthorised: if the token is malformed or has expired.
    """

    def __init__(self, url: str, *, token: str, timeout: float = 300.0, retries: int = _RETRIES) -> None:
        try:
            import httpx
            from label_studio_sdk import LabelStudio
        except ImportError as error:
            raise MissingExtraError("Talking to Label Studio", extra="studio") from error
        self.url = _base_of(url)
        check_token(token)
        self._retries = retries
        self._again: Any = {"max_retries": retries}
        self._once: Any = {"max_retries": 0}
        # A proxy of the environment cannot reach this machine's own loopback.
        is_loopback = urlsplit(self.url).hostname in ("127.0.0.1", "localhost", "::1")
        self._browser = httpx.Client(
            timeout=timeout, trust_env=not is_loopback, event_hooks={"response": [_refuse_redirect]}
        )
        with self._asked("read the token"):
            self._sdk: Any = LabelStudio(base_url=self.url, api_key=token, httpx_client=self._browser)

    def __repr__(self) -> str:
        return f"Studio({self.url!r})"

    @contextmanager
    def _asked(self, doing: str) -> Iterator[None]:
        import httpx
        from label_studio_sdk.core.api_error import ApiError

        try:
            yield
        except ApiError as error:
            raise self._fault(doing, status=error.status_code or 0, body=error.body) from None
        except httpx.HTTPError as error:
            raise StudioUnreachable(
                f"{self.url} does not answer ({type(error).__name__}) when asked to {doing}; is it running? "
                f"What was done is kept: run again to go on."
            ) from None
        except ValueError as error:
            raise StudioError(f"{self.url} gave an answer that is not Label Studio's when asked to {doing}") from error

    def _fault(self, doing: str, *, status: int, body: object) -> StudioError:
        detail = body.get("detail") or body.get("validation_errors") if isinstance(body, dict) else None
        if isinstance(body, dict) and body.get("validation_errors"):
            detail = json.dumps(body["validation_errors"], ensure_ascii=False)
        if status in (401, 403):
            return StudioUnauthorised(
                f"{self.url} refused the token when asked to {doing} ({status}: {detail or 'no reason given'}); "
                f"copy a new one from Account & Settings into ${TOKEN_VARIABLE} or the token file"
            )
        if status >= 500:
            return StudioUnreachable(
                f"{self.url} failed ({status}) when asked to {doing}; its log says why. "
                f"What was done is kept: run again to go on."
            )
        kind = StudioNotFound if status == 404 else StudioError
        return kind(f"{self.url} would not {doing} ({status}: {detail or 'no reason given'})")

    def check(self) -> str:
        """See that the server answers and takes the token.

        Returns:
            The user's e-mail address.

        Raises:
            StudioError: if it redirects to another address.
            StudioUnreachable: if it does not answer.
            StudioUnauthorised: if it refuses the token.
        """
        with self._asked("say who we are"):
            if self.url.startswith("http:"):
                # Without the token, which is not to go out in clear where the server wants https.
                self._browser.get(f"{self.url}/health")
            return str(self._sdk.users.whoami(request_options=self._again).email)

    def find_projects(self, title: str) -> list[Json]:
        """Return the projects of exactly this title."""
        with self._asked("list the projects"):
            found = self._sdk.projects.list(title=title, page_size=100, request_options=self._again)
            return [_plain(project) for project in found if project.title == title]

    def project(self, project: int) -> Json:
        """Return a project, whole."""
        with self._asked(f"show project {project}"):
            return _plain(self._sdk.projects.get(id=project, request_options=self._again))

    def create_project(self, settings: Mapping[str, Any]) -> Json:
        """Create a project with these settings (`title`, `label_config`, …)."""
        with self._asked(f"create the project {settings.get('title')!r}"):
            return _plain(self._sdk.projects.create(**settings, request_options=self._once))

    def update_project(self, project: int, settings: Mapping[str, Any]) -> None:
        """Change some settings of a project."""
        with self._asked(f"change {', '.join(settings)} of project {project}"):
            self._sdk.projects.update(id=project, **settings, request_options=self._again)

    def tasks(self, project: int, *, include: Sequence[str], view: int | None = None) -> Iterator[Json]:
        """Yield a project's tasks, fetched page by page, with the fields that are asked for.

        Args:
            project: its number.
            include: names of the fields, such as `id`, `data`, `predictions_model_versions`.
            view: a tab of the task list, whose filters and order hold; by default all tasks by number.
        """
        # With predictions on opening, listing a page has the model predict all of it that has none, within one call.
        page = _PREDICTED_PAGE if self.project(project).get("evaluate_predictions_automatically") else _PAGE
        with self._asked(f"list the tasks of project {project}"):
            for task in self._sdk.tasks.list(
                project=project,
                view=view,
                include=",".join(include),
                fields="all",
                page_size=page,
                resolve_uri=False,
                request_options=self._again,
            ):
                found = _plain(task)
                yield {name: found.get(name) for name in include}

    def import_tasks(self, project: int, tasks: Sequence[Json]) -> list[int]:
        """Import tasks, with predictions and annotations where they have them; tried once, so that none comes twice.

        Returns:
            Their numbers.
        """
        with self._asked(f"import {len(tasks)} tasks into project {project}"):
            reply = self._sdk.projects.import_tasks(
                id=project, request=list(tasks), return_task_ids=True, request_options=self._once
            )
            return [int(number) for number in reply.task_ids or ()]

    def import_predictions(self, project: int, predictions: Sequence[Json]) -> None:
        """Add predictions to tasks that are there, each naming its `task`; tried once, so that none comes twice."""
        with self._asked(f"add {len(predictions)} predictions to project {project}"):
            self._sdk.projects.import_predictions(id=project, request=list(predictions), request_options=self._once)

    def export(self, project: int) -> list[Json]:
        """Return a project's JSON export: every task, with all annotations."""
        with self._asked(f"export project {project}"):
            found = json.loads(self._download(project))
        if not isinstance(found, list):
            raise StudioError(f"{self.url} exported project {project} as something that is no list of tasks")
        return found

    def _download(self, project: int) -> bytes:
        """Download an export; the SDK does not repeat what it streams, so this does."""
        import httpx
        from label_studio_sdk.core.api_error import ApiError

        attempt = 0
        while True:
            try:
                pieces: Iterator[bytes] = self._sdk.projects.exports.download_sync(
                    project, export_type="JSON", download_all_tasks=True
                )
                return b"".join(pieces)
            except (ApiError, httpx.NetworkError, httpx.RemoteProtocolError) as error:
                is_final = isinstance(error, ApiError) and (error.status_code or 0) < 500
                if is_final or attempt >= self._retries:
                    raise
            time.sleep(2**attempt)
            attempt += 1

    def update_task(self, task: int, data: Json) -> None:
        """Replace a task's data."""
        with self._asked(f"change task {task}"):
            self._sdk.tasks.update(id=str(task), data=data, request_options=self._again)

    def save_view(self, project: int, data: Json) -> int:
        """Create the tab of the task list that has this `title`, or set it anew.

        Returns:
            Its number.
        """
        with self._asked(f"save the tab {data.get('title')!r} of project {project}"):
            for view in self._sdk.views.list(project=project, request_options=self._again):
                if (_plain(view).get("data") or {}).get("title") == data.get("title"):
                    self._sdk.views.update(id=str(view.id), project=project, data=data, request_options=self._again)
                    return int(view.id)
            return int(self._sdk.views.create(project=project, data=data, request_options=self._once).id)

    def connect_model(self, project: int, *, url: str, title: str, user: str, secret: str | None) -> None:
        """Connect a model server to a project, as Settings → Model does.

        From then on a task that has no predictions gets them when it is opened. A server that is connected already is
        connected anew; if it cannot be, the old connection stays.
        """
        guard: Json = {"auth_method": "NONE"}
        if secret is not None:
            guard = {"auth_method": "BASIC_AUTH", "basic_auth_user": user, "basic_auth_pass": secret}
        with self._asked(f"connect the model server {url} to project {project}"):
            settings: Json = {"project": project, "url": url, "title": title, **guard}
            models = self._sdk.ml.list(project=project, request_options=self._again)
            connected = [model.id for model in models if model.url == url]
            for number in connected:
                self._sdk.ml.update(id=number, **settings, request_options=self._once)
            if not connected:
                self._sdk.ml.create(**settings, request_options=self._once)
            if secret is not None:
                self._guard_webhook(project, url=f"{url.rstrip('/')}/webhook", user=user, secret=secret)
        self.update_project(project, {"evaluate_predictions_automatically": True})

    def _guard_webhook(self, project: int, *, url: str, user: str, secret: str) -> None:
        # Label Studio makes the webhook of a model by itself, but without the secret.
        credentials = b64encode(f"{user}:{secret}".encode()).decode()
        headers = {"Authorization": f"Basic {credentials}"}
        for hook in self._sdk.webhooks.list(project=str(project), request_options=self._again):
            if hook.url == url:
                self._sdk.webhooks.update(id=hook.id, url=url, headers=headers, request_options=self._again)


def _base_of(url: str) -> str:
    """Return a server's address without the slash at its end, if it is one."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna")
        is_address = parts.scheme in ("http", "https") and host != b"" and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise StudioError(f"{url!r} is no address of a server; give one such as https://studio.example.org")
    return url.rstrip("/")


def _refuse_redirect(reply: httpx.Response) -> None:
    # The call behind a redirect would be another one: a POST becomes a GET, and the token is left out or goes astray.
    if reply.has_redirect_location:
        asked = reply.request.url
        raise StudioError(f"{asked} redirects to {asked.join(reply.headers['Location'])}; give that server with --url")


def _plain(model: Any) -> Json:
    found: Json = model.dict()
    return found
