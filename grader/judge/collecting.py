"""What pytest has collected: the tests of each exercise, or what keeps a suite from being used.

A suite that is missing or broken is a fault of ours in its own exercise; the others are graded.
"""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING, Any

import pytest

from grader.asking.probes import ProbeFunction
from grader.courses.code.course_code import CourseCode
from grader.courses.declared.declaring import is_taken
from grader.errors import InfrastructureError
from grader.guest.rails import unknown_functions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from grader.courses import Exercise

__all__ = ["Suites", "is_public"]

CHECKS = "checks"  # the folder of the public ones


class Suites:
    """A plugin of pytest's.

    Attributes:
        there: the files that pytest is to collect.
    """

    def __init__(self, files: Iterable[Path]) -> None:
        self._items: dict[tuple[str, bool], list[pytest.Item]] = {}
        self._broken: dict[tuple[str, bool], str] = {}
        self.there: list[Path] = []
        for file in files:
            if file.is_file():
                self.there.append(file)
            else:
                self._break(file, "there is no such file")

    def tests_of(self, exercise: Exercise, *, public: bool) -> list[pytest.Item]:
        """Return the collected tests of an exercise."""
        return self._items.get((exercise.name, public), [])

    def require(self, exercise: Exercise, *, public: bool) -> None:
        """Do nothing where the suite can be used.

        Raises:
            InfrastructureError: it can't, or the course switches off what torch does not have, or
                gives out what can't be imported; the message names the file or the function.
        """
        if unknown := unknown_functions(exercise.switched_off):
            raise InfrastructureError(
                f"{exercise.folder / 'course.toml'}: {exercise.name} switches off {unknown[0]!r}, "
                "and torch has no such function"
            )
        for file in (path for name, path in exercise.all_given.items() if is_taken(name)):
            raise InfrastructureError(f"{file} has the name of a module that is there: rename it")
        if broken := self._broken.get((exercise.name, public)):
            raise InfrastructureError(f"a suite could not be collected: {broken}")

    def _break(self, file: Path, reason: str) -> None:
        """Keep the first reason why a suite can't be used."""
        self._broken.setdefault(_place(file), f"{file}: {reason}")

    def pytest_exception_interact(
        self,
        node: pytest.Item | pytest.Collector,
        call: pytest.CallInfo[Any],
        report: pytest.CollectReport | pytest.TestReport,
    ) -> None:
        """Keep what kept a suite from being collected."""
        if isinstance(report, pytest.CollectReport) and call.excinfo is not None:
            self._break(node.path, _reason(call.excinfo.value, node.path))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Sort the collected tests by exercise and kind, and look at their probes."""
        for item in session.items:
            self._items.setdefault(_place(item.path), []).append(item)
        for file in self.there:
            if _place(file) not in self._items:
                self._break(file, "it holds no test")
        modules = {item.getparent(pytest.Module) for item in session.items}
        for module in filter(None, modules):
            self._check_probes(module)

    def _check_probes(self, module: pytest.Module) -> None:
        """Refuse a suite with a probe that would fail beside a submission, in its name."""
        course = CourseCode(module.path.parents[1])
        if unfit := course.unfit_for_guests(module.path):
            words = f"a module in `beside` imports {', '.join(unfit)}, which no submission has"
            self._break(module.path, words)
        shared = (sys.modules[name] for name in course.kit_of(module.path) if name in sys.modules)
        for probe in (value for each in (module.obj, *shared) for value in vars(each).values()):
            if isinstance(probe, ProbeFunction):
                try:
                    _ = probe.code
                except InfrastructureError as error:
                    self._break(module.path, str(error))


def is_public(item: pytest.Item) -> bool:
    """Whether a test is a public check, by the folder it stands in."""
    return _place(item.path)[1]


def _place(file: Path) -> tuple[str, bool]:
    """Return the exercise that a suite's file belongs to, and whether its tests are public."""
    return file.stem, file.parent.name == CHECKS


def _reason(error: BaseException, file: Path) -> str:
    """Say what a suite raised in one line, and in which of its own."""
    cause = error.__cause__ or error.__context__ or error
    frames = traceback.extract_tb(cause.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(file)]
    line = f"line {lines[-1]}: " if lines else ""
    return f"{line}{type(cause).__name__}: {cause}"
