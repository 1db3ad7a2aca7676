"""What a row of a list says, and whether it is about a student."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.lists.headings import Holds
from grader.lists.naming import folded
from grader.roster.entries import Entry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.roster.lines import Line

__all__ = ["ListedRow"]

TEST_STUDENTS = frozenset({"student test", "test student"})  # Canvas's own
POINTS_POSSIBLE = "points possible"  # Canvas's row of maxima
PLACEHOLDERS = frozenset({"-", "--", "–", "—", "?", "n/a", "#n/a", "none", "null"})
SUMS = frozenset(
    (
        "total", "totals", "sum", "average", "mean", "median", "count", "maximum", "minimum",
        "summe", "anzahl", "gesamt", "durchschnitt", "mittelwert", "moyenne", "effectif", "media",
        "promedio", "totale", "totaal", "gemiddelde", "suma", "srednia", "toplam", "ortalama",
        "合計", "平均", "合计", "总计", "平均分",
    )
)  # fmt: skip
# Who is on a course's list and hands in nothing, as Gradescope, Moodle and Sakai call them.
STAFF = re.compile(
    r"instructor|teach|lectur|professor|maintain|manager|designer|observer|grader|reader|staff|"
    r"\bta\b|\btas\b|lehr|dozent|trainer|tutor|enseignant|docente|profesor|öğretmen|教师|教員"
)
STUDENT = re.compile(r"stud|étud|alum|alun|学生")  # somebody may be both
PARTICIPANT = re.compile(r"(\D{3,})(\d+)")  # `Participant 4400`, `Teilnehmer/in4400`
# Names in Chinese, Japanese and Korean: the family's first, and no blank between.
WITHOUT_BLANKS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")


class ListedRow:
    """A row below the heading, and whether it is about a student."""

    def __init__(self, line: Line, holds: Mapping[Holds, list[int]]) -> None:
        self._line = line
        self._holds = holds
        whole, first, last = map(self._said, (Holds.NAME, Holds.FIRST_NAME, Holds.LAST_NAME))
        self._name, self._sorted_name = _names(whole, first, last)
        self._email = next((cell for cell in self._said(Holds.EMAIL) if "@" in cell), "")
        self._ids, self._logins = self._said(Holds.ID), self._said(Holds.LOGIN)
        self._keys = [*self._ids, *self._logins, *filter(None, [self._email])]

    @property
    def number(self) -> int:
        """Which row of the list, from 1."""
        return self._line.row

    @property
    def called(self) -> str:
        """What the row says of whom it is about."""
        return self._name or next(iter(self._keys), "")

    @property
    def marks(self) -> list[tuple[int, str]]:
        """What no two students have, each with its column: of another column's they may have it."""
        places = [*self._holds[Holds.ID], *self._holds[Holds.LOGIN]]
        cells = [(at, self._cell(at).casefold()) for at in places]
        return [(at, cell) for at, cell in cells if cell]

    @property
    def participant(self) -> re.Match[str] | None:
        """A number of Moodle's, with the word before it."""
        return next(filter(None, map(PARTICIPANT.fullmatch, self._ids[:1])), None)

    @property
    def is_usual(self) -> bool:
        """Whether a row that is no student is so in every list of its kind."""
        return not self.called or folded(self.called) in {*TEST_STUDENTS, POINTS_POSSIBLE}

    @property
    def is_nobody(self) -> bool:
        """Whether it is a sum, a maximum, a test student, or tells nobody."""
        has_identity = any(self._holds[kind] for kind in (Holds.ID, Holds.LOGIN, Holds.EMAIL))
        tells_nobody = not self.called or (has_identity and not self._keys)
        return tells_nobody or folded(self._name) in TEST_STUDENTS or self._is_sum()

    @property
    def is_staff(self) -> bool:
        """Whether somebody has a role in the course, and not a student's."""
        roles = " ".join(self._said(Holds.ROLE)).casefold()
        return bool(STAFF.search(roles)) and not STUDENT.search(roles)

    def entry(self, numbered_by: str) -> Entry:
        """Return the row's student."""
        group = ", ".join(self._said(Holds.GROUP))
        match = self.participant if numbered_by == "Moodle" else None
        number = match[2] if match else next(iter(self._ids), "") if numbered_by else ""
        return Entry(
            tuple(self._ids),
            next(iter(self._logins), ""),
            self._email,
            self._name,
            self._sorted_name,
            ", ".join(dict.fromkeys(self._said(Holds.SECTION))) or group,
            group,
            self._line.row,
            number,
        )

    def _said(self, kind: Holds) -> list[str]:
        return [cell for cell in map(self._cell, self._holds[kind]) if cell]

    def _cell(self, at: int) -> str:
        """Return what a cell says; Brightspace writes `#` before ids."""
        cell = self._line.cells[at] if at < len(self._line.cells) else ""
        bare = " ".join(cell.lstrip("#").split())
        return bare if bare.casefold() not in PLACEHOLDERS else ""

    def _is_sum(self) -> bool:
        """Tell whether it is `Total` or `Anzahl: 25`, in whatever column that stands."""
        words = folded(self.called).split()
        if folded(self._name) in SUMS or len({*self._keys, self._name} - {""}) != 1:
            return folded(self._name) in SUMS
        if len(words) < 2:
            return words != [] and words[0] in SUMS
        counts = any(sign.isdigit() or sign == ":" for sign in self.called)
        return counts or (not self._name and not SUMS.isdisjoint(words))


def _names(whole: Sequence[str], first: Sequence[str], last: Sequence[str]) -> tuple[str, str]:
    """Return a name as it is spoken, and as it is sorted.

    A column `Name` beside `Vorname` holds the family name.
    """
    if whole and first and not last and first[0].casefold() not in whole[0].casefold():
        last = whole[:1]
    if whole and not (first and last):
        family, comma, given = map(str.strip, whole[0].partition(","))
        return (f"{given} {family}", f"{family}, {given}") if comma and given else (whole[0], "")
    parts = [*first[:1], *last[:1]]
    if parts and all(map(WITHOUT_BLANKS.fullmatch, parts)):
        return "".join(reversed(parts)), ""
    return " ".join(parts), ", ".join(reversed(parts))
