"""Read a page as a browser does."""

from __future__ import annotations

from html.parser import HTMLParser

__all__ = ["Page"]

VOID = {"meta", "link"}


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
        """Keep what is read, without the style sheet."""
        if self.unclosed[-1:] != ["style"]:
            self.text += data

    @property
    def words(self) -> str:
        """The text with its white space taken together."""
        return " ".join(self.text.split())

    def having(self, css: str) -> list[str]:
        """Return the names of the tags that have a class."""
        return [tag for tag, attrs in self.tags if css in (attrs.get("class") or "").split()]
