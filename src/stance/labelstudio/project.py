"""The Label Studio project: its labelling config, its guidelines, and whether it is still the one we understand."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from stance.errors import FormatError, StudioConfigMismatch, StudioError
from stance.formats.labelstudio import LABELS, PART_CONTROL, TEXT_NAME
from stance.labelstudio.client import Studio

__all__ = [
    "GUIDELINES",
    "Project",
    "config_faults",
    "ensure_project",
    "find_project",
    "guidelines_page",
    "labelling_config",
]

GUIDELINES = Path(__file__).parent / "guidelines" / "ar.md"
"""What annotators are to read, in Arabic; annotation/guidelines has it in English too."""


@dataclass(frozen=True, slots=True)
class Project:
    """A project on a server.

    Args:
        id: its number.
        title: its name.
        url: its page.
        notes: what a team lead should know about it, such as a config that differs from ours without harm.
    """

    id: int
    title: str
    url: str
    notes: tuple[str, ...] = ()


def labelling_config() -> str:
    """Return the labelling config of this project, as XML."""
    return resources.files("stance.labelstudio").joinpath("labeling_config.xml").read_text(encoding="utf-8")


def config_faults(config: str) -> list[str]:
    """Say why annotations made under a labelling config could not be read.

    Args:
        config: the XML.

    Returns:
        The faults; none where everything this project writes and reads has its place.
    """
    try:
        root = ET.fromstring(config)
    except ET.ParseError as error:
        return [f"it is not XML ({error})"]
    faults = []
    text = next((tag for tag in root.iter("Text") if tag.get("name") == TEXT_NAME), None)
    if text is None:
        faults.append(f'it has no <Text name="{TEXT_NAME}">')
    elif text.get("value") != "$text":
        faults.append(f'<Text name="{TEXT_NAME}"> shows {text.get("value")!r}, not "$text"')
    control = next((tag for tag in root.iter("Labels") if tag.get("name") == PART_CONTROL), None)
    if control is None:
        return [*faults, f'it has no <Labels name="{PART_CONTROL}">']
    labels = {label.get("value") for label in control.iter("Label")}
    # A label too many does no harm: what is marked with it is named when it is pulled.
    return [*faults, *(f"the label {label} is gone" for label in LABELS if label not in labels)]


def find_project(studio: Studio, *, title: str) -> Project | None:
    """Find a project by its title.

    Args:
        studio: the server.
        title: the whole title.

    Returns:
        The project, or None.

    Raises:
        StudioError: if several have this title, or the server fails.
    """
    found = studio.find_projects(title)
    if len(found) > 1:
        numbers = ", ".join(str(project["id"]) for project in found)
        raise StudioError(f"{studio.url} has {len(found)} projects called {title!r} ({numbers}); rename all but one")
    return _project(studio, found[0]) if found else None


def ensure_project(
    studio: Studio, *, title: str, guidelines: str | None = None, update_config: bool = False
) -> Project:
    """Create a project, or see that the one there is can be worked with.

    A config that somebody edited by hand is kept where its annotations can still be read, and refused where not.

    Args:
        studio: the server.
        title: the project's title.
        guidelines: a page of HTML that annotators see before they start; by default what is there stays.
        update_config: whether to put our labelling config in the place of another.

    Returns:
        The project.

    Raises:
        StudioConfigMismatch: if the project's config lacks what we need, and `update_config` is off.
        StudioError: if the server fails.
    """
    ours = labelling_config()
    found = find_project(studio, title=title)
    page = {} if guidelines is None else {"expert_instruction": guidelines, "show_instruction": True}
    if found is None:
        return _project(studio, studio.create_project({"title": title, "label_config": ours, **page}))
    current = studio.project(found.id)
    notes = []
    if _canonical(str(current.get("label_config"))) != _canonical(ours):
        if update_config:
            studio.update_project(found.id, {"label_config": ours})
            notes.append("its labelling config was put back to ours")
        else:
            check_config(found, str(current.get("label_config")))
            notes.append("its labelling config was edited by hand and kept; --update-config puts ours back")
    if page and current.get("expert_instruction") != guidelines:
        studio.update_project(found.id, page)
    return Project(found.id, found.title, found.url, tuple(notes))


def check_config(project: Project, config: str) -> None:
    """Refuse a labelling config whose annotations could not be read.

    Args:
        project: whose it is, for the message.
        config: the XML.

    Raises:
        StudioConfigMismatch: with every fault.
    """
    faults = config_faults(config)
    if faults:
        raise StudioConfigMismatch(
            f"the labelling config of project {project.id} ({project.url}) was edited so that its annotations cannot "
            f"be used: {'; '.join(faults)}. Put it back under Settings → Labeling Interface, or push with "
            f"--update-config; tasks and annotations stay."
        )


def guidelines_page(path: Path) -> str:
    """Turn the guidelines into the page that Label Studio shows.

    Args:
        path: Markdown; right to left if most of its letters are Arabic.

    Returns:
        HTML.

    Raises:
        FormatError: if the file cannot be read.
    """
    from markdown_it import MarkdownIt

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"cannot be read ({error})", where=str(path)) from error
    letters = [letter for letter in text if letter.isalpha()]
    is_arabic = sum("\u0600" <= letter <= "\u06ff" for letter in letters) * 2 > len(letters)
    body = MarkdownIt("commonmark").enable("table").render(text)
    return f'<div dir="{"rtl" if is_arabic else "ltr"}">{body}</div>'


def _project(studio: Studio, found: dict[str, Any]) -> Project:
    number = int(found["id"])
    return Project(number, str(found["title"]), f"{studio.url}/projects/{number}")


def _canonical(config: str) -> str:
    try:
        return ET.canonicalize(config, strip_text=True)
    except ET.ParseError:
        return config
