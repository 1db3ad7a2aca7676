"""What a watch knows: the files, what their checks gave, and which exercise is looked at."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from grader.desk.files import file_of
from grader.desk.given_out import content_of, is_untouched
from grader.desk.history import History
from grader.desk.records import State, digest
from grader.desk.wording import hints_shown, which_counts

if TYPE_CHECKING:
    from pathlib import Path

    from grader.courses import Course, Exercise
    from grader.desk.records import Checked

__all__ = ["Session"]


class Ask(Protocol):
    """Has a file checked, before all others where somebody waits for it."""

    def __call__(self, exercise: Exercise, file: Path, *, first: bool) -> None:
        """Ask for it."""


class Session:
    """The state of a watch; it shows nothing and waits for nothing.

    Attributes:
        course: what is worked on.
        exercises: which of its exercises, in their order.
        current: the exercise that is looked at; None until the first open one is found.
        results: what the checks gave, by exercise.
        checking: since when each result is waited for, in seconds of the monotonic clock.
        files: where each exercise is worked on.
        choices: which of an exercise's files counts, as a sentence, where two were changed.
    """

    def __init__(self, course: Course, ask: Ask, exercises: tuple[Exercise, ...] = ()) -> None:
        self.course = course
        self.exercises = exercises or course.exercises
        self.current: Exercise | None = None
        self.results: dict[str, Checked] = {}
        self.checking: dict[str, float] = {}
        self.files: dict[str, Path] = {}
        self.choices: dict[str, str] = {}
        self._ask = ask
        self._untouched: set[str] = set()
        self._history = History()
        self._steps: dict[str, int] = {}

    def begin(self) -> None:
        """Find the files, have checked what was worked on, and look at the first that is open."""
        for exercise in self.exercises:
            if file := file_of(self.course, exercise):
                self._found(exercise, file)
                if exercise.name not in self._untouched:
                    self.check(exercise)
        self._settle()

    def _found(self, exercise: Exercise, file: Path) -> None:
        self.files[exercise.name] = file
        self.choices[exercise.name] = which_counts(self.course, exercise, file)
        self._untouched.discard(exercise.name)
        if is_untouched(self.course, exercise, file):
            self._untouched.add(exercise.name)

    def _settle(self) -> None:
        """Look at the first exercise that is not done, once all before it are known."""
        if self.current is not None:
            return
        for exercise in self.exercises:
            state = self.state(exercise)
            if state is State.RUNNING:
                return
            if state not in {State.DONE, State.ABSENT, State.BROKEN}:
                self.look_at(exercise)
                return
        self.look_at(self.exercises[-1])

    def states(self) -> dict[str, State]:
        """Return how far each exercise is."""
        return {exercise.name: self.state(exercise) for exercise in self.exercises}

    def state(self, exercise: Exercise) -> State:
        """Return how far an exercise is."""
        if exercise.name not in self.files:
            return State.ABSENT
        if exercise.name in self._untouched:
            return State.UNTOUCHED
        checked = self.results.get(exercise.name)
        return checked.state if checked else State.RUNNING

    def look_at(self, exercise: Exercise) -> None:
        """Make an exercise the current one, and have it checked if it was not."""
        self.current = exercise
        known = exercise.name in self.results or exercise.name in self.checking
        if exercise.name in self.files and not known:
            self.check(exercise)

    def go(self, step: int) -> None:
        """Look at an exercise further on, or further back."""
        place = self.exercises.index(self.current) + step if self.current else 0
        self.look_at(self.exercises[min(max(place, 0), len(self.exercises) - 1)])

    def check(self, exercise: Exercise) -> None:
        """Have an exercise checked."""
        self.checking[exercise.name] = time.monotonic()
        self._ask(exercise, self.files[exercise.name], first=exercise == self.current)

    def saved(self, exercise: Exercise) -> bool:
        """Take note of a save or a loss; return whether there is anything new in it."""
        if exercise not in self.exercises:
            self._check_what_uses(exercise)
            return False
        file = file_of(self.course, exercise)
        content = _digest(exercise, file) if file else None
        if file is None or content is None:
            return self._lost(exercise)
        checked, before = self.results.get(exercise.name), self.choices.get(exercise.name)
        same_file = self.files.get(exercise.name) == file
        if exercise.name in self.files and not same_file:
            self.results.pop(exercise.name, None)  # the other file's
        seen = same_file and checked is not None and checked.content == content
        self._found(exercise, file)
        known = seen and exercise.name not in self.checking
        if known and self.choices[exercise.name] == before:
            return False
        self.current = exercise
        if not known:
            self.check(exercise)
            self._check_what_uses(exercise)
        return True

    def _check_what_uses(self, exercise: Exercise) -> None:
        """Have checked again what builds on an exercise, in which there is something new."""
        for later in self.exercises:
            if exercise in later.all_used and later.name in self.results:
                self.check(later)

    def _lost(self, exercise: Exercise) -> bool:
        """Forget an exercise whose files are gone."""
        if exercise.name not in self.files:
            return False
        del self.files[exercise.name]
        self.results.pop(exercise.name, None)
        self.checking.pop(exercise.name, None)
        return True

    def took(self, checked: Checked) -> None:
        """Take in a result."""
        self.checking.pop(checked.exercise, None)
        if checked.exercise in self.files:
            self.results[checked.exercise] = checked
            self._steps[checked.exercise] = self._history.hint_step(checked)
        self._settle()

    @property
    def shown(self) -> Checked | None:
        """The result of the exercise that is looked at."""
        return self.results.get(self.current.name) if self.current else None

    @property
    def waited_s(self) -> float | None:
        """For how long the result of the exercise that is looked at is waited for, if it is."""
        since = self.checking.get(self.current.name) if self.current else None
        return None if since is None else time.monotonic() - since

    @property
    def hint_step(self) -> int:
        """Up to which step its hint is shown."""
        return self._steps.get(self.current.name, 1) if self.current else 1

    def more_hint(self) -> bool:
        """Show the next step of its hint; return whether there was one."""
        steps = len(hints_shown(self.course, self.shown, None)) if self.shown else 0
        if self.current is None or self.hint_step >= steps:
            return False
        self._steps[self.current.name] = self.hint_step + 1
        return True


def _digest(exercise: Exercise, file: Path) -> str | None:
    try:
        return digest(content_of(exercise, file))
    except OSError:
        return None
