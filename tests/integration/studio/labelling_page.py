"""Label Studio's labelling page, driven as an annotator drives it: keys, mouse and what stands on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = "/usr/bin/chromium"
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",  # a container has little of it
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

_EDGES = """([words, nth]) => {
  const walker = document.createTreeWalker(document.querySelector(".lsf-htx-richtext"), NodeFilter.SHOW_TEXT);
  const nodes = [];
  let text = "";
  for (let node; (node = walker.nextNode()); ) { nodes.push([text.length, node]); text += node.data; }
  let at = -1;
  for (let i = 0; i < nth; i++) at = text.indexOf(words, at + 1);
  if (at < 0) return null;
  const edge = (position) => {
    const [start, node] = nodes.filter(([start]) => start <= position).at(-1);
    const range = document.createRange();
    range.setStart(node, position - start);
    range.setEnd(node, position - start + 1);
    const box = range.getBoundingClientRect();
    return [box.left, box.right, (box.top + box.bottom) / 2];
  };
  return [edge(at), edge(at + words.length - 1)];
}"""

_MARKED = """() => [...document.querySelectorAll(".htx-highlight")].map((mark) => [
  mark.dataset.label.split(":").at(-1), mark.textContent, Number(mark.dataset.start), Number(mark.dataset.end),
])"""


@contextmanager
def labelling_page(url: str, *, username: str, password: str) -> Iterator[LabellingPage]:
    """Open a headless Chromium, log in, and yield the page."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        try:
            page = browser.new_page(viewport={"width": 1400, "height": 860}, locale="en-US")
            page.set_default_timeout(60_000)
            page.goto(f"{url}/user/login")
            page.fill("input[name=email]", username)
            page.fill("input[name=password]", password)
            page.keyboard.press("Enter")
            page.wait_for_url(lambda address: "/user/login" not in address)
            yield LabellingPage(page, url)
        finally:
            browser.close()


class LabellingPage:
    """A browser's page, logged in."""

    def __init__(self, page: Any, url: str) -> None:
        self.page = page
        self.url = url

    def open_task(self, project: int, *, task: int, regions: int = 0) -> None:
        """Open a task and wait until its text and that many regions are drawn."""
        self.page.goto(f"{self.url}/projects/{project}/data?task={task}")
        self.page.wait_for_selector(".lsf-htx-richtext")
        self.page.wait_for_function(
            "(count) => document.querySelectorAll('.htx-highlight').length >= count", arg=regions
        )
        self.page.wait_for_load_state("networkidle")

    def marked(self) -> list[tuple[str, str, int, int]]:
        """Return label, words and offsets of every region that is highlighted."""
        return [tuple(mark) for mark in self.page.evaluate(_MARKED)]

    def edges(self, words: str, nth: int = 1) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
        """Return left, right and height of the first and the last letter of these words on the screen."""
        shown = words.replace("\r", "").replace("\n", "")  # lines are elements of their own
        found = self.page.evaluate(_EDGES, [shown, nth])
        assert found is not None, f"{words!r} is not on the page"
        return found[0], found[1]

    def mark(self, words: str, *, key: str, nth: int = 1) -> None:
        """Press a label's key and drag over the words, from their first letter (the rightmost) to their last."""
        before = self.page.evaluate("() => Htx.annotationStore.selected.regions.length")
        (_, right, y), (left, _, last_y) = self.edges(words, nth)
        self.page.keyboard.press("Escape")
        self.page.keyboard.press(key)
        self.page.mouse.move(right - 1, y)
        self.page.mouse.down()
        self.page.mouse.move((left + right) / 2, (y + last_y) / 2, steps=4)
        self.page.mouse.move(left + 1, last_y, steps=4)
        self.page.mouse.up()
        self.page.wait_for_function("(count) => Htx.annotationStore.selected.regions.length > count", arg=before)
        self.page.keyboard.press("Escape")

    def click(self, words: str, nth: int = 1) -> None:
        """Click on the first letter of the words."""
        (left, right, y), _ = self.edges(words, nth)
        self.page.mouse.click((left + right) / 2, y)

    def link(self, cue: str, part: str, *, nth: tuple[int, int] = (1, 1)) -> None:
        """Draw a relation from a cue to a part, by the key and two clicks."""
        before = self.relations()
        self.page.keyboard.press("Escape")
        self.click(cue, nth[0])
        self.page.wait_for_function("() => Htx.annotationStore.selected.highlightedNode")
        self.page.keyboard.press("Alt+r")
        self.click(part, nth[1])
        self.page.wait_for_function(
            "(count) => Htx.annotationStore.selected.relationStore.relations.length > count", arg=before
        )
        self.page.keyboard.press("Escape")

    def delete(self, words: str) -> None:
        """Delete the mark on these words, by a click and a key."""
        before = self.page.evaluate("() => Htx.annotationStore.selected.regions.length")
        self.click(words)
        self.page.wait_for_function("() => Htx.annotationStore.selected.highlightedNode")
        self.page.keyboard.press("Backspace")
        self.page.wait_for_function("(count) => Htx.annotationStore.selected.regions.length < count", arg=before)

    def relations(self) -> int:
        """Return how many relations there are."""
        return int(self.page.evaluate("() => Htx.annotationStore.selected.relationStore.relations.length"))

    def arrows(self) -> int:
        """Return how many relations are drawn on the screen."""
        return int(self.page.evaluate("() => document.querySelectorAll('.relations-overlay path[marker-end]').length"))

    def direction(self) -> tuple[str, str]:
        """Return the text's direction and alignment."""
        style = "() => { const s = getComputedStyle(document.querySelector('.lsf-htx-richtext')); "
        return tuple(self.page.evaluate(style + "return [s.direction, s.textAlign]; }"))

    def submit(self) -> None:
        """Submit the annotation by its keys and wait until the server has it."""
        with self.page.expect_response(
            lambda reply: "/annotations" in reply.url and reply.request.method in ("POST", "PATCH")
        ) as saved:
            self.page.keyboard.press("Control+Enter")
        assert saved.value.ok, saved.value.status

    def connect_model(self, project: int, *, title: str, url: str, user: str, password: str) -> None:
        """Fill in Settings → Model → Connect Model, up to the last click."""
        self.page.goto(f"{self.url}/projects/{project}/settings/ml")
        self.page.locator("button:has-text('Connect Model')").first.click()
        self.page.fill("input[name=title]", title)
        self.page.fill("input[name=url]", url)
        self.page.get_by_test_id("select-trigger-auth_method-NONE").click()
        self.page.get_by_role("option", name="Basic Authentication").click()
        self.page.fill("input[name=basic_auth_user]", user)
        self.page.fill("input[name=basic_auth_pass]", password)

    def picture(self, path: Path) -> None:
        """Save a screenshot."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(path))
