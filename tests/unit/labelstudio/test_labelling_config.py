"""The labelling config and the code agree."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

from stance.formats.labelstudio import ALSO_CONTROL, LABELS, OPTIONAL, PART_CONTROL
from stance.labelstudio.project import config_faults, labelling_config
from stance.schema import Stance

ROOT = ET.fromstring(labelling_config())
LABEL_TAGS = [tag for control in ROOT.iter("Labels") for tag in control.iter("Label")]


def test_labels_are_those_of_the_code() -> None:
    assert [control.get("name") for control in ROOT.iter("Labels")] == [PART_CONTROL]
    assert {tag.get("value") for tag in LABEL_TAGS} == set(LABELS)
    assert len(LABEL_TAGS) == len(LABELS)


def test_keys_are_one_to_seven_and_colours_differ() -> None:
    assert [tag.get("hotkey") for tag in LABEL_TAGS] == [str(key) for key in range(1, 8)]
    assert len({tag.get("background") for tag in LABEL_TAGS}) == len(LABELS)


def test_choices_are_the_stances_and_optional() -> None:
    [choices] = ROOT.iter("Choices")
    assert choices.get("name") == ALSO_CONTROL
    assert {choice.get("value") for choice in choices.iter("Choice")} == {*Stance, OPTIONAL}


def test_text_is_right_to_left() -> None:
    [view] = [view for view in ROOT.iter("View") if view.find("Text") is not None]
    assert "direction: rtl" in str(view.get("style"))


def test_it_has_no_faults_and_a_spoiled_one_has() -> None:
    assert config_faults(labelling_config()) == []
    assert config_faults("<View>") and "not XML" in config_faults("<View>")[0]
    assert config_faults(labelling_config().replace('value="denies" hotkey="5"', 'value="refutes" hotkey="5"')) == [
        "the label denies is gone"
    ]
    assert config_faults(labelling_config().replace('value="$text"', 'value="$body"')) == [
        '<Text name="text"> shows \'$body\', not "$text"'
    ]


def test_the_annotation_folder_shows_the_same_file() -> None:
    shown = Path(__file__).parents[3] / "annotation" / "labeling_config.xml"
    assert shown.read_text(encoding="utf-8") == labelling_config()
