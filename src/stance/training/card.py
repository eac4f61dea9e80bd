"""The model card: a page made of figures that were measured, and of nothing else."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import Any

from stance.metrics import Level
from stance.models.embedded import EMBEDDED
from stance.schema import Article, Stance
from stance.training.figures import measure

__all__ = ["collect_figures", "render_card", "write_card"]

_TEMPLATE = Path(__file__).with_name("card_template.md")
_ORIGIN = """The articles were
written for this project in the manner of wire news (annotation/README.md says by whom and how) and annotated by its
scheme; no real article was trained on."""
_INVENTED = """\
- The training articles are invented: names, places and phrases of real news that they lack are seen for the first time.
"""


def collect_figures(folder: Path, *, tagged: Sequence[Article], gold: Sequence[Article]) -> dict[str, Any]:
    """Return all that a run's card says.

    Args:
        folder: the run's folder, with its config and provenance.
        tagged: the held-out articles as the trained model tags them; the training articles where none are held out.
        gold: the same articles with gold attributions.
    """
    return {
        "config": json.loads((folder / "config.json").read_text(encoding="utf-8")),
        "provenance": json.loads((folder / "provenance.json").read_text(encoding="utf-8")),
        "held_out": measure(tagged, gold=gold),
    }


def write_card(folder: Path, *, tagged: Sequence[Article], gold: Sequence[Article]) -> None:
    """Write `figures.json` and the card `model/README.md` of a run."""
    figures = collect_figures(folder, tagged=tagged, gold=gold)
    (folder / "figures.json").write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "model" / "README.md").write_text(render_card(figures), encoding="utf-8")


def render_card(figures: dict[str, Any]) -> str:
    """Return the card of some figures.

    Args:
        figures: of `collect_figures`; `shipped` and `real`, where they are there, add what was measured of the
            exported tagger and on real articles.
    """
    config, provenance = figures["config"], figures["provenance"]
    held_out = figures["shipped"]["held_out"] if "shipped" in figures else figures["held_out"]
    values = {
        "name": config["name"],
        "encoder": config["encoder"]["name"],
        "command": _command(config, provenance),
        "commit": (provenance["commit"] or "unknown")[:12],
        "articles": provenance["articles"],
        "attributions": provenance["attributions"],
        "epochs": f"{config['trainer']['epochs']:g}",
        "average": _average(config),
        "versions": ", ".join(f"{name} {version}" for name, version in provenance["versions"].items()),
        "data": "\n".join(f"- `{Path(name).name}`, SHA-256 `{digest}`" for name, digest in provenance["data"].items()),
        "held_out_scores": _score_table(held_out, figures.get("baseline", {}).get("held_out")),
        "held_out_stances": _stance_table(held_out),
        "kinds": _kind_table(held_out),
        "calibration": _calibration(held_out),
        "signature": held_out["signature"],
        "real": _real(figures),
        "shipped": _shipped(figures),
        **_claims(config, provenance, articles=held_out["articles"]),
    }
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(values)


def _command(config: dict[str, Any], provenance: dict[str, Any]) -> str:
    # Runs of before the overrides were recorded.
    unrecorded = ["experiment=default"] if config["name"] == "default" else []
    return shlex.join(["python", "scripts/train.py", *provenance.get("overrides", unrecorded)])


def _average(config: dict[str, Any]) -> str:
    count = config["trainer"].get("average", 1)
    return f", the mean of its last {count} checkpoints," if count > 1 else ""


def _claims(config: dict[str, Any], provenance: dict[str, Any], *, articles: int) -> dict[str, str]:
    """Return what may be said of a run only where its config and provenance bear it out."""
    data = config["data"]
    own_training = _are_our_corpus(data["train"])
    is_embedded = config["encoder"]["name"] == EMBEDDED
    if provenance["held_out_articles"]:
        measured = f"{articles} articles that were not trained on."
        if config["tune"]:
            measured += " The cue threshold and the confidence were chosen on these same articles."
        if own_training and _are_our_corpus(data["held_out"]):
            measured += "\nThey are written by the same hands as the training part: real articles are harder."
    else:
        measured = (
            f"No article was held out: these {articles} are the ones that were trained on, and say nothing of others."
        )
    licence = "Code and model MIT (the encoder is multilingual-e5-small, MIT)" if is_embedded else "Code MIT"
    licence += "; the corpus CC BY 4.0." if own_training else "."
    return {
        "origin": _ORIGIN if own_training else "",
        "measured_part": "held-out articles" if provenance["held_out_articles"] else "the training articles",
        "measured": measured,
        "limits": _INVENTED if own_training else "",
        "licence_name": "mit" if is_embedded else "other",
        "licence": licence if is_embedded else f"{licence} The encoder's own licence holds for the model.",
    }


def _are_our_corpus(names: Sequence[str]) -> bool:
    return all(Path(name).parts[-3:-1] == ("annotation", "corpus") for name in names)


def _score_table(own: dict[str, Any], baseline: dict[str, Any] | None) -> str:
    head = "| level | precision | recall | F1 | 95 % interval |" + (" baseline F1 |" if baseline else "")
    lines = [head, "| --- | --- | --- | --- | --- |" + (" --- |" if baseline else "")]
    for level in Level:
        row = own["levels"][level]
        line = f"| {level} | {row['precision']:.3f} | {row['recall']:.3f} | {row['f1']:.3f} "
        line += f"| {row['low']:.3f} – {row['high']:.3f} |"
        lines.append(line + (f" {baseline['levels'][level]['f1']:.3f} |" if baseline else ""))
    return "\n".join(lines)


def _stance_table(own: dict[str, Any]) -> str:
    lines = ["| stance | precision | recall | F1 | 95 % interval | gold |", "| --- | --- | --- | --- | --- | --- |"]
    for stance in Stance:
        row = own["cue_and_stance_by_label"][stance]
        line = f"| {stance} | {row['precision']:.3f} | {row['recall']:.3f} | {row['f1']:.3f} "
        lines.append(line + f"| {row['low']:.3f} – {row['high']:.3f} | {row['gold']} |")
    return "\n".join(lines)


def _kind_table(own: dict[str, Any]) -> str:
    lines = ["| kind | gold | who+stance, recall | full, recall |", "| --- | --- | --- | --- |"]
    for name, row in own["kinds"].items():
        lines.append(f"| {name} | {row['gold']} | {row['who+stance_recall']:.3f} | {row['full_recall']:.3f} |")
    return "\n".join(lines)


def _calibration(own: dict[str, Any]) -> str:
    found = own["calibration"]
    risks = ", ".join(f"{float(share):.0%}: {risk:.3f}" for share, risk in found["risk_at_coverage"].items())
    return (
        f"Expected calibration error of the confidence (that speaker and stance are right): "
        f"{found['expected_calibration_error']:.3f}. Share of wrong ones among the most confident that are "
        f"kept: {risks}."
    )


def _real(figures: dict[str, Any]) -> str:
    if "real" not in figures:
        return "Not measured on real articles: `scripts/ship.py` does it where `../shared` is there."
    own = figures["real"]
    parts = [
        f"{own['articles']} real articles of several outlets, annotated by others and never trained on:",
        _score_table(own, figures.get("baseline", {}).get("real")),
        _stance_table(own),
        _kind_table(own),
        _calibration(own),
    ]
    if "f1_change_from_fp32" in own:
        parts.append(f"F1 against the same model in fp32: {_changes(own)}.")
    return "\n\n".join(parts)


def _changes(own: dict[str, Any]) -> str:
    return ", ".join(f"{level} {change:+.4f}" for level, change in own["f1_change_from_fp32"].items())


def _shipped(figures: dict[str, Any]) -> str:
    if "shipped" not in figures:
        return "This card is about the trained model as it is; `stance export` makes a tagger of it."
    own = figures["shipped"]
    return (
        f"The tagger is int8 ONNX of {own['megabytes']:.1f} MB, version `{own['version']}`. F1 on the held-out "
        f"articles against the same model in fp32: {_changes(own)}. On {own['processors']} cores it tagged "
        f"{own['words_per_second']:,.0f} words a second, {own['speedup']:.1f} times the "
        "trained model in torch fp32 in the same run."
    )
