"""What goes wrong comes out as a clear error, nothing is lost, and a second run mends."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

import pytest
from faulty_proxy import AFTER, BEFORE, Fault, faulty_proxy
from gold_articles import annotated_article

from stance.errors import StudioConfigMismatch, StudioError, StudioNotFound, StudioUnauthorised, StudioUnreachable
from stance.formats import read_export, read_jsonl
from stance.labelstudio import server
from stance.labelstudio.client import Studio, connect
from stance.labelstudio.project import Project, ensure_project, labelling_config
from stance.labelstudio.pull import pull
from stance.labelstudio.push import push
from stance.labelstudio.select import prioritise
from stance.labelstudio.tokens import personal_token

pytestmark = pytest.mark.studio

ARTICLES = [annotated_article(f"f{number}", first=number, sentences=2, score=0.6) for number in range(6)]


def token_of(home: Path) -> str:
    running = server.find(home=home)
    assert running is not None
    return running.account.token


def ids(studio: Studio, project: Project) -> list[str]:
    return sorted(task["data"]["id"] for task in studio.tasks(project.id, include=("id", "data")))


def nth_import(number: int, *, kind: str) -> Fault:
    """Return the fault of one import, counted from 1."""
    imports = 0

    def fault(method: str, path: str) -> str | None:
        nonlocal imports
        is_import = method == "POST" and "/import" in path
        imports += is_import
        return kind if is_import and imports == number else None

    return fault


def count(studio: Studio, project: Project) -> int:
    return len(list(studio.tasks(project.id, include=("id",))))


def test_wrong_token(studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = "f" * 40
    (tmp_path / "token").write_text(wrong + "\n")
    with pytest.raises(StudioUnauthorised, match="copy a new one") as caught:
        connect(studio.url, token_file=tmp_path / "token")
    assert wrong not in str(caught.value) and caught.value.__cause__ is None
    assert caught.value.__suppress_context__, "the SDK's own error would show a session cookie"
    with pytest.raises(StudioUnauthorised, match="cannot be read"):
        connect(studio.url, token_file=tmp_path / "nothing")
    with pytest.raises(StudioUnauthorised, match="LABEL_STUDIO_API_KEY"):
        connect("http://127.0.0.1:9")
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", wrong)
    with pytest.raises(StudioUnreachable, match="does not answer"):
        Studio("http://127.0.0.1:9", token=wrong, retries=0).check()


def test_a_personal_token_does_too(home: Path, studio: Studio) -> None:
    running = server.find(home=home)
    assert running is not None
    token = personal_token(studio.url, account=running.account)
    assert Studio(studio.url, token=token).check() == running.account.username
    with pytest.raises(StudioUnauthorised, match="password"):
        personal_token(studio.url, account=server.Account(running.account.username, "wrong", ""))


def test_an_import_that_failed_though_it_went_in_is_not_repeated(home: Path, studio: Studio, project: Project) -> None:
    faults = [AFTER, BEFORE]

    def fault(method: str, path: str) -> str | None:
        return faults.pop() if faults and method == "POST" and "/import" in path else None

    with faulty_proxy(studio.url, fault) as url:
        report = push(ARTICLES, studio=Studio(url, token=token_of(home)), project=project, page=3)
    assert report.created == 6 and count(studio, project) == 6 and not faults


@pytest.mark.parametrize("kind", [BEFORE, AFTER])
def test_the_second_page_of_an_import_fails(kind: str, home: Path, studio: Studio, project: Project) -> None:
    with faulty_proxy(studio.url, nth_import(2, kind=kind)) as url:
        report = push(ARTICLES, studio=Studio(url, token=token_of(home)), project=project, page=3)
    assert report.created == 6 and ids(studio, project) == sorted(article.id for article in ARTICLES)


def test_an_export_that_failed_once_is_repeated(home: Path, studio: Studio, project: Project, tmp_path: Path) -> None:
    push(ARTICLES, studio=studio, project=project, annotated=True)
    faults = [BEFORE]

    def fault(method: str, path: str) -> str | None:
        return faults.pop() if faults and "/export" in path else None

    with faulty_proxy(studio.url, fault) as url:
        report = pull(tmp_path, studio=Studio(url, token=token_of(home), retries=1), project=project)
    assert report.annotated == 6 and not faults


def test_a_page_full_of_500s(home: Path, studio: Studio, project: Project, tmp_path: Path) -> None:
    push(ARTICLES, studio=studio, project=project, annotated=True)
    pull(tmp_path, studio=studio, project=project)
    before = (tmp_path / "export.json").read_bytes()
    with faulty_proxy(studio.url, lambda *_: BEFORE) as url:
        broken = Studio(url, token=token_of(home), retries=1)
        for attempt in (
            lambda: push(ARTICLES, studio=broken, project=project),
            lambda: pull(tmp_path, studio=broken, project=project),
            lambda: prioritise(broken, project=project, count=1),
        ):
            with pytest.raises(StudioUnreachable, match=r"failed \(500\).*run again to go on"):
                attempt()
    assert (tmp_path / "export.json").read_bytes() == before
    assert pull(tmp_path, studio=studio, project=project).annotated == 6


def test_a_config_edited_by_hand(studio: Studio, project: Project, tmp_path: Path) -> None:
    harmless = labelling_config().replace("#2e7d32", "#00ff00")
    studio.update_project(project.id, {"label_config": harmless})
    [note] = ensure_project(studio, title=project.title).notes
    assert "kept" in note
    spoiled = labelling_config().replace('value="denies" hotkey="5"', 'value="refutes" hotkey="5"')
    studio.update_project(project.id, {"label_config": spoiled})
    for attempt in (
        lambda: ensure_project(studio, title=project.title),
        lambda: pull(tmp_path, studio=studio, project=project),
    ):
        with pytest.raises(StudioConfigMismatch, match=r"label denies is gone.*--update-config"):
            attempt()
    assert "put back" in ensure_project(studio, title=project.title, update_config=True).notes[0]
    assert ensure_project(studio, title=project.title).notes == ()
    assert pull(tmp_path, studio=studio, project=project).annotated == 0


def test_tasks_that_vanish(home: Path, studio: Studio, project: Project, tmp_path: Path) -> None:
    push(ARTICLES, studio=studio, project=project, model_version="m1", annotated=True)
    pull(tmp_path, studio=studio, project=project)
    lost = next(task["id"] for task in studio.tasks(project.id, include=("id", "data")) if task["data"]["id"] == "f0")

    doomed = [lost]

    def fault(method: str, path: str) -> str | None:
        # The task goes while a push is under way, between the listing and the new predictions.
        if method == "POST" and "predictions" in path and doomed:
            studio._sdk.tasks.delete(id=str(doomed.pop()))
        return None

    with faulty_proxy(studio.url, fault) as url:
        through = Studio(url, token=token_of(home))
        report = push(ARTICLES, studio=through, project=project, model_version="m2")
    assert report.done == 6 and count(studio, project) == 6, "it is in again"
    pulled = pull(tmp_path, studio=studio, project=project)
    assert [task.id for task in pulled.vanished] == [lost] and pulled.annotated == 5
    assert pulled.changed == ("f0",)
    assert [task.id for task in read_export(tmp_path / "vanished.json")] == [lost], "what people did to it is kept"
    again = pull(tmp_path, studio=studio, project=project)
    assert again.vanished == () and len(read_export(tmp_path / "vanished.json")) == 1


def test_only_what_is_not_there_counts_as_vanished(home: Path, studio: Studio, project: Project) -> None:
    push(ARTICLES, studio=studio, project=project, model_version="m1")
    lost = next(task["id"] for task in studio.tasks(project.id, include=("id",)))
    doomed = [lost]

    def fault(method: str, path: str) -> str | None:
        if method == "PATCH" and f"/tasks/{lost}" in path and doomed:
            studio._sdk.tasks.delete(id=str(doomed.pop()))
        return None

    with faulty_proxy(studio.url, fault) as url:
        report = prioritise(Studio(url, token=token_of(home)), project=project, count=6)
    assert report.vanished == (lost,) and len(report.chosen) == 5 and lost not in report.chosen
    with pytest.raises(StudioNotFound, match=rf"would not change task {lost} \(404"):
        studio.update_task(lost, {"text": "نص"})
    with pytest.raises(StudioError, match=rf"would not change label_config of project {project.id} \(400") as caught:
        studio.update_project(project.id, {"label_config": "<View>"})
    assert not isinstance(caught.value, StudioNotFound)


def test_two_projects_of_one_name(studio: Studio, project: Project) -> None:
    studio.create_project({"title": project.title, "label_config": labelling_config()})
    with pytest.raises(StudioError, match="2 projects called"):
        ensure_project(studio, title=project.title)


@pytest.mark.parametrize("kind", [BEFORE, AFTER])
def test_a_server_killed_during_an_import(
    kind: str, home: Path, studio: Studio, project: Project, tmp_path: Path
) -> None:
    running = server.find(home=home)
    assert running is not None

    def kill() -> None:
        os.kill(running.pid, signal.SIGKILL)

    with faulty_proxy(studio.url, nth_import(2, kind=kind), on_fault=kill) as url:
        through = Studio(url, token=running.account.token, retries=0)
        with pytest.raises(StudioUnreachable, match="run again to go on"):
            push(ARTICLES, studio=through, project=project, page=3, annotated=True)
    with pytest.raises(StudioUnreachable, match=r"does not answer .*is it running\?"):
        pull(tmp_path, studio=Studio(studio.url, token=running.account.token, retries=0), project=project)
    assert not (tmp_path / "export.json").exists()
    with pytest.raises(StudioUnreachable, match=r"no Label Studio runs here.*stance studio up"):
        connect()
    server.up(home=home)
    again = connect()
    report = push(ARTICLES, studio=again, project=project, annotated=True)
    assert (report.created, report.unchanged) == ((3, 3) if kind == BEFORE else (0, 6))
    assert ids(again, project) == sorted(article.id for article in ARTICLES), "no task is there twice"
    assert pull(tmp_path, studio=again, project=project).annotated == 6
    assert read_jsonl(tmp_path / "articles.jsonl")[0].attributions


def test_up_and_down(home: Path, studio: Studio) -> None:
    running = server.find(home=home)
    assert running is not None and running == server.up(home=home), "a second start finds the first"
    secrets = (running.account.password, running.account.token)
    assert not any(secret in repr(running) for secret in secrets)
    names = ("", "account.json", "server.json", "server.log", "data/label_studio.sqlite3")
    assert [(home / name).stat().st_mode & 0o077 for name in names] == [0] * len(names), "only the owner reads it"
    log = (home / "server.log").read_text(encoding="utf-8")
    assert not any(secret in log for secret in secrets)
    port = int(running.url.rsplit(":", 1)[1])
    assert server.down(home=home) and not server.down(home=home)
    home.chmod(0o755)  # as an earlier version left it
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", port))
        squatter.listen()
        with pytest.raises(StudioError, match=f"port {port} is taken"):
            server.up(home=home, port=port)
        moved = server.up(home=home)
        assert moved.url != running.url and connect().check() == running.account.username
    assert home.stat().st_mode & 0o077 == 0
