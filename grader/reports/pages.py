"""Render the pages from the templates of the lab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from grader.lab import resource
from grader.reports.class_page import class_page
from grader.reports.marks import prose
from grader.reports.student_page import student_page, withheld_page
from grader.reports.wording import printable

if TYPE_CHECKING:
    from grader.verdicts import GradingRun, StudentResult

__all__ = ["Pages"]


class Pages:
    """The pages of one run; the templates are read once."""

    def __init__(self, run: GradingRun) -> None:
        self._run = run
        environment = _environment()
        self._index = environment.get_template("index.html")
        self._student = environment.get_template("student.html")
        self._withheld = environment.get_template("withheld.html")

    def index(self) -> str:
        """Return the class page."""
        return self._index.render(page=class_page(self._run))

    def student(self, result: StudentResult) -> str:
        """Return the page of one student, which needs no other file."""
        return self._student.render(page=student_page(result, self._run))

    def withheld(self, result: StudentResult) -> str:
        """Return the page in the place of one that must not be shown."""
        return self._withheld.render(page=withheld_page(result, self._run))


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(resource("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.filters["prose"] = lambda text: prose(printable(text))
    return environment


def _finalize(value: Any) -> Any:
    """Take control characters out of all that a template puts out."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
