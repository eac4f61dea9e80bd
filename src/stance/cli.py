"""The command line: `stance tag`, `score`, `lint`, `convert`, `agreement`, `export`, `studio …`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

import stance
from stance.errors import FormatError, StanceError
from stance.formats.sources import STDIN, read_sources
from stance.schema import Article

if TYPE_CHECKING:
    from stance.metrics.disagreement import Version

__all__ = ["main"]

errors = Console(stderr=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: words behind `stance`; the process's own by default.

    Returns:
        Exit status: 0 if all went well, 1 if some input was faulty or incidents were found, 2 if nothing could be done.
    """
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except StanceError as error:
        errors.print(f"stance: {error}", style="red", highlight=False, markup=False, soft_wrap=True)
        return 2
    except OSError as error:
        errors.print(f"stance: {error}", style="red", highlight=False, markup=False, soft_wrap=True)
        return 2
    except KeyboardInterrupt:
        errors.print("stance: stopped", highlight=False)
        return 130
    return status


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
    parser.add_argument("--batch-size", type=_positive, default=16, help="articles read together")
    parser.add_argument("--threads", type=int, default=0, help="threads of ONNX Runtime")
    parser.set_defaults(run=_tag)


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is below 1")
    return value


def _tag(options: argparse.Namespace) -> int:
    faults: list[FormatError] = []

    def note(fault: FormatError) -> None:
        faults.append(fault)
        errors.print(f"stance: {fault}", style="yellow", highlight=False, markup=False, soft_wrap=True)

    articles = read_sources(options.inputs, on_fault=note)
    tagged: Iterable[Article]
    version = "baseline"
    if options.baseline:
        from stance.baseline import tag_with_rules

        tagged = map(tag_with_rules, articles)
    else:
        from stance.tagger import Tagger

        tagger = Tagger.from_pretrained(options.model, threshold=options.threshold, threads=options.threads)
        tagged, version = tagger.tag_many(articles, batch_size=options.batch_size), tagger.version
    with _opened(options.output) as stream:
        shown = options.format or ("table" if stream.isatty() else "jsonl")
        _write(_counted(tagged), stream, shown=shown, version=version)
    return 1 if faults else 0


@contextmanager
def _opened(name: str) -> Iterator[TextIO]:
    if name == STDIN:
        yield sys.stdout
        return
    with Path(name).open("w", encoding="utf-8", newline="\n") as stream:
        yield stream


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


def _write(articles: Iterable[Article], stream: TextIO, *, shown: str, version: str) -> None:
    from stance.formats import task_of_article, write_jsonl

    if shown == "jsonl":
        write_jsonl(articles, stream)
    elif shown == "label-studio":
        stream.write("[\n")
        for number, article in enumerate(articles):
            task = task_of_article(article, model_version=version)
            stream.write((",\n" if number else "") + json.dumps(task, ensure_ascii=False))
        stream.write("\n]\n")
    else:
        from stance.formats.table import attribution_table

        console = Console(file=stream)
        for article in articles:
            console.print(attribution_table(article))


def _add_score(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("score", help="score predicted attributions against gold ones")
    parser.add_argument("gold", metavar="GOLD", help="gold articles: JSONL or a Label Studio export")
    parser.add_argument("predicted", metavar="PRED", help="predicted articles, likewise")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=_score)


def _score(options: argparse.Namespace) -> int:
    from stance.metrics import compare_all, score
    from stance.metrics.report import scores_as_json, scores_table

    gold = _read_annotated(options.gold)
    predicted = {article.id: article for article in _read_annotated(options.predicted)}
    missing = [article.id for article in gold if article.id not in predicted]
    if missing:
        errors.print(f"{len(missing)} articles have no prediction and count as empty, such as {missing[0]}")
    scores = score(compare_all(gold, predicted))
    if options.json:
        sys.stdout.write(json.dumps(scores_as_json(scores), ensure_ascii=False, indent=2) + "\n")
    else:
        Console().print(scores_table(scores))
    return 0


def _read_annotated(name: str) -> list[Article]:
    from stance.formats import read_articles

    articles, skipped = read_articles(name)
    for entry in skipped:
        errors.print(f"stance: {name}: {entry}", style="yellow", highlight=False, markup=False, soft_wrap=True)
    return articles


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
        shown = incidents_to_json(incidents, language=options.language)
        sys.stdout.write(json.dumps(shown, ensure_ascii=False, indent=2) + "\n")
    elif incidents:
        Console().print(incidents_table(incidents, language=options.language))
    errors.print(summarise(incidents), highlight=False)
    return 1 if has_errors(incidents) else 0


def _add_convert(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("convert", help="turn annotated articles from one format into another")
    parser.add_argument("source", metavar="IN", help="Label Studio export (.json) or articles (.jsonl)")
    parser.add_argument("target", metavar="OUT", help=".jsonl, or .json for tasks that Label Studio imports")
    parser.add_argument("--as", dest="role", choices=("annotations", "predictions"), default="annotations")
    parser.set_defaults(run=_convert)


def _convert(options: argparse.Namespace) -> int:
    from stance.formats import task_of_article, write_jsonl

    articles = _read_annotated(options.source)
    target = Path(options.target)
    if target.suffix not in (".json", ".jsonl"):
        raise FormatError("expected a target that ends in .json or .jsonl", where=str(target))
    with _opened(str(target)) as stream:
        if target.suffix == ".jsonl":
            write_jsonl(articles, stream)
        else:
            annotated = options.role == "annotations"
            version = None if annotated else "converted"
            tasks = [task_of_article(article, annotated=annotated, model_version=version) for article in articles]
            stream.write(json.dumps(tasks, ensure_ascii=False, indent=1) + "\n")
    errors.print(f"{len(articles)} articles written to {target}")
    return 0


def _add_agreement(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("agreement", help="how well annotators agree, and where they do not")
    parser.add_argument("inputs", nargs="+", metavar="EXPORT", help="one export with several annotators, or two files")
    parser.add_argument("--html", help="also write a page with the disagreements")
    parser.add_argument("--every", type=_positive, help="articles a period, instead of months")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=_agreement)


def _agreement(options: argparse.Namespace) -> int:
    from stance.metrics.agreement import agreement
    from stance.metrics.agreement_html import report_html
    from stance.metrics.agreement_report import report_table, report_to_json

    report = agreement(_versions(options.inputs), every=options.every)
    if options.html:
        Path(options.html).write_text(report_html(report), encoding="utf-8")
        errors.print(f"disagreements to adjudicate: {options.html}", highlight=False)
    if options.json:
        sys.stdout.write(json.dumps(report_to_json(report), ensure_ascii=False, indent=2) + "\n")
    else:
        Console().print(report_table(report))
    return 0


def _versions(names: Sequence[str]) -> Iterator[Version]:
    """Yield each annotator's version of each article; each of several files is one annotator, named by it."""
    from stance.formats import read_export
    from stance.formats.labelstudio import article_of_annotation, iter_annotated
    from stance.metrics.disagreement import Version

    if len(names) > 1:
        paths = [Path(name).resolve() for name in names]
        alike = len({path.stem for path in paths}) < len(paths)
        for name, path in zip(names, paths, strict=True):
            annotator = path.parent.name if alike else path.stem
            yield from (Version(annotator, article) for article in _read_annotated(name))
        return
    for task, annotation in iter_annotated(read_export(names[0])):
        article, skipped = article_of_annotation(task, annotation)
        for entry in skipped:
            errors.print(f"stance: {names[0]}: {entry}", style="yellow", highlight=False, markup=False, soft_wrap=True)
        yield Version(annotation.annotator, article, annotation.updated_at)


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
    errors.print(f"{options.precision} tagger of {size:.1f} MB in {target}", highlight=False)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
