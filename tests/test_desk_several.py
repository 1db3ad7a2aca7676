"""A student's desk with exercises of several files: what a check, a watch and a reset take."""

from __future__ import annotations

from contextlib import suppress
from queue import Empty, Queue
from typing import TYPE_CHECKING

import pytest
from several_course import FILES, course_in, lay_out

from grader.authoring import stale_stubs, write_stubs
from grader.desk.files import file_of, file_to_reset, files_to_check, folders_here, used_here
from grader.desk.given_out import is_untouched
from grader.desk.records import Checked, Place, State
from grader.desk.resetting import reset_exercise
from grader.desk.running import run_checks
from grader.desk.watch.saves import Saves
from grader.errors import UsageError
from grader.sandbox.limits import Limits

if TYPE_CHECKING:
    from pathlib import Path

    from grader.courses import Course, Exercise

NN = "minigrad/nn.py"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """Return a course in the folder that is worked in, with fresh stubs."""
    course = course_in(tmp_path)
    write_stubs(course)
    monkeypatch.chdir(tmp_path)
    return course


def work_on(course: Course, *names: str) -> None:
    """Have some of the files done."""
    lay_out(course.stubs, {name: FILES[name] for name in names})


def check(course: Course, name: str = "grad") -> Checked:
    """Check an exercise."""
    ((exercise, file),) = files_to_check(course, [name])
    return run_checks(course, exercise, file, Limits())


def test_an_exercise_is_untouched_until_one_of_its_files_was_worked_on(course: Course) -> None:
    """The file that stands for all is never the course's own solution."""
    exercise = course.exercises[1]
    first = file_of(course, exercise)
    assert first is not None
    assert first.as_posix() == "exercises/minigrad/__init__.py"
    assert is_untouched(course, exercise, first)

    work_on(course, NN)
    assert not is_untouched(course, exercise, first)


@pytest.mark.parametrize("name", ["grad", f"exercises/{NN}", "exercises/minigrad/engine.py"])
def test_a_check_takes_all_files_whichever_is_named(course: Course, name: str) -> None:
    """The place to edit is in the one where it failed, as the student calls it."""
    work_on(course, "units.py", "weights.bin")
    line = 1 + (course.stubs / NN).read_text().split("\n").index("def layer(x):")
    checked = check(course, name)

    assert checked.state is State.OPEN
    assert checked.place == Place(f"exercises/{NN}", line + 2)
    work_on(course, NN)
    assert check(course, name).state is State.DONE


def test_what_is_not_there_is_named(course: Course) -> None:
    """A module that is lacking is missing; data that are lacking are noted."""
    (course.stubs / NN).unlink()
    checked = check(course)

    assert {result.message.text for result in checked.results} == {
        f"There is no {NN} among your files."
    }
    assert checked.notes == ("There is no weights.bin among your files.",)


def test_a_given_module_that_was_changed_is_used_as_it_was_given_out(course: Course) -> None:
    """A check says so, as a grade does."""
    work_on(course, "units.py")
    (course.stubs / "helpers.py").write_text("def times(a, b): return 0")
    checked = check(course, "units")

    assert checked.state is State.DONE
    assert checked.notes == ("helpers.py was changed; it is used as it was given out.",)


def test_of_an_earlier_exercise_the_file_that_was_worked_on_is_used(course: Course) -> None:
    """As a grade takes it: a notebook where the module is as it was given out."""
    units, grad = course.exercises
    file = course.stubs / NN
    notebook = course.stubs / "units.ipynb"
    notebook.write_text(notebook.read_text().replace("raise NotImplementedError", "return 1 #"))

    assert used_here(course, grad, file) == [(units, notebook)]
    work_on(course, "units.py")
    assert used_here(course, grad, file) == [(units, course.stubs / "units.py")]


def test_another_content_of_any_file_is_another_content(course: Course) -> None:
    """So that a watch knows whether there is anything new."""
    contents = {check(course).content}
    for name in ("minigrad/engine.py", "weights.bin", "minigrad/more.py"):
        (course.stubs / name).write_text("factor = 1")
        contents.add(check(course).content)

    assert len(contents) == 4


def test_a_reset_puts_all_files_back(course: Course) -> None:
    """What the student had is kept beside each; one that is gone comes back."""
    (course.stubs / NN).write_text("x = 1")
    (course.stubs / "minigrad" / "engine.py").unlink()
    exercise, file = file_to_reset(course, "grad")
    said = reset_exercise(course, exercise, file)

    assert said.startswith("All files of grad are the original ones again. Your version is ")
    assert said.endswith("nn.py.backup-1.")
    assert stale_stubs(course) == []
    with pytest.raises(UsageError, match="is the course's solution, and no file to reset"):
        file_to_reset(course, NN)


def test_a_watch_hears_of_every_file(course: Course) -> None:
    """In the folders where they lie."""
    heard: Queue[Exercise] = Queue()
    saves = Saves(course, folders_here(course), heard.put)
    try:
        found: Exercise | None = None
        while found is None:  # until the thread has begun
            work_on(course, NN)
            with suppress(Empty):
                found = heard.get(timeout=0.2)
    finally:
        saves.stop()

    assert found == course.exercises[1]
