"""`stance studio …`: the loop with Label Studio from the command line. Handlers return exit statuses."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.arguments import positive
from stance.errors import ConfigError, StudioError
from stance.formats import read_articles
from stance.labelstudio import server
from stance.schema import Article

if TYPE_CHECKING:
    from stance.labelstudio.client import Studio
    from stance.labelstudio.project import Project
    from stance.tagger import Tagger

__all__ = ["add_studio_parser"]

DEFAULT_TITLE = "Arabic stance"
SECRET_VARIABLE = "STANCE_SERVE_SECRET"


def add_studio_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `studio` and its own subcommands.

    Args:
        subparsers: of the program; each subcommand sets `run`, a function of the parsed arguments.
    """
    studio = subparsers.add_parser("studio", help="annotate in Label Studio and bring the annotations back")
    commands = studio.add_subparsers(required=True, metavar="COMMAND")

    start = commands.add_parser("up", help="start a local Label Studio, installed on first use")
    start.add_argument("--port", type=int, help="by default 8080, or any free port where that is taken")
    start.set_defaults(run=run_up)
    commands.add_parser("down", help="stop the local Label Studio; its data stay").set_defaults(run=run_down)

    push = _add_command(commands, "push", "import articles as tasks, with predictions", run_push)
    push.add_argument("articles", type=Path, nargs="+", help="articles (.jsonl), exports (.json) or texts (.txt)")
    # A model's guesses are no finished annotations.
    whose = push.add_mutually_exclusive_group()
    whose.add_argument("--predict", action="store_true", help="tag the articles first, with --model")
    whose.add_argument("--annotated", action="store_true", help="import the attributions as finished annotations")
    push.add_argument("--model", type=Path, help="a model's directory; by default the one that comes with the package")
    push.add_argument("--model-version", help="whose predictions the articles' attributions are")
    push.add_argument(
        "--guidelines",
        type=Path,
        help="Markdown that annotators see before they start; a new project gets our Arabic ones",
    )
    push.add_argument("--update-config", action="store_true", help="put our labelling config in place of an edited one")

    pull = _add_command(commands, "pull", "export the annotations", run_pull)
    pull.add_argument("directory", type=Path, help="where export.json, articles.jsonl and manifest.json go")
    pull.add_argument("--changed", action="store_true", help="write what changed since the last pull to changed.jsonl")

    order = _add_command(commands, "next", "put the tasks first that teach the model most", run_next)
    order.add_argument("--count", type=positive, default=100, help="how many to put in order (default: 100)")

    serve = commands.add_parser("serve", help="answer Label Studio's calls for predictions")
    serve.add_argument("--model", type=Path, help="a model's directory; by default the one that comes with the package")
    serve.add_argument("--host", default="127.0.0.1", help="where to listen (default: 127.0.0.1)")
    serve.add_argument("--port", type=int, default=9090, help="default: 9090; 0 for any that is free")
    serve.add_argument("--batch-size", type=positive, default=8, help="articles read together (default: 8)")
    serve.add_argument(
        "--secret-file", type=Path, help=f"file with the secret of all calls; default: ${SECRET_VARIABLE}"
    )
    serve.add_argument("--connect", metavar="TITLE", help="connect it to this project, as Settings → Model does")
    serve.add_argument("--public-url", metavar="URL", help="where Label Studio reaches it, if not at --host and --port")
    _add_server_arguments(serve)
    serve.set_defaults(run=run_serve)


def _add_command(commands: Any, name: str, purpose: str, run: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=purpose)
    parser.add_argument("--project", default=DEFAULT_TITLE, metavar="TITLE", help=f"default: {DEFAULT_TITLE}")
    _add_server_arguments(parser)
    parser.set_defaults(run=run)
    return parser


def _add_server_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--url", help="the Label Studio to use; by default the local one")
    parser.add_argument("--token-file", type=Path, help="file with its API token; by default $LABEL_STUDIO_API_KEY")


def run_up(args: argparse.Namespace) -> int:
    """Start the local server."""
    running = server.up(port=args.port, report=_say)
    _say(f"log in as {running.account.username}; the password is in {running.home / 'account.json'}")
    sys.stdout.write(running.url + "\n")
    return 0


def run_down(args: argparse.Namespace) -> int:
    """Stop the local server."""
    _say("stopped" if server.down() else "no local Label Studio was running")
    return 0


def run_push(args: argparse.Namespace) -> int:
    """Import articles."""
    from stance.labelstudio.project import GUIDELINES, ensure_project, find_project, guidelines_page
    from stance.labelstudio.push import push

    articles, faults = _read_all(args.articles)
    tagger = _tagger(args.model) if args.predict else None
    version = tagger.version if tagger is not None and args.model_version is None else args.model_version
    studio = _connect(args)
    page = args.guidelines or (GUIDELINES if find_project(studio, title=args.project) is None else None)
    guidelines = guidelines_page(page) if page else None
    project = ensure_project(studio, title=args.project, guidelines=guidelines, update_config=args.update_config)
    for note in project.notes:
        _say(f"{project.title}: {note}")
    with _progress("pushing", total=len(articles)) as advance:
        report = push(
            articles,
            studio=studio,
            project=project,
            model_version=version,
            tag_many=tagger.tag_many if tagger is not None else None,
            annotated=args.annotated,
            progress=advance,
        )
    for article_id in report.changed:
        _say(f"article {article_id} was there with another text; both are tasks now")
    if report.copies:
        numbers = ", ".join(map(str, report.copies))
        _say(f"{len(report.copies)} tasks repeat an earlier one ({numbers}); delete those that nobody has annotated")
    _say(f"{report.created} new, {report.predicted} with new predictions, {report.unchanged} unchanged: {project.url}")
    return 1 if faults else 0


def run_pull(args: argparse.Namespace) -> int:
    """Export the annotations."""
    from stance.labelstudio.pull import INCIDENTS, VANISHED, pull
    from stance.lint import has_errors, summarise

    studio = _connect(args)
    report = pull(args.directory, studio=studio, project=_project(studio, args.project), changed_only=args.changed)
    for fault in report.skipped:
        _say(str(fault))
    if report.incidents:
        _say(f"{summarise(report.incidents)}; each with its task and region in {report.directory / INCIDENTS}")
    if report.vanished:
        lost = sum(len(task.annotations(cancelled=True)) for task in report.vanished)
        tasks = ", ".join(str(task.id) for task in report.vanished)
        _say(f"{lost} annotations are gone from the server; they are kept in {VANISHED} (tasks {tasks})")
    _say(
        f"{report.annotations} annotations of {report.annotated} tasks ({len(report.changed)} changed, "
        f"{report.cancelled} cancelled) in {report.directory}; sha256 {report.fingerprint}"
    )
    return 1 if report.skipped or has_errors(report.incidents) else 0


def run_next(args: argparse.Namespace) -> int:
    """Order the tasks."""
    from stance.labelstudio.select import VIEW, prioritise

    studio = _connect(args)
    project = _project(studio, args.project)
    report = prioritise(studio, project=project, count=args.count)
    if report.vanished:
        _say(f"{len(report.vanished)} tasks were deleted meanwhile: {', '.join(map(str, report.vanished))}")
    _say(
        f"{len(report.chosen)} of {report.candidates} tasks are in order: {project.url}/data?tab={report.view} ({VIEW})"
    )
    return 0


def run_serve(args: argparse.Namespace) -> int:
    """Serve predictions until stopped."""
    from stance.labelstudio.serve import USER, create_app, serve

    secret = _secret(args.secret_file)
    if secret is None and args.host not in ("127.0.0.1", "localhost", "::1"):
        raise ConfigError(
            [f"--host {args.host}: without a secret (--secret-file or ${SECRET_VARIABLE}) only this machine may call"]
        )
    if args.connect and args.public_url is None and (args.host == "0.0.0.0" or ":" in args.host):
        # The one is no address, and Label Studio looks every host up as IPv4.
        raise ConfigError([f"--host {args.host}: Label Studio cannot call this address; give one with --public-url"])
    tagger = _tagger(args.model)
    app = create_app(
        lambda articles: tagger.tag_many(articles, batch_size=args.batch_size),
        model_version=tagger.version,
        secret=secret,
    )
    project: Project | None = None
    if args.connect:
        studio = _connect(args)
        project = _project(studio, args.connect)

    def started(url: str) -> None:
        _say(f"answering at {url}")
        if project is None:
            return
        try:
            public = (args.public_url or url).rstrip("/")
            studio.connect_model(project.id, url=public, title="arabic-stance", user=USER, secret=secret)
            _say(f"connected to {project.url}")
        except StudioError as error:
            _say(f"not connected: {error}")

    serve(app, host=args.host, port=args.port, on_start=started)
    return 0


def _secret(path: Path | None) -> str | None:
    if path is None:
        return os.environ.get(SECRET_VARIABLE) or None
    try:
        secret = path.read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"the secret file {path} cannot be read: {error}"]) from None
    if not secret:
        raise ConfigError([f"the secret file {path} is empty"])
    return secret


def _connect(args: argparse.Namespace) -> Studio:
    from stance.labelstudio.client import connect

    return connect(args.url, token_file=args.token_file)


def _project(studio: Studio, title: str) -> Project:
    from stance.labelstudio.project import find_project

    found = find_project(studio, title=title)
    if found is None:
        raise StudioError(f"{studio.url} has no project called {title!r}; make it with `stance studio push`")
    return found


def _read_all(paths: Iterable[Path]) -> tuple[list[Article], int]:
    from stance.formats import read_text

    articles: list[Article] = []
    faults = 0
    for path in paths:
        if path.suffix == ".txt":
            articles.append(read_text(path))
            continue
        found, skipped = read_articles(path)
        articles.extend(found)
        faults += len(skipped)
        for fault in skipped:
            _say(f"{path}: {fault}")
    return articles, faults


def _tagger(path: Path | None) -> Tagger:
    from stance.tagger import Tagger

    return Tagger.from_pretrained(path)


@contextmanager
def _progress(doing: str, *, total: int) -> Iterator[Any]:
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(doing, total=total)
        yield lambda done: bar.update(task, completed=done)


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
