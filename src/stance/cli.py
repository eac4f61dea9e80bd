"""The command line: `stance tag`, `score`, `lint`, `convert`, `agreement`, `export`, `studio …`."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

import stance
from stance.arguments import positive
from stance.errors import FormatError, StanceError
from stance.formats.sources import STDIN, read_sources
from stance.formats.targets import open_target, write_articles
from stance.schema import Article

if TYPE_CHECKING:
    from stance.formats import Skipped

__all__ = ["main"]

errors = Console(stderr=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: words behind `stance`; the process's own by default.

    Returns:
        Exit status: 0 if all went well, 1 if some input was faulty or incidents were found, 2 if nothing could be done.
    """
    _prepare_output()
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except (StanceError, OSError) as error:
        _tell(f"stance: {error}", style="red")
        return 2
    except KeyboardInterrupt:
        _tell("stance: stopped")
        return 130
    return status


def _tell(message: str, *, style: str | None = None) -> None:
    """Say something to who runs the command; names and texts in it are no markup."""
    errors.print(message, style=style, markup=False, highlight=False, soft_wrap=True)


def _prepare_output() -> None:
    """Make standard output UTF-8 with plain line ends, as files are; a terminal keeps its own encoding."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        if not sys.stdout.isatty():
            sys.stdout.reconfigure(encoding="utf-8", newline="\n")
        sys.stdout.reconfigure(errors="backslashreplace")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stance", description=stance.__doc__)
    parser.add_argument("--version", action="version", version=f"arabic-stance {stance.__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_tag(commands)
    _add_score(commands)
    _add_lint(commands)
    _add_convert(commands)
    _add_agreement(commands)
    _add_export(commands)
    from stance.labelstudio.commands import add_studio_parser

    add_studio_parser(commands)
    return parser


Commands = argparse._SubParsersAction  # the type of what add_subparsers returns has no public name


def _add_tag(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("tag", help="find who takes which stance in articles")
    parser.add_argument("inputs", nargs="+", metavar="IN", help="text or JSONL files, exports, folders, or - for stdin")
    parser.add_argument("-o", "--output", default=STDIN, help="file to write; standard output by default")
    parser.add_argument(
        "-f", "--format", choices=("jsonl", "table", "label-studio"), help="default: a table on a terminal, else jsonl"
    )
    parser.add_argument("-m", "--model", help="folder of an exported tagger or of a trained model")
    parser.add_argument("--baseline", action="store_true", help="use the lexicon and rules instead of a model")
    parser.add_argument("--threshold", type=_share, default=0.0, help="leave out attributions less confident than this")
    parser.add_argument("--batch-size", type=positive, default=16, help="articles read together")
    parser.add_argument("--threads", type=int, default=0, help="threads of ONNX Runtime")
    parser.set_defaults(run=_tag)


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


def _tag(options: argparse.Namespace) -> int:
    faults: list[FormatError] = []

    def note(fault: FormatError) -> None:
        faults.append(fault)
        _tell(f"stance: {fault}", style="yellow")

    articles = read_sources(options.inputs, on_fault=note, skip=Path(options.output))
    tagged: Iterable[Article]
    version = "baseline"
    if options.baseline:
        from stance.baseline import tag_with_rules

        tagged = map(tag_with_rules, articles)
    else:
        from stance.tagger import Tagger

        tagger = Tagger.from_pretrained(options.model, threshold=options.threshold, threads=options.threads)
        tagged, version = tagger.tag_many(articles, batch_size=options.batch_size), tagger.version
    with open_target(options.output, inputs=options.inputs) as stream:
        shown = options.format or ("table" if stream.isatty() else "jsonl")
        write_articles(_counted(tagged), stream, shown=shown, version=version)
    return 1 if faults else 0


def _counted(articles: Iterable[Article]) -> Iterator[Article]:
    """Show how many articles are done, where somebody watches."""
    columns = (SpinnerColumn(), TextColumn("{task.completed} articles, {task.fields[found]} attributions"))
    with Progress(*columns, TimeElapsedColumn(), console=errors, transient=True, disable=not errors.is_terminal) as bar:
        found = 0
        task = bar.add_task("tagging", total=None, found=0)
        for article in articles:
            found += len(article.attributions)
            bar.update(task, advance=1, found=found)
            yield article


def _add_score(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("score", help="score predicted attributions against gold ones")
    parser.add_argument("gold", metavar="GOLD", help="gold articles: JSONL or a Label Studio export")
    parser.add_argument("predicted", metavar="PRED", help="predicted articles, likewise")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=_score)


def _score(options: argparse.Namespace) -> int:
    from stance.formats import articles_by_id
    from stance.metrics import compare_all, score
    from stance.metrics.report import scores_as_json, scores_table

    (gold, left_out), (predicted, more_left_out) = _read_annotated(options.gold), _read_annotated(options.predicted)
    wanted, found = articles_by_id(gold, where=options.gold), articles_by_id(predicted, where=options.predicted)
    missing, extra = [name for name in wanted if name not in found], [name for name in found if name not in wanted]
    if missing:
        _tell(f"{len(missing)} articles have no prediction and count as empty, such as {missing[0]}")
    if extra:
        _tell(f"{len(extra)} predicted articles are not among the gold ones and do not count, such as {extra[0]}")
    scores = score(compare_all(gold, found))
    if options.json:
        _print_json(scores_as_json(scores))
    else:
        Console().print(scores_table(scores))
    return 1 if left_out or more_left_out else 0


def _read_annotated(name: str) -> tuple[list[Article], list[Skipped]]:
    from stance.formats import read_articles

    articles, skipped = read_articles(name)
    for entry in skipped:
        _tell(f"stance: {name}: {entry}", style="yellow")
    return articles, skipped


def _print_json(content: object) -> None:
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def _add_lint(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("lint", help="check annotations")
    parser.add_argument("inputs", nargs="+", metavar="EXPORT", help="Label Studio exports or JSONL files")
    parser.add_argument("--language", choices=("en", "ar"), default="en")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser.set_defaults(run=_lint)


def _lint(options: argparse.Namespace) -> int:
    from stance.formats import read_export, read_jsonl
    from stance.lint import has_errors, incidents_table, incidents_to_json, lint_articles, lint_tasks, summarise

    incidents = []
    for name in options.inputs:
        found = lint_articles(read_jsonl(name)) if name.endswith(".jsonl") else lint_tasks(read_export(name))
        incidents.extend(found)
    if options.format == "json":
        _print_json(incidents_to_json(incidents, language=options.language))
    elif incidents:
        Console().print(incidents_table(incidents, language=options.language))
    _tell(summarise(incidents))
    return 1 if has_errors(incidents) else 0


def _add_convert(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("convert", help="turn annotated articles from one format into another")
    parser.add_argument("source", metavar="IN", help="Label Studio export (.json) or articles (.jsonl)")
    parser.add_argument("target", metavar="OUT", help=".jsonl, or .json for tasks that Label Studio imports")
    parser.add_argument("--as", dest="role", choices=("annotations", "predictions"), default="annotations")
    parser.set_defaults(run=_convert)


def _convert(options: argparse.Namespace) -> int:
    from stance.formats import task_of_article, write_jsonl

    articles, skipped = _read_annotated(options.source)
    target = Path(options.target)
    if target.suffix not in (".json", ".jsonl"):
        raise FormatError("expected a target that ends in .json or .jsonl", where=str(target))
    with open_target(options.target, inputs=[options.source]) as stream:
        if target.suffix == ".jsonl":
            write_jsonl(articles, stream)
        else:
            annotated = options.role == "annotations"
            version = None if annotated else "converted"
            tasks = [task_of_article(article, annotated=annotated, model_version=version) for article in articles]
            stream.write(json.dumps(tasks, ensure_ascii=False, indent=1) + "\n")
    _tell(f"{len(articles)} articles written to {target}")
    return 1 if skipped else 0


def _add_agreement(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("agreement", help="how well annotators agree, and where they do not")
    parser.add_argument("inputs", nargs="+", metavar="EXPORT", help="one export with several annotators, or two files")
    parser.add_argument("--html", help="also write a page with the disagreements")
    parser.add_argument("--every", type=positive, help="articles a period, instead of months")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=_agreement)


def _agreement(options: argparse.Namespace) -> int:
    from stance.metrics.agreement import agreement
    from stance.metrics.agreement_html import report_html
    from stance.metrics.agreement_report import report_table, report_to_json
    from stance.metrics.versions import read_versions

    versions, skipped = read_versions(options.inputs)
    for entry in skipped:
        _tell(f"stance: {entry}", style="yellow")
    report = agreement(versions, every=options.every)
    if options.html:
        with open_target(options.html, inputs=options.inputs) as stream:
            stream.write(report_html(report))
        _tell(f"disagreements to adjudicate: {options.html}")
    if options.json:
        _print_json(report_to_json(report))
    else:
        Console().print(report_table(report))
    return 1 if skipped or report.skipped else 0


def _add_export(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("export", help="turn a trained model into a tagger for the light install")
    parser.add_argument("run_dir", metavar="RUN", help="a training run, or its model folder")
    parser.add_argument("target", metavar="DIR", help="folder to write")
    parser.add_argument("--precision", choices=("int8", "fp32"), default="int8")
    parser.set_defaults(run=_export)


def _export(options: argparse.Namespace) -> int:
    from stance.errors import MissingExtraError

    try:
        from stance.models.export import export
    except ImportError as error:
        raise MissingExtraError("Exporting", extra="train") from error
    source = Path(options.run_dir)
    source = source / "model" if (source / "model").is_dir() else source
    target = export(source, options.target, int8=options.precision == "int8")
    size = sum(file.stat().st_size for file in target.iterdir()) / 1e6
    _tell(f"{options.precision} tagger of {size:.1f} MB in {target}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
