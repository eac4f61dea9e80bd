"""The commands as a shell runs them, on the tagger that comes with the package."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stance.formats import read_jsonl

ROOT = Path(__file__).resolve().parents[3]
ARTICLE = (
    "وزير الري: لن نسمح ببناء السد\n\nنفى وزير الري هاني السعيد، الأحد، وجود أي اتفاق.\r\n"
    "وأضاف أن\u00a0بلاده “ماضية” في الحوار 👍🏽."
)


def run(
    *arguments: str | Path, given: str | bytes = "", status: int = 0, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    data = given.encode() if isinstance(given, str) else given
    command = [sys.executable, "-m", "stance.cli", *arguments]
    done = subprocess.run(
        command, input=data, capture_output=True, check=False, timeout=120, env=os.environ | environment
    )
    assert done.returncode == status, done.stderr.decode()
    return done


def test_standard_input_to_jsonl_with_exact_offsets() -> None:
    done = run("tag", "-", given=ARTICLE)
    record = json.loads(done.stdout)
    assert record["text"] == ARTICLE
    assert {row["stance"] for row in record["attributions"]} & {"denies", "rejects"}
    for row in record["attributions"]:
        for part in ("cue", "speaker", "content"):
            span = row[part]
            if span is not None:
                assert ARTICLE[span["start"] : span["end"]] == span["text"]
        assert 0 <= row["score"] <= 1


def test_broken_lines_and_files_are_named_and_the_rest_is_tagged(tmp_path: Path) -> None:
    lines = tmp_path / "articles.jsonl"
    good = json.dumps({"id": "good", "text": "أكد المدير أن العمل مستمر.", "outlet": "x"}, ensure_ascii=False)
    lines.write_bytes(b"{broken\n" + good.encode() + b'\n{"id": "no text"}\n\xff\xfe\n')
    (tmp_path / "latin.txt").write_bytes("أكد".encode("utf-16"))
    (tmp_path / "fine.txt").write_text("نفت الشركة الخبر.", encoding="utf-8")
    out = tmp_path / "out" / "tagged.jsonl"
    out.parent.mkdir()
    done = run("tag", str(tmp_path), str(tmp_path / "missing.txt"), "--output", str(out), status=1)
    said = done.stderr.decode()
    for place in ("articles.jsonl:1", "articles.jsonl:3", "articles.jsonl:4", "latin.txt", "missing.txt"):
        assert place in said
    tagged = read_jsonl(out)
    assert [article.id for article in tagged] == ["good", "fine"]
    assert tagged[0].meta["outlet"] == "x"


def test_predictions_for_label_studio(tmp_path: Path) -> None:
    done = run("tag", "-", "--format", "label-studio", given=ARTICLE)
    (task,) = json.loads(done.stdout)
    assert task["data"]["text"] == ARTICLE
    (prediction,) = task["predictions"]
    assert prediction["model_version"].startswith("arabic-stance")
    assert {entry["type"] for entry in prediction["result"]} >= {"labels", "relation"}


def test_table_and_threshold() -> None:
    every = run("tag", "-", "--format", "table", given=ARTICLE).stdout.decode()
    assert "وزير الري" in every
    none = json.loads(run("tag", "-", "--threshold", "1", given=ARTICLE).stdout)
    assert none["attributions"] == []


def test_score_convert_and_lint(tmp_path: Path) -> None:
    export = str(ROOT / "annotation" / "corpus" / "held_out.json")
    gold = tmp_path / "gold.jsonl"
    run("convert", export, str(gold))
    figures = json.loads(run("score", export, str(gold), "--json").stdout)
    assert figures["levels"]["full"]["f1"] == 1.0
    again = tmp_path / "again.json"
    run("convert", str(gold), str(again))
    run("lint", export)
    assert b"full" in run("score", str(gold), str(gold)).stdout


def test_a_wrong_model_is_a_clear_error(tmp_path: Path) -> None:
    done = run("tag", "-", "--model", str(tmp_path), given=ARTICLE, status=2)
    assert b"holds neither" in done.stderr


def test_the_baseline_tags_without_a_model() -> None:
    record = json.loads(run("tag", "-", "--baseline", given=ARTICLE).stdout)
    assert record["attributions"]


def test_no_input_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    content = '{"id": "1", "text": "نفى الوزير"}\n'
    path.write_text(content, encoding="utf-8")
    for command in (("tag", "--baseline", path, "-o", path), ("convert", path, path)):
        assert b"x.jsonl: is input and output; name another file" in run(*command, status=2).stderr
    assert path.read_text(encoding="utf-8") == content


def test_the_output_may_lie_in_the_folder_that_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE * 100, encoding="utf-8")
    out = tmp_path / "out.jsonl"
    for _ in range(2):
        run("tag", "--baseline", tmp_path, "-o", out)
        assert [article.id for article in read_jsonl(out)] == ["a"]
    assert {path.name for path in tmp_path.iterdir()} == {"a.txt", "out.jsonl"}


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-16"])
def test_output_is_utf8_whatever_the_system_thinks(encoding: str) -> None:
    for shown in ("jsonl", "table"):
        done = run("tag", "-", "--baseline", "-f", shown, given=ARTICLE, PYTHONIOENCODING=encoding)
        assert "نفى" in done.stdout.decode("utf-8")


def test_texts_and_names_that_look_like_markup(tmp_path: Path) -> None:
    path = tmp_path / "[bold].jsonl"
    path.write_text('{"id": "[/x]", "text": "[/url] نفى الوزير"}\n', encoding="utf-8")
    assert b"[/url]" in run("tag", "--baseline", "-f", "table", path).stdout
    empty = tmp_path / "[red]empty.jsonl"
    empty.write_bytes(b"")
    assert b"such as [/x]" in run("score", path, empty).stderr
    assert b"[red]out.jsonl" in run("convert", path, tmp_path / "[red]out.jsonl").stderr


def test_repeated_ids_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"id": "1", "text": "نفى"}\n{"id": "1", "text": "أكد"}\n', encoding="utf-8")
    done = run("tag", "--baseline", path, status=1)
    assert b"an earlier article is called 1 too" in done.stderr
    assert len(done.stdout.splitlines()) == 2
    assert b"x.jsonl: article 1 is there twice" in run("score", path, path, status=2).stderr


def test_scores_of_another_text_are_refused(tmp_path: Path) -> None:
    gold, predicted = tmp_path / "gold.jsonl", tmp_path / "predicted.jsonl"
    gold.write_text(json.dumps({"id": "1", "text": "\r\nنفى"}), encoding="utf-8")
    predicted.write_text(json.dumps({"id": "1", "text": "نفى"}), encoding="utf-8")
    assert b"article 1: predicted on another text" in run("score", gold, predicted, status=2).stderr
    predicted.write_text(json.dumps({"id": "2", "text": "نفى"}), encoding="utf-8")
    said = run("score", gold, predicted).stderr
    assert b"no prediction and count as empty, such as 1" in said
    assert b"not among the gold ones and do not count, such as 2" in said


def test_what_was_left_out_shows_in_the_status(tmp_path: Path) -> None:
    good = {"data": {"id": "n1", "text": "نفى الوزير"}, "annotations": [{"id": 1, "completed_by": 1, "result": []}]}
    good["annotations"].append({"id": 2, "completed_by": 2, "result": []})  # type: ignore[attr-defined]
    export = tmp_path / "a.json"
    export.write_text(json.dumps([{"data": {}}, good]), encoding="utf-8")
    for command in (("convert", export, tmp_path / "b.jsonl"), ("score", export, export)):
        assert b"task #1: has no data.text" in run(*command, status=1).stderr
    assert len(read_jsonl(tmp_path / "b.jsonl")) == 1


@pytest.mark.train
def test_agreement_names_what_it_leaves_out_and_tells_files_apart(tmp_path: Path) -> None:
    annotations = [{"id": number, "completed_by": number, "result": []} for number in (1, 2)]
    good = {"id": 1, "data": {"text": "نفى الوزير"}, "annotations": annotations}
    broken = {"id": 2, "data": {"text": "\ud83d"}, "annotations": annotations}
    for folder in ("x/a", "y/a"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "export.json").write_text(json.dumps([good]), encoding="utf-8")
    both = run("agreement", tmp_path / "x/a/export.json", tmp_path / "y/a/export.json", "--json")
    assert json.loads(both.stdout)["pairs"][0]["annotators"] == ["x", "y"]
    export = tmp_path / "export.json"
    export.write_text(json.dumps([broken, good]), encoding="utf-8")
    done = run("agreement", export, "--html", tmp_path / "page.html", status=1)
    assert b"export.json: task 2: holds lone surrogates" in done.stderr
    assert (tmp_path / "page.html").exists()
    run("agreement", export, "--html", export, status=2)


def test_tagging_imports_no_training_package() -> None:
    program = (
        "import sys; from stance.tagger import Tagger; Tagger.from_pretrained().tag('قال الوزير إن'); "
        "print([name for name in ('torch', 'transformers', 'hydra', 'datasets', 'evaluate') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("command", ["tag", "score", "lint", "convert", "agreement", "export", "studio"])
def test_every_command_explains_itself(command: str) -> None:
    assert b"usage: stance" in run(command, "--help").stdout
