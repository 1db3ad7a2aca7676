"""Render the pages from the templates of the lab."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from grader.courses import resource
from grader.pictures import STYLE, bare, markup
from grader.reports.marks import prose
from grader.reports.script import list_script, script_source
from grader.reports.student.student_page import student_page, withheld_page
from grader.text.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.pictures.shapes import Drawing, Figure
    from grader.reports.classes.anonymous_page import AnonymousPage
    from grader.reports.classes.class_page import ClassPage
    from grader.reports.classes.rolls import Sheet
    from grader.results.verdicts import StudentResult
    from grader.runs.grading_run import GradingRun

__all__ = ["Pages"]

# Macros of these templates whose output many pages share; what was rendered once is kept.
SHARED = {"parts.html": ("bar", "points", "sign", "verdict"), "tests.html": ("test_line",)}
KEPT = 1_000  # outputs of each


class Pages:
    """All kinds of pages; each template is read once in each process."""

    def __init__(self) -> None:
        self._environment = _environment()

    def index(self, page: ClassPage) -> Iterator[str]:
        """Give the class page in parts: of a large class it is long."""
        return self._environment.get_template("index.html").generate(page=page)

    def sheet(self, page: Sheet) -> str:
        """Return one page of a list of students."""
        return self._render("list.html", page)

    def anonymous(self, page: AnonymousPage) -> str:
        """Return the page about the class that the class may see."""
        return self._render("anonymous.html", page)

    def student(self, result: StudentResult, run: GradingRun) -> str:
        """Return the page of one student, which needs no other file."""
        return self._render("student.html", student_page(result, run))

    def withheld(self, result: StudentResult, run: GradingRun) -> str:
        """Return the page in the place of one that must not be shown."""
        return self._render("withheld.html", withheld_page(result, run))

    def proof(self, page: object) -> str:
        """Return the page about what a course's tests are worth."""
        return self._render("proof.html", page)

    def comparison(self, page: object) -> str:
        """Return the page about what changed tests would do to a class."""
        return self._render("against.html", page)

    def book(self, page: object) -> str:
        """Return the page of a term's book."""
        return self._render("book.html", page)

    def book_list(self, page: object) -> str:
        """Return one page of a list of the book's students."""
        return self._render("book_list.html", page)

    def _render(self, template: str, page: object) -> str:
        return self._environment.get_template(template).render(page=page)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(resource("templates")),
        auto_reload=False,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.filters["prose"] = lambda text: prose(printable(text))
    environment.filters["figure"] = _figure
    environment.filters["drawn"] = _drawn
    environment.globals |= {"list_script": list_script, "script_source": script_source}
    environment.globals["picture_style"] = Markup(STYLE)  # noqa: S704 - our own
    for template, macros in SHARED.items():
        module = environment.get_template(template).module
        for name in macros:
            environment.globals[name] = lru_cache(KEPT)(getattr(module, name))
    return environment


def _figure(figure: Figure, name: str) -> Markup:
    return Markup(markup(figure, name))  # noqa: S704 - it has escaped what it was given


def _drawn(drawing: Drawing) -> Markup:
    return Markup(bare(drawing))  # noqa: S704 - numbers and classes of ours


def _finalize(value: Any) -> Any:
    """Take control characters out of all that a template puts out."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
