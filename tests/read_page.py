"""Read a page as a browser does."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from grader.text.wording import encodable

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Page", "page_of"]

VOID = {"meta", "link"}


def page_of(folder: Path, student: str) -> Path:
    """Return where a student's page is, as the results beside it say."""
    students = json.loads((folder / "results.json").read_text(encoding="utf-8"))["students"]
    (page,) = (str(each["page"]) for each in students if each["student"] == encodable(student))
    return folder / page


class Page(HTMLParser):
    """A page as a browser reads it: its tags, its links and its text.

    Attributes:
        tags: name and attributes of each start tag.
        text: what is read, with white space as in the file.
        unclosed: tags still open at the end.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.unclosed: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.unclosed.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost open tag, which has to be this one."""
        assert self.unclosed.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep what is read, without style sheet and script."""
        if self.unclosed[-1:] not in (["style"], ["script"]):
            self.text += data

    @property
    def words(self) -> str:
        """The text with its white space taken together."""
        return " ".join(self.text.split())

    def having(self, css: str) -> list[str]:
        """Return the names of the tags that have a class."""
        return [tag for tag, attrs in self.tags if css in (attrs.get("class") or "").split()]
