#!/usr/bin/env python
"""Compares the annotators of one Label Studio export, or two files of the same articles (exports or JSONL).

python scripts/agreement.py EXPORT.json [--html PAGE.html] [--json]
python scripts/agreement.py FIRST.jsonl SECOND.jsonl [--every 40]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from rich.console import Console

from stance.formats import read_articles, read_export
from stance.formats.labelstudio import article_of_annotation, iter_annotated
from stance.metrics.agreement import Version, agreement
from stance.metrics.agreement_html import report_html
from stance.metrics.agreement_report import report_table, report_to_json


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--every", type=int, help="articles a period, instead of months")
    parser.add_argument("--html", type=Path, help="write the page with all disagreements here")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    report = agreement(versions(options.files), every=options.every)
    if options.html:
        options.html.write_text(report_html(report), encoding="utf-8")
    if options.json:
        print(json.dumps(report_to_json(report), ensure_ascii=False))
    else:
        Console().print(report_table(report))


def versions(files: list[Path]) -> list[Version]:
    """Return every annotator's version of every article; of several files, each is one annotator."""
    if len(files) == 1:
        return [
            Version(annotation.annotator, article_of_annotation(task, annotation)[0], annotation.updated_at)
            for task, annotation in iter_annotated(read_export(files[0]))
        ]
    return [Version(path.stem, article) for path in files for article in read_articles(path)[0]]


if __name__ == "__main__":
    main()
