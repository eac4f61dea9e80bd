"""Push, correct, pull and push again, over the SDK, against a real Label Studio."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from gold_articles import annotated_article
from tests.integration.conftest import Train

from stance.errors import StudioError
from stance.formats import read_export, read_jsonl, write_jsonl
from stance.formats.labelstudio import attributions_to_results, task_of_article
from stance.labelstudio.client import Studio
from stance.labelstudio.commands import add_studio_parser
from stance.labelstudio.installation import home_directory
from stance.labelstudio.project import Project, ensure_project, find_project, guidelines_page
from stance.labelstudio.pull import fingerprint, pull
from stance.labelstudio.push import push
from stance.labelstudio.select import prioritise
from stance.lint import incidents_to_json, summarise
from stance.schema import Article, Stance
from stance.tagger import Tagger

pytestmark = pytest.mark.studio


def numbers(studio: Studio, project: Project) -> dict[str, int]:
    return {task["data"]["id"]: task["id"] for task in studio.tasks(project.id, include=("id", "data"))}


def test_whole_loop(studio: Studio, project: Project, tmp_path: Path) -> None:
    predicted = [annotated_article(f"n{i}", first=i, sentences=3, score=0.6) for i in range(4)]
    report = push(predicted, studio=studio, project=project, model_version="m1")
    assert (report.created, report.unchanged) == (4, 0)
    report = push([*predicted, predicted[0]], studio=studio, project=project, model_version="m1")
    assert (report.created, report.predicted, report.unchanged) == (0, 0, 4), "a second push does nothing"

    # Annotators correct one, accept one and begin to change it once more, and skip one.
    task = numbers(studio, project)
    first = predicted[0].attributions
    corrected = predicted[0].with_attributions((replace(first[0], stance=Stance.REJECTS, speaker=None), *first[1:]))
    annotations = studio._sdk.annotations
    annotations.create(id=task["n0"], result=attributions_to_results(corrected))
    accepted = annotations.create(id=task["n1"], result=attributions_to_results(predicted[1]))
    skipped = annotations.create(id=task["n2"], result=[], was_cancelled=True)
    drafts = f"api/tasks/{task['n1']}/annotations/{accepted.id}/drafts"
    draft = {"result": attributions_to_results(predicted[3]), "lead_time": 1}
    reply = studio._sdk._client_wrapper.httpx_client.request(drafts, method="POST", json=draft)
    assert reply.status_code == 201
    assert any(row["drafts"] for row in studio.export(project.id)), "the server does export it"

    pulled = pull(tmp_path, studio=studio, project=project)
    assert (pulled.annotated, pulled.annotations, pulled.cancelled) == (2, 2, 1)
    assert pulled.changed == ("n0", "n1") and not pulled.skipped and not pulled.vanished
    assert pulled.fingerprint == fingerprint(tmp_path / "export.json")
    assert read_jsonl(tmp_path / "articles.jsonl") == [corrected, predicted[1]], "offsets, stances, relations, meta"
    [cancelled] = read_export(tmp_path / "cancelled.json")
    assert cancelled.annotations(cancelled=True)[0].id == skipped.id
    assert not any(row.raw["drafts"] for row in read_export(tmp_path / "export.json"))

    # Nothing changed; then one thing did.
    again = pull(tmp_path, studio=studio, project=project, changed_only=True)
    assert again.changed == () and again.fingerprint == pulled.fingerprint
    assert (tmp_path / "changed.jsonl").read_text() == ""
    annotations.create(id=task["n3"], result=attributions_to_results(predicted[3]))
    assert pull(tmp_path, studio=studio, project=project, changed_only=True).changed == ("n3",)
    assert read_jsonl(tmp_path / "changed.jsonl") == [predicted[3]]

    # The next model's predictions go to the same tasks; what people did stays.
    report = push(read_jsonl(tmp_path / "articles.jsonl"), studio=studio, project=project, model_version="m2")
    assert (report.created, report.predicted) == (0, 3)
    assert studio.project(project.id)["model_version"] == "m2"
    last = pull(tmp_path, studio=studio, project=project)
    assert last.changed == () and last.annotations == 3


def test_what_was_deleted_on_the_server_is_kept(studio: Studio, project: Project, tmp_path: Path) -> None:
    articles = [annotated_article(f"d{i}", first=i) for i in range(3)]
    push(articles, studio=studio, project=project)
    task, annotations = numbers(studio, project), studio._sdk.annotations
    made = {name: annotations.create(id=task[name], result=attributions_to_results(articles[0])) for name in task}
    second = annotations.create(id=task["d0"], result=[])
    skipped = annotations.create(id=task["d0"], result=[], was_cancelled=True)
    pull(tmp_path, studio=studio, project=project)

    def lose(*deleted: int) -> dict[object, set[object]]:
        for number in deleted:
            annotations.delete(id=number)
        report = pull(tmp_path, studio=studio, project=project)
        assert report.changed == tuple(sorted({one.article_id for one in report.vanished}))
        return {one.id: {own.id for own in one.annotations(cancelled=True)} for one in report.vanished}

    # The only annotation of a task, one of two, an empty one, and that of an annotator who skipped.
    assert lose() == {}
    assert lose(made["d1"].id, made["d0"].id) == {task["d1"]: {made["d1"].id}, task["d0"]: {made["d0"].id}}
    assert lose(second.id, skipped.id) == {task["d0"]: {second.id, skipped.id}}
    assert lose() == {}
    kept = {one.id: one for one in read_export(tmp_path / "vanished.json")}
    assert {own.id for own in kept[task["d0"]].annotations(cancelled=True)} == {made["d0"].id, second.id, skipped.id}
    [own] = kept[task["d1"]].annotations()
    assert own.results() == made["d1"].result
    assert [one.id for one in read_export(tmp_path / "export.json")] == [task["d2"]]

    # Who skips what he had finished takes it out of the corpus; nothing is lost on the server.
    annotations.update(id=made["d2"].id, was_cancelled=True)
    report = pull(tmp_path, studio=studio, project=project)
    assert report.changed == ("d2",) and not report.vanished and report.cancelled == 1


def test_another_project_or_server_replaces_nothing(studio: Studio, project: Project, tmp_path: Path) -> None:
    push([annotated_article("here")], studio=studio, project=project, annotated=True)
    pull(tmp_path, studio=studio, project=project)
    before = (tmp_path / "export.json").read_bytes()
    other = ensure_project(studio, title=f"other {time.time_ns()}")
    with pytest.raises(StudioError, match=rf"annotations of project {project.title!r}.* into another directory"):
        pull(tmp_path, studio=studio, project=other)
    assert (tmp_path / "export.json").read_bytes() == before

    # A server set up anew counts from 1 again: the same numbers, but another article, or another annotator's work.
    [row] = [one.raw for one in read_export(tmp_path / "export.json")]
    numberless = {"data": {"text": "نص"}, "annotations": [{"result": []}]}
    earlier = {**row, "annotations": [{**row["annotations"][0], "created_at": "2020-01-01T00:00:00Z"}]}
    for old in ({**row, "data": {**row["data"], "id": "there"}}, numberless, earlier):
        (tmp_path / "export.json").write_text(json.dumps([old]), encoding="utf-8")
        (tmp_path / "vanished.json").unlink(missing_ok=True)
        report = pull(tmp_path, studio=studio, project=project)
        assert [task.raw for task in report.vanished] == [old]
        assert [task.raw for task in read_export(tmp_path / "vanished.json")] == [old]
        assert (tmp_path / "export.json").read_bytes() == before


def test_a_push_tags_only_what_it_sends(studio: Studio, project: Project) -> None:
    articles = [annotated_article(f"l{i}", first=i) for i in range(5)]
    bare = [article.with_attributions(()) for article in articles]
    asked: list[str] = []

    def tag_many(found: Iterable[Article]) -> Iterator[Article]:
        for article in found:
            asked.append(article.id)
            yield next(one for one in articles if one.id == article.id)

    push(articles[:2], studio=studio, project=project, model_version="m1")
    push(articles[2:3], studio=studio, project=project)
    report = push(bare, studio=studio, project=project, model_version="m1", tag_many=tag_many, page=2)
    assert (report.created, report.predicted, report.unchanged) == (2, 1, 2) and sorted(asked) == ["l2", "l3", "l4"]
    report = push(bare, studio=studio, project=project, model_version="m1", tag_many=tag_many, page=2)
    assert report.unchanged == 5 and len(asked) == 3, "a second push tags nothing"
    for row in studio.tasks(project.id, include=("data", "predictions")):
        [prediction] = row["predictions"]
        article = next(one for one in articles if one.id == row["data"]["id"])
        assert prediction["result"] == attributions_to_results(article)


def test_copies_are_named_and_not_multiplied(studio: Studio, project: Project) -> None:
    article, nameless = annotated_article("twin"), annotated_article("", first=1)
    for _ in range(2):
        report = push([article, nameless], studio=studio, project=project)
    assert (report.unchanged, report.copies) == (2, []), "without an id the text counts"
    number = numbers(studio, project)[""]
    assert push([replace(nameless, id=str(number))], studio=studio, project=project).unchanged == 1, "as pulled"

    # Two texts of one id, together; articles without an id are no versions of one another.
    texts = ("أول", "ثان", "ثالث")
    report = push([Article("new", text) for text in texts], studio=studio, project=project)
    assert report.created == 3 and report.changed == ["new", "new"]
    assert push([Article("", text) for text in texts], studio=studio, project=project).changed == []

    # Two pushes at once see nothing of each other.
    made = studio.import_tasks(project.id, [task_of_article(article), task_of_article(nameless)])
    report = push([article, nameless], studio=studio, project=project, model_version="m1")
    assert (report.predicted, report.copies) == (2, sorted(made))
    assert push([article, nameless], studio=studio, project=project, model_version="m1").unchanged == 2


def test_an_interrupted_push_goes_on(studio: Studio, project: Project) -> None:
    articles = [annotated_article(f"p{i}", first=i, sentences=2) for i in range(700)]
    seen: list[int] = []

    def cut_short() -> Iterator[Article]:
        yield from articles[:450]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        push(cut_short(), studio=studio, project=project, model_version="m1", progress=seen.append)
    assert seen == [200, 400]
    report = push(articles, studio=studio, project=project, model_version="m1", progress=seen.append)
    assert (report.created, report.unchanged) == (300, 400)
    assert seen[-1] == 700
    assert len(list(studio.tasks(project.id, include=("id",)))) == 700


@pytest.mark.train
def test_train_on_what_was_pulled_and_push_again(
    studio: Studio, project: Project, start_training: Train, tmp_path: Path
) -> None:
    tagger = Tagger.from_pretrained(threads=1)
    gold = [annotated_article(f"t{i}", first=i) for i in range(8)]
    tagged = list(tagger.tag_many(article.with_attributions(()) for article in gold))
    push(tagged, studio=studio, project=project, model_version=tagger.version)
    for name, number in numbers(studio, project).items():
        right = next(article for article in gold if article.id == name)
        studio._sdk.annotations.create(id=number, result=attributions_to_results(right))
    pulled = pull(tmp_path / "corpus", studio=studio, project=project)
    assert (pulled.annotations, pulled.skipped) == (8, ())

    run = tmp_path / "run"
    process = start_training(run, f"data.train=[{tmp_path / 'corpus' / 'export.json'}]", "trainer.epochs=1")
    _, said = process.communicate(timeout=240)
    assert process.returncode == 0, said[-2000:]
    provenance = json.loads((run / "provenance.json").read_text())
    assert provenance["articles"] + provenance["held_out_articles"] == 8

    trained = Tagger.from_pretrained(run / "model")
    report = push(list(trained.tag_many(gold)), studio=studio, project=project, model_version="trained")
    assert (report.created, report.predicted) == (0, 8)
    assert studio.project(project.id)["model_version"] == "trained"
    assert pull(tmp_path / "corpus", studio=studio, project=project).changed == ()
    kept = read_jsonl(tmp_path / "corpus" / "articles.jsonl")
    assert sorted(kept, key=lambda article: article.id) == gold, "no offset, relation, stance or meta is lost"


def test_an_article_whose_text_changed_becomes_a_task_of_its_own(studio: Studio, project: Project) -> None:
    article = annotated_article("same")
    push([article], studio=studio, project=project)
    report = push([replace(article, text=article.text + " تحديث")], studio=studio, project=project)
    assert report.created == 1 and report.changed == ["same"]


def test_articles_go_in_as_finished_annotations(studio: Studio, project: Project, tmp_path: Path) -> None:
    articles = [annotated_article("a", first=1), annotated_article("b", first=2)]
    push(articles, studio=studio, project=project, annotated=True)
    pull(tmp_path, studio=studio, project=project)
    assert read_jsonl(tmp_path / "articles.jsonl") == articles


def test_bad_annotations_are_reported_together_and_kept(studio: Studio, project: Project, tmp_path: Path) -> None:
    article = annotated_article("bad", sentences=2)
    push([article, annotated_article("good", first=1)], studio=studio, project=project)
    task = numbers(studio, project)
    good = attributions_to_results(annotated_article("good", first=1))
    results = attributions_to_results(article)
    [speaker, cue] = [next(own for own in results if own["id"].startswith(name)) for name in ("speaker", "cue")]
    cue["value"]["end"] += 2  # into the next word
    results = [own for own in results if own is not speaker]  # its arrow leads nowhere now
    for name, marks in (("bad", results), ("good", good)):
        studio._sdk.annotations.create(id=task[name], result=marks)
    pulled = pull(tmp_path, studio=studio, project=project)
    assert {(own.where.task, own.where.region, own.kind) for own in pulled.incidents} >= {
        (str(task["bad"]), cue["id"], "span-inside-word"),
        (str(task["bad"]), cue["id"], "relation-dangling"),
    }
    assert {own.where.task for own in pulled.incidents} == {str(task["bad"])}
    assert len(pulled.skipped) == 1 and pulled.annotated == 2
    assert json.loads((tmp_path / "incidents.json").read_text()) == incidents_to_json(pulled.incidents)
    assert json.loads((tmp_path / "manifest.json").read_text())["incidents"] == summarise(pulled.incidents)
    kept = {row.article_id: row.annotations()[0].results() for row in read_export(tmp_path / "export.json")}
    assert len(kept["bad"]) == len(results) and len(read_jsonl(tmp_path / "articles.jsonl")) == 2, "nothing is lost"


def test_guidelines_are_shown(studio: Studio, tmp_path: Path) -> None:
    page = tmp_path / "guidelines.md"
    page.write_text("# دليل التوسيم\n\n| الوسم | المعنى |\n| --- | --- |\n| denies | ينفي |\n", encoding="utf-8")
    title = f"guidelines {time.time_ns()}"
    project = ensure_project(studio, title=title, guidelines=guidelines_page(page))
    shown = studio.project(project.id)
    assert shown["show_instruction"] and '<div dir="rtl"><h1>دليل التوسيم</h1>' in shown["expert_instruction"]
    assert "<table>" in shown["expert_instruction"]
    page.write_text("# Guide\n", encoding="utf-8")
    assert ensure_project(studio, title=title, guidelines=guidelines_page(page)).id == project.id
    assert '<div dir="ltr"><h1>Guide' in studio.project(project.id)["expert_instruction"]


def test_next_puts_doubtful_and_different_tasks_first(studio: Studio, project: Project, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="push articles with a model's predictions first"):
        prioritise(studio, project=project, count=2)
    sure = [annotated_article(f"sure{i}", score=0.99) for i in range(3)]
    unsure = [annotated_article(f"unsure{i}", first=i, sentences=1 + i, score=0.5) for i in range(3)]
    unsure = [replace(article, meta={**article.meta, "priority": 7}) for article in unsure]
    push([*sure, *unsure], studio=studio, project=project, model_version="m1")
    report = prioritise(studio, project=project, count=3)
    task = numbers(studio, project)
    assert report.candidates == 6 and set(report.chosen) == {task[article.id] for article in unsure}
    view = list(studio.tasks(project.id, include=("id",), view=report.view))
    assert [row["id"] for row in view][:3] == list(report.chosen), "the task list sorts by it"

    # Once annotated it leaves the queue, and its old place is not part of the article.
    name = next(name for name, number in task.items() if number == report.chosen[0])
    done = next(article for article in unsure if article.id == name)
    studio._sdk.annotations.create(id=report.chosen[0], result=attributions_to_results(done))
    again = prioritise(studio, project=project, count=1)
    assert again.candidates == 5 and again.chosen[0] != report.chosen[0] and again.view == report.view
    ranked = [row for row in studio.tasks(project.id, include=("id", "data")) if "stance_priority" in row["data"]]
    assert [row["id"] for row in ranked] == list(again.chosen)

    # So does a task that somebody skipped.
    studio._sdk.annotations.create(id=again.chosen[0], result=[], was_cancelled=True)
    last = prioritise(studio, project=project, count=1)
    assert last.candidates == 4 and last.chosen[0] not in (report.chosen[0], again.chosen[0])
    shown = [row["id"] for row in studio.tasks(project.id, include=("id",), view=last.view)]
    assert len(shown) == 4 and shown[0] == last.chosen[0]
    pull(tmp_path, studio=studio, project=project)
    [article] = read_jsonl(tmp_path / "articles.jsonl")
    assert article.meta == done.meta and article.meta["priority"] == 7, "an article's own priority stays"


def test_command_line(studio: Studio, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_studio_parser(parser.add_subparsers())

    everything: list[str] = []

    def run(*words: object) -> tuple[int, str]:
        args = parser.parse_args(["studio", *map(str, words)])
        status = args.run(args)
        said = capsys.readouterr()
        everything.append(said.out + said.err)
        return status, everything[-1]

    title = f"cli {time.time_ns()}"
    articles = tmp_path / "in.jsonl"
    with articles.open("w", encoding="utf-8") as stream:
        write_jsonl([annotated_article("x", score=0.7)], stream)
    status, said = run("up")
    assert status == 0 and said.startswith(studio.url), "the address alone goes to standard output"
    status, said = run("push", articles, "--project", title, "--model-version", "m1")
    assert status == 0 and "1 new" in said
    created = find_project(studio, title=title)
    assert created is not None and "دليل" in studio.project(created.id)["expert_instruction"], "with our guidelines"
    status, said = run("next", "--project", title, "--count", 1)
    assert status == 0 and "1 of 1 tasks" in said
    found = find_project(studio, title=title)
    assert found is not None
    results = attributions_to_results(annotated_article("x"))
    task = numbers(studio, found)["x"]
    made = studio._sdk.annotations.create(id=task, result=results)
    status, said = run("pull", tmp_path / "out", "--project", title, "--changed")
    assert status == 0 and "1 annotations of 1 tasks (1 changed" in said
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["sha256"]["export.json"] == fingerprint(tmp_path / "out" / "export.json")
    studio._sdk.annotations.delete(id=made.id)
    status, said = run("pull", tmp_path / "out", "--project", title)
    assert (
        status == 0 and f"1 annotations are gone from the server; they are kept in vanished.json (tasks {task})" in said
    )
    [copy] = studio.import_tasks(found.id, [task_of_article(annotated_article("x"))])
    status, said = run("push", articles, "--project", title)
    assert status == 0 and f"1 tasks repeat an earlier one ({copy})" in said
    token = json.loads((home_directory() / "account.json").read_text())["token"]
    assert token not in "".join(everything) and token not in json.dumps(manifest)
    with pytest.raises(StudioError, match="no project called 'nowhere'"):
        run("pull", tmp_path / "out", "--project", "nowhere")
