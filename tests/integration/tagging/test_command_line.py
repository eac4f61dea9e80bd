"""The commands as a shell runs them, on the tagger that comes with the package."""

from __future__ import annotations

import json
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


def run(*arguments: str, given: str | bytes = "", status: int = 0) -> subprocess.CompletedProcess[bytes]:
    data = given.encode() if isinstance(given, str) else given
    done = subprocess.run(
        [sys.executable, "-m", "stance.cli", *arguments], input=data, capture_output=True, check=False, timeout=120
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
