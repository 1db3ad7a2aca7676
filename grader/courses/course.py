"""A course and its exercises, as its folder says."""

from __future__ import annotations

import difflib
import re
import string
import tomllib
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING

from grader.courses.code.course_code import CourseCode, Hooks
from grader.courses.counting import Counts, counts_of_suite
from grader.courses.files import as_given_out, expected_files, files_in, root_of
from grader.courses.late_work import LatePolicy
from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["COUNTED", "Course", "Exercise"]

COUNTED = "counted.toml"  # of a course that was given out without its hidden suites
_NUMBERED = re.compile(r"([a-z]*)0*(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Exercise:
    """One exercise of a course.

    Attributes:
        name: the stem of its files: `hw3_log_softmax`.
        title: its line in the reports.
        folder: the course's.
        cells: ids of its answer cells, where it is a notebook only: each of its tasks is judged on
            the names that stand right after its cell.
        limits: what it may use where that is not as usual, by the names of `--limit`.
        switched_off: ready-made functions that its code can't call, as it would: `F.one_hot`.
        instead: a sentence about what is open in their place.
        manual: the parts that a person grades, with their points.
        files: patterns of what is handed in, where that is not one module or notebook:
            `minigrad/*.py`, `weights.npz`.
        entry: which module of these files is asked for its functions.
        uses: earlier exercises of which it imports the student's own.
        hooks: the course's.
        learned: a sentence on what a student can do who has passed its checks.
    """

    name: str
    title: str
    folder: Path
    cells: tuple[str, ...] = ()
    limits: dict[str, float] = field(default_factory=dict, hash=False)
    switched_off: tuple[str, ...] = ()
    instead: str = ""
    manual: dict[str, float] = field(default_factory=dict, hash=False)
    files: tuple[str, ...] = ()
    entry: str = ""
    uses: tuple[Exercise, ...] = ()
    hooks: Hooks = field(default_factory=Hooks)
    learned: str = ""

    @property
    def file_names(self) -> tuple[str, ...]:
        """What may be handed in for it: one of these, or where it has several files, all of them.

        Of several they are paths, as far as the patterns fit what the course has.
        """
        if self.files:
            return expected_files(self.folder, self.files)
        kinds = (".ipynb",) if self.cells else (".py", ".ipynb")
        return tuple(f"{self.name}{kind}" for kind in kinds)

    @property
    def hidden_suite(self) -> Path:
        """The tests that decide the score."""
        return self.folder / "hidden" / f"{self.name}.py"

    @property
    def public_checks(self) -> Path:
        """The tests that students have too."""
        return self.folder / "checks" / f"{self.name}.py"

    @property
    def play(self) -> Path:
        """The cells behind the card of its notebook that nothing checks; they need not be there."""
        return self.folder / "play" / f"{self.name}.py"

    @property
    def picture(self) -> Path:
        """What the card of its notebook shows; it need not be there."""
        return self.folder / "pictures" / f"{self.name}.svg"

    @property
    def modules(self) -> dict[str, Path]:
        """The modules of its solution that students hand in, by path, where it has several."""
        names = (name for name in self.file_names if self.files and name not in self.given)
        return {name: root_of(self.folder, name) / name for name in names if name.endswith(".py")}

    @property
    def given_out(self) -> list[Path]:
        """The files of the course that students have as they are: given, or nothing to write in."""
        as_they_are = (name for name in self.modules if as_given_out(self.folder, name) is not None)
        return [*self.given.values(), *(self.modules[name] for name in as_they_are)]

    @property
    def all_used(self) -> tuple[Exercise, ...]:
        """The exercises that it builds on, and those that they build on, each once."""
        every = [each for used in self.uses for each in (*used.all_used, used)]
        return tuple(dict.fromkeys(every))

    @property
    def given(self) -> dict[str, Path]:
        """The modules that students are given with it, by their paths beside a submission."""
        return files_in(self.folder / "given" / self.name, "*.py")

    @property
    def all_given(self) -> dict[str, Path]:
        """The same, with those of the exercises that it builds on; its own come first."""
        earlier = {name: file for used in self.all_used for name, file in used.given.items()}
        return earlier | self.given

    @property
    def data(self) -> Path:
        """Where the course's own data are, which submissions may read; it need not be there."""
        return self.folder / "data"

    @property
    def counts(self) -> Counts:
        """What its hidden suite comes to.

        Where students have a course, no hidden suite is there, and what it came to is kept.

        Raises:
            UsageError: there is neither, or it can't be counted; the message names the file.
        """
        if self.hidden_suite.is_file():
            return counts_of_suite(self.hidden_suite)
        kept = self.folder / COUNTED
        if kept.is_file() and (found := tomllib.loads(kept.read_text("utf-8")).get(self.name)):
            return Counts(**found)
        raise UsageError(f"{self.name} has no hidden suite; expected {self.hidden_suite}")

    @property
    def code(self) -> CourseCode:
        """What of its course is run beside submissions and suites."""
        return CourseCode(self.folder, self.hooks)

    @property
    def points(self) -> float:
        """What its hidden tests add up to; raises as `counts` does."""
        return self.counts.points

    @property
    def hidden_tests(self) -> int:
        """How many there are; raises as `counts` does."""
        return self.counts.hidden_tests


@dataclass(frozen=True)
class Course:
    """A course.

    Attributes:
        title: what it is called.
        exercises: in their order.
        folder: where `course.toml` is, with `checks/` and `hidden/` beside it.
        solutions: the folder of the solutions.
        stubs: the folder of what is made from them.
        data: what submissions may read.
        hooks: which of its functions the grader asks.
        about: what students read of it first.
        requires: the packages that submissions import, as they are imported.
        late: what late work costs.
    """

    title: str
    exercises: tuple[Exercise, ...]
    folder: Path
    solutions: Path
    stubs: Path
    data: Path
    hooks: Hooks = field(default_factory=Hooks)
    about: str = ""
    requires: tuple[str, ...] = ()
    late: LatePolicy = field(default_factory=LatePolicy)

    @property
    def lacking(self) -> tuple[str, ...]:
        """Which of the packages that it requires can't be imported here."""
        return tuple(name for name in self.requires if find_spec(name) is None)

    def require_packages(self) -> None:
        """Do nothing where the packages that it requires are there.

        Raises:
            UsageError: they are not; every submission that imports them would fail.
        """
        if self.lacking:
            raise UsageError(
                f"the course requires {', '.join(self.lacking)}, which can't be imported here: "
                "install it beside the grader, so that no submission fails for want of it"
            )

    def __hash__(self) -> int:  # what is looked up by a course is looked up often
        return hash((self.title, self.folder))

    @property
    def code(self) -> CourseCode:
        """What of it is run beside submissions and suites."""
        return CourseCode(self.folder, self.hooks)

    def solution_of(self, exercise: Exercise) -> Path:
        """Return an exercise's solution; of several files the first.

        Raises:
            UsageError: there is none, or a file of it is not there; the message names the file.
        """
        expected = [self.solutions / f"{exercise.name}.py"]
        if exercise.files:
            expected = list(exercise.modules.values()) or [exercise.folder / exercise.files[0]]
        for file in expected:
            if not file.is_file():
                raise UsageError(f"{exercise.name} has no solution; expected {file}")
        return expected[0]

    def known(self, name: str) -> Exercise | None:
        """Return the exercise of a name, if there is one: results may be of one that is gone."""
        return next((each for each in self.exercises if each.name == name), None)

    def title_of(self, name: str) -> str:
        """Return an exercise's line in the reports; of one that is gone, its name."""
        exercise = self.known(name)
        return exercise.title if exercise else name

    def short(self, exercise: Exercise) -> str:
        """Return what is enough to name an exercise: `hw3`; or all of its name."""
        found = _NUMBERED.match(exercise.name)
        alike = self._numbered(found[0].lower()) if found else []
        return found[0] if found and len(alike) == 1 else exercise.name

    def sign(self, exercise: Exercise) -> str:
        """Return what stands for an exercise where there is little room: `03`, or a first word.

        What another exercise would have too stands for none.
        """
        sign = self._sign(exercise)
        alone = [self._sign(each) for each in self.exercises].count(sign) == 1
        return sign if alone else self.short(exercise)

    def _sign(self, exercise: Exercise) -> str:
        short = self.short(exercise)
        numbered = short != exercise.name
        return short.lstrip(string.ascii_letters) if numbered else short.partition("_")[0]

    def exercise_named(self, name: str) -> Exercise:
        """Return an exercise by name, number (`6`, `ex6`), or any beginning that only one has.

        Raises:
            UsageError: no exercise, or more than one, is meant; the message says which may be.
        """
        wanted = name.strip().lower()
        found = self._numbered(wanted) or [
            each for each in self.exercises if wanted and each.name.lower().startswith(wanted)
        ]
        whole = [each for each in found if each.name.lower() == wanted]
        if len(whole or found) == 1:
            return (whole or found)[0]
        if found:
            raise UsageError(f"{name!r} may be {', '.join(each.name for each in found)}: name one")
        raise UsageError(f"there is no exercise {name!r}; {self._meant(wanted)}")

    def exercises_named(self, names: Iterable[str]) -> tuple[Exercise, ...]:
        """Return exercises by names, several of which may stand in one (`hw3,hw6`), in order.

        Raises:
            UsageError: a name means none, or more than one.
        """
        parts = (part for name in names for part in name.split(",") if part.strip())
        wanted = {self.exercise_named(part) for part in parts}
        return tuple(exercise for exercise in self.exercises if exercise in wanted)

    def _numbered(self, wanted: str) -> list[Exercise]:
        """Return the exercises of a number, `6` or `ex6`, whatever zeros stand before it."""
        asked = _NUMBERED.fullmatch(wanted)
        if asked is None:
            return []
        numbers = [(each, _NUMBERED.match(each.name.lower())) for each in self.exercises]
        return [
            each for each, own in numbers if own and own[2] == asked[2] and asked[1] in {"", own[1]}
        ]

    def _meant(self, wanted: str) -> str:
        known = [each.name for each in self.exercises]
        words = {
            word: each.name
            for each in self.exercises
            for word in (each.name, self.short(each), each.name.partition("_")[2])
        }
        # a number that is not there is near to others, and none of them is meant
        is_number = _NUMBERED.fullmatch(wanted)
        near = [] if is_number else difflib.get_close_matches(wanted, words)
        close = dict.fromkeys(words[word] for word in near)
        return f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(known)}"
