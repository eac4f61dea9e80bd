"""Makes the golden exports anew, with a real Label Studio and a real Chromium:

    python tests/golden/labelstudio/make.py

| file | what it holds |
| --- | --- |
| annotated.json | annotations over the API: two annotators' worth for a task, a cancelled one, region meta, choices |
| predicted.json | the same tasks with their predictions in full (a snapshot export) |
| cue_and_choice.json | a config with a plain `cue` label and its stance chosen beside it |
| browser.json | every mark dragged with the mouse and every relation drawn in the page: Label Studio's own offsets |
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "integration" / "studio"))

from cases import CASES, CUE_AND_CHOICE_CONFIG  # noqa: E402
from labelling_page import labelling_page  # noqa: E402

from stance.formats.labelstudio import attributions_to_results, task_of_article  # noqa: E402
from stance.labelstudio import server  # noqa: E402
from stance.labelstudio.client import Studio, connect  # noqa: E402
from stance.labelstudio.project import Project, ensure_project  # noqa: E402

KEYS = {"states": "1", "confirms": "2", "proposes": "3", "rejects": "4", "denies": "5", "speaker": "6", "content": "7"}


def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        home = Path(os.environ.setdefault("STANCE_STUDIO_HOME", directory))
        running = server.up(home=home, report=print)
        try:
            studio = connect(running.url)
            make_annotated(studio)
            make_cue_and_choice(studio)
            make_browser(studio, running.account)
        finally:
            server.down(home=home)


def save(name: str, tasks: list[dict[str, Any]]) -> None:
    text = json.dumps(sorted(tasks, key=lambda task: task["id"]), ensure_ascii=False, indent=1)
    (HERE / name).write_text(text + "\n", encoding="utf-8")
    print(f"{name}: {len(tasks)} tasks")


def make_annotated(studio: Studio) -> None:
    project = ensure_project(studio, title=f"annotated {time.time_ns()}")
    tasks = [task_of_article(case.article(), model_version="golden") for case in CASES]
    numbers = studio.import_tasks(project.id, tasks)
    sdk = studio._sdk
    for case, number in zip(CASES, numbers, strict=True):
        results = attributions_to_results(case.article())
        results[0]["meta"] = {"text": ["ملاحظة المدقق 🙂"]}
        results[0]["score"] = 0.75
        if case.id == "nested":
            del results[-1]["labels"]
            results[-2]["direction"] = "left"
            results[-2]["from_id"], results[-2]["to_id"] = results[-2]["to_id"], results[-2]["from_id"]
        if case.id == "html":
            value = {**results[0]["value"], "choices": ["confirms", "optional"]}
            del value["labels"]
            results.append({**results[0], "type": "choices", "from_name": "also", "value": value})
        sdk.annotations.create(id=number, result=results, lead_time=12.5, ground_truth=case.id == "emoji")
    sdk.annotations.create(id=numbers[0], result=attributions_to_results(CASES[0].article())[:1], lead_time=3.0)
    sdk.annotations.create(id=numbers[1], result=[], was_cancelled=True, lead_time=1.0)
    sdk.annotations.create(id=numbers[2], result=[])
    save("annotated.json", studio.export(project.id))
    save("predicted.json", snapshot(studio, project))


def snapshot(studio: Studio, project: Project) -> list[dict[str, Any]]:
    sdk = studio._sdk
    made = sdk.projects.exports.create(project.id, serialization_options={"predictions": {"only_id": False}})
    while sdk.projects.exports.get(project.id, export_pk=made.id).status != "completed":
        time.sleep(0.2)
    pieces = sdk.projects.exports.download(project.id, export_pk=made.id, export_type="JSON")
    return json.loads(b"".join(pieces))


def make_cue_and_choice(studio: Studio) -> None:
    project = studio.create_project(
        {"title": f"cue and choice {time.time_ns()}", "label_config": CUE_AND_CHOICE_CONFIG}
    )
    articles = [case.article() for case in CASES]
    numbers = studio.import_tasks(project["id"], [task_of_article(article) for article in articles])
    for article, number in zip(articles, numbers, strict=True):
        results = []
        for result in attributions_to_results(article):
            results.append(result)
            label = result["value"]["labels"][0] if result["type"] == "labels" else "content"
            if label not in ("speaker", "content"):
                result["value"]["labels"] = ["cue"]
                value = {**result["value"], "choices": [label]}
                del value["labels"]
                results.append({**result, "type": "choices", "from_name": "stance", "value": value})
        studio._sdk.annotations.create(id=number, result=results)
    save("cue_and_choice.json", studio.export(project["id"]))


def make_browser(studio: Studio, account: server.Account) -> None:
    project = ensure_project(studio, title=f"browser {time.time_ns()}")
    numbers = studio.import_tasks(project.id, [task_of_article(case.article()) for case in CASES])
    with labelling_page(studio.url, username=account.username, password=account.password) as page:
        for case, number in zip(CASES, numbers, strict=True):
            page.open_task(project.id, task=number)
            marked: set[str] = set()
            for stance, cue, speaker, content in case.attributions:
                for label, words in ((stance, cue), ("speaker", speaker), ("content", content)):
                    if words is not None and words not in marked:
                        marked.add(words)
                        page.mark(words, key=KEYS[label])
            for _, cue, speaker, content in case.attributions:
                for words in (speaker, content):
                    if words is not None:
                        page.link(cue, words)
            page.submit()
    save("browser.json", studio.export(project.id))


if __name__ == "__main__":
    main()
