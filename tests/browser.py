"""Open pages in the system's Chromium, and look for what readers would stumble over."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ViewportSize, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from playwright.sync_api import Browser, Page

__all__ = ["assert_good_page", "opened", "started_chromium", "violations"]

NARROW = ViewportSize(width=360, height=740)  # CSS pixels: a small phone
WIDE = ViewportSize(width=1280, height=900)  # a laptop
WCAG_22_AA: dict[str, object] = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
}
COLOURS = ["color-contrast", "link-in-text-block"]
WHOLE: dict[str, object] = {"runOnly": WCAG_22_AA}
BUT_COLOURS = {**WHOLE, "rules": {rule: {"enabled": False} for rule in COLOURS}}
# from one scheme to the other nothing but colours changes, from one width to the other all else
LOOKS: tuple[tuple[Literal["light", "dark"], ViewportSize, dict[str, object]], ...] = (
    ("light", NARROW, BUT_COLOURS),
    ("light", WIDE, WHOLE),
    ("dark", WIDE, {"runOnly": {"type": "rule", "values": COLOURS}}),
)
OFFLINE = (
    "--no-sandbox",  # as root Chromium has no sandbox of its own, and it opens our files only
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# What can be operated; a browser lets the keyboard into what scrolls by itself.
INTERACTIVE = "a[href], button, input, select, textarea, summary, [tabindex='0']"
UNFOLD = "document.querySelectorAll('details').forEach(each => { each.open = true; })"
AXE = "options => axe.run(options).then(results => results.violations)"
KNOWN = "axe.getRules(['wcag22aa']).map(rule => rule.ruleId)"
WATCH_FOCUS = """
window.unseen = new Set(document.querySelectorAll(SELECTOR));
window.invisible = [];
document.addEventListener("focusin", ({ target }) => {
  window.unseen.delete(target);
  if (getComputedStyle(target).outlineStyle === "none") window.invisible.push(target.outerHTML);
});
window.unseen.size
"""


@contextmanager
def started_chromium() -> Iterator[Browser]:
    """Start the system's Chromium; a machine without it is told how to get it."""
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("these tests need Chromium: apt-get install chromium", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=OFFLINE)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, file: Path) -> Iterator[Page]:
    """Open a page from the disk; in the end it has complained of nothing and loaded nothing."""
    with browser.new_context(viewport=WIDE) as context:
        page = context.new_page()
        complaints: list[str] = []
        requests: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(file.resolve().as_uri())
        yield page
        loaded = {url for url in requests if not url.startswith("data:")}
        assert loaded == {page.url.partition("#")[0]}
        assert complaints == []


def assert_good_page(browser: Browser, file: Path) -> None:
    """Check a page as all its readers meet it: light and dark, narrow and wide, unfolded, printed.

    No violation of WCAG 2.2 AA that axe-core finds, no sideways scrolling, no console message, no
    request; the keyboard reaches everything, and shows where it is; it prints.
    """
    with opened(browser, file) as page:
        page.evaluate(UNFOLD)
        for scheme, size, rules in LOOKS:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size(size)
            assert violations(page, rules) == []
            assert _hidden_sideways(page) == 0, f"hidden at a width of {size['width']}"
        assert _out_of_reach(page) == []
        assert page.pdf(format="A4").startswith(b"%PDF")


def violations(page: Page, rules: Mapping[str, object] = WHOLE) -> list[str]:
    """Return what axe-core finds against WCAG 2.2 AA, or some of its rules, with the elements."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
        assert "target-size" in page.evaluate(KNOWN), "axe-core is older than WCAG 2.2"
    options = {**rules, "resultTypes": ["violations"]}
    found: list[dict[str, Any]] = page.evaluate(AXE, options)
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]


def _hidden_sideways(page: Page) -> int:
    """Return how many pixels of the page only sideways scrolling shows."""
    hidden: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return hidden


def _out_of_reach(page: Page) -> list[str]:
    """Return what the Tab key does not reach, and where it stands without being seen."""
    count: int = page.evaluate(WATCH_FOCUS.replace("SELECTOR", repr(INTERACTIVE)))
    for _ in range(count + page.evaluate("document.querySelectorAll('pre, div').length")):
        page.keyboard.press("Tab")
        if page.evaluate("window.unseen.size === 0"):
            break
    missed: list[str] = page.evaluate(
        "[...window.unseen].map(each => each.outerHTML).concat(window.invisible)"
    )
    return missed
