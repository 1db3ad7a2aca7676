"""A small course and its class, as an LMS that marks the time gives it, for runs over a term."""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING, Any

from tiny_course import write_course

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["EXERCISE", "TEST", "TermClass", "without_moments"]

EXERCISE, TEST = "double", "test_double_of_7"
ON_TIME = "2026-11-27 20:00:00 +0100"
LATE = '\n[late]\nper_day = "50%"\n'
SUITE = """\
from grader.suite import expect_each, points


@points(2)
def test_double_of_7(student):
    \"\"\"double: twice the number.\"\"\"
    expect_each(
        student.double,
        {cases},
        lambda x: 2 * x,
        mistakes={{{mistakes}}},
    )
"""
WORDS = '[{0}]\nsentence = "It is another number."\nhints = ["One.", "Two.", "Three."]\n'
MOMENT = re.compile(r" \(20\d\d-[^)]*\)")


class TermClass:
    """A course, its class, and the reports.

    Args:
        folder: where all of it is made.
        work: what each student's function returns.
        late: when those came who were late.
    """

    def __init__(
        self, folder: Path, work: Mapping[str, str], late: Mapping[str, str] | None = None
    ) -> None:
        self.folder, self.reports = folder, folder / "reports"
        self._came = dict.fromkeys(work, ON_TIME) | dict(late or {})
        self.course = write_course(folder / "course")
        with (self.course / "course.toml").open("a", encoding="utf-8") as file:
            file.write(LATE)
        for student, answer in work.items():
            self.hand_in(student, answer)

    def hand_in(self, student: str, answer: str) -> None:
        """Write what a student hands in, and when everybody did."""
        place = self.folder / "hw" / f"submission_{student}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{EXERCISE}.py").write_text(f"def double(x):\n    return {answer}\n")
        (place.parent / "submission_metadata.yml").write_text(
            "".join(
                f"submission_{each}:\n  :submitters:\n  - :sid: {each}\n  :created_at: {came}\n"
                for each, came in self._came.items()
            )
        )

    def suite(self, cases: str, **mistakes: str) -> None:
        """Write the hidden test, and the mistakes that it names by what computes them."""
        named = ", ".join(f'"{_slug(name)}": lambda x: {what}' for name, what in mistakes.items())
        text = SUITE.format(cases=cases, mistakes=named)
        (self.course / "hidden" / f"{EXERCISE}.py").write_text(text)

    def words(self, *mistakes: str) -> None:
        """Write what is said of some mistakes."""
        text = "\n".join(WORDS.format(_slug(each)) for each in mistakes)
        (self.course / "mistakes.toml").write_text(text)

    @property
    def results(self) -> dict[str, dict[str, Any]]:
        """What everybody has in the results."""
        students = json.loads((self.reports / "results.json").read_text("utf-8"))["students"]
        return {each["student"]: each for each in students}

    @property
    def scores(self) -> dict[str, float]:
        """Everybody's score."""
        return {student: each["score"] for student, each in self.results.items()}

    @property
    def previous(self) -> dict[str, Any]:
        """What those had before who have something else now; of the others nothing has changed."""
        found = {}
        for student, each in self.results.items():
            before = each.get("previous", {})
            if before.get("changes"):
                found[student] = before
            elif before:
                assert before["score"] == each["score"]
                assert before["max_score"] == each["max_score"]
        return found

    @property
    def table(self) -> list[str]:
        """The rows of `changes.csv`, without names and sections, which nobody has here."""
        file = self.reports / "changes.csv"
        rows = list(csv.reader(file.read_text("utf-8").splitlines())) if file.exists() else []
        assert all(row[1] == row[2] == "" for row in rows[1:])
        return [",".join([row[0], *row[3:]]) for row in rows[1:]]


def without_moments(said: str) -> list[str]:
    """Return the lines without when runs were."""
    return MOMENT.sub("", said).splitlines()


def _slug(name: str) -> str:
    return name.replace("_", "-")
