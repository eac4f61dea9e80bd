"""The loop as an annotator lives it, in a headless Chromium on a real Label Studio.

Screenshots go to `$STANCE_PICTURES` where it is set (docs/pictures is made so), else to the test's own directory.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from gold_articles import annotated_article
from labelling_page import CHROMIUM, LabellingPage, labelling_page
from model_server import serving

from stance.formats import read_jsonl
from stance.labelstudio import server
from stance.labelstudio.client import Studio
from stance.labelstudio.project import Project, ensure_project
from stance.labelstudio.pull import pull
from stance.labelstudio.push import push
from stance.labelstudio.select import prioritise
from stance.labelstudio.serve import USER, create_app
from stance.schema import Article, Attribution, Part, Span, Stance
from stance.tagger import Tagger

pytestmark = [pytest.mark.studio, pytest.mark.browser]

# A sentence that no tagger marked yet, and the attribution that the annotator finds in it.
MISSED = "لكن شركة النقل 🚆 قالت للصحفيين إن المهلة\u00a0قصيرة جدا."
CUE, SPEAKER, CONTENT = "قالت", "شركة النقل", "إن المهلة\u00a0قصيرة جدا"


@pytest.fixture(scope="module")
def page(home: Path) -> Iterator[LabellingPage]:
    needs = pytest.importorskip if not os.environ.get("CI") else __import__
    needs("playwright")
    if not Path(CHROMIUM).exists() and not os.environ.get("CI"):
        pytest.skip(f"no {CHROMIUM}; apt-get install chromium")
    running = server.up(home=home)
    account = running.account
    with labelling_page(running.url, username=account.username, password=account.password) as opened:
        yield opened


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return Path(os.environ.get("STANCE_PICTURES") or tmp_path)


def only_task(studio: Studio, project: Project) -> int:
    [task] = studio.tasks(project.id, include=("id",))
    return int(task["id"])


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def marks_of(article: Article) -> set[tuple[str, int, int]]:
    """Return the label and the offsets of everything that is to be marked."""
    return {
        (str(found.stance if part is Part.CUE else part), where.start, where.end)
        for found in article.attributions
        for part, where in found.spans()
    }


def shown(page: LabellingPage) -> set[tuple[str, int, int]]:
    """Return the label and the offsets of everything that is highlighted."""
    return {(label, start, end) for label, _, start, end in page.marked()}


def test_correct_a_prediction(studio: Studio, page: LabellingPage, pictures: Path, tmp_path: Path) -> None:
    found = annotated_article("browser", score=0.7)
    predicted = replace(found, text=f"{found.text}\r\n{MISSED}")
    project = ensure_project(studio, title="Arabic stance")
    push([predicted], studio=studio, project=project, model_version="m1")
    task = only_task(studio, project)

    # The prediction is there, right to left, on the right words, its relations drawn.
    page.open_task(project.id, task=task, regions=12)
    assert page.direction() == ("rtl", "right")
    assert shown(page) == marks_of(predicted)
    assert all(words == predicted.text[start:end] for _, words, start, end in page.marked())
    first, last = page.edges("نفت")[0], page.edges("تلوث")[0]
    assert last[1] < first[0], "what is read later stands further to the left"
    assert page.relations() == 8 and page.arrows() >= 8
    page.picture(pictures / "prediction.png")

    # A cue with its stance, its speaker and its content: a key and a drag each; then two relations.
    page.mark(CUE, key="1")
    page.mark(SPEAKER, key="6")
    page.mark(CONTENT, key="7")
    page.link(CUE, SPEAKER)
    page.link(CUE, CONTENT)
    assert page.relations() == 10
    page.picture(pictures / "annotation.png")

    # What was marked by mistake goes again, and its arrow with it.
    page.mark("للصحفيين", key="6")
    page.link(CUE, "للصحفيين")
    page.delete("للصحفيين")
    assert page.relations() == 10 and len(page.marked()) == 15
    page.submit()

    # Exactly that is pulled, beside what the model had found.
    pulled = pull(tmp_path / "corpus", studio=studio, project=project)
    assert pulled.annotations == 1 and not pulled.skipped
    [article] = read_jsonl(tmp_path / "corpus" / "articles.jsonl")
    text = predicted.text
    added = Attribution(span(text, CUE), Stance.STATES, span(text, SPEAKER), span(text, CONTENT))
    assert [replace(found, score=None) for found in article.attributions] == [
        *(replace(found, score=None) for found in predicted.attributions),
        added,
    ]
    assert (article.id, article.text, article.meta) == (predicted.id, predicted.text, predicted.meta)

    # The next round: the same task with the next model's prediction; the annotation is as it was.
    report = push([article], studio=studio, project=project, model_version="m2")
    assert (report.created, report.predicted) == (0, 1)
    assert pull(tmp_path / "corpus", studio=studio, project=project).changed == ()
    page.open_task(project.id, task=task, regions=15)
    assert len(page.marked()) == 15 and page.relations() == 10


def test_connect_a_model_and_open_a_task(studio: Studio, page: LabellingPage, pictures: Path) -> None:
    project = ensure_project(studio, title="Arabic stance, served")
    tagger = Tagger.from_pretrained(threads=1)
    tagged = tagger.tag(annotated_article("served").text)
    assert len(tagged.attributions) >= 4, "the tagger of the package finds our own sentences"
    push([Article("served", tagged.text)], studio=studio, project=project)
    with serving(create_app(tagger.tag_many, model_version=tagger.version, secret="s3cret")) as url:
        page.connect_model(project.id, title="arabic-stance", url=url, user=USER, password="s3cret")
        page.picture(pictures / "connect-model.png")
        page.page.locator("button[type=submit]:has-text('Validate')").click()
        page.page.get_by_text("Connected", exact=True).wait_for()
        studio.update_project(project.id, {"evaluate_predictions_automatically": True})
        page.open_task(project.id, task=only_task(studio, project), regions=len(marks_of(tagged)))
        assert shown(page) == marks_of(tagged)
        assert page.relations() == sum(len(list(found.spans())) - 1 for found in tagged.attributions)


def test_the_task_list_sorts_by_priority(studio: Studio, page: LabellingPage, pictures: Path) -> None:
    project = ensure_project(studio, title="Arabic stance, next")
    articles = [
        annotated_article(f"a{i}", first=i, sentences=2, score=score) for i, score in enumerate((0.99, 0.5, 0.8))
    ]
    push(articles, studio=studio, project=project, model_version="m1")
    report = prioritise(studio, project=project, count=3)
    browser = page.page
    browser.goto(f"{studio.url}/projects/{project.id}/data?tab={report.view}")
    browser.get_by_text("stance_priority", exact=False).first.wait_for()
    browser.get_by_text("000003").wait_for()
    ranks = browser.evaluate("() => document.body.innerText.match(/0{5}\\d/g)")
    assert ranks == ["000001", "000002", "000003"]
    page.picture(pictures / "next.png")
