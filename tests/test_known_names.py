"""Names of files as students, browsers and platforms change them: which exercise is meant."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from the_lab import EXERCISES, LAB

from grader.courses.known_names import ASSUMED, COPY, LEFTOVER, kind_of, known_as

ACCEPTED = {
    "ex01.py": ("ex01_losses", ASSUMED),
    "EX1.PY": ("ex01_losses", ASSUMED),
    "ex1_losses.py": ("ex01_losses", ASSUMED),
    "ex01-losses.py": ("ex01_losses", ASSUMED),
    "ex01 losses.py": ("ex01_losses", ASSUMED),
    "Ex1Losses.py": ("ex01_losses", ASSUMED),
    "ex01_loss.py": ("ex01_losses", ASSUMED),
    "ex03_logsoftmax.py": ("ex03_log_softmax", ASSUMED),
    "ex01_losses_final.py": ("ex01_losses", ASSUMED),
    "ex01_losses_v2.py": ("ex01_losses", ASSUMED),
    "ex01_losses_solution.py": ("ex01_losses", ASSUMED),
    "Kim_ex01_losses.ipynb": ("ex01_losses", ASSUMED),
    "ex01_losses_kim_park.py": ("ex01_losses", ASSUMED),
    "ex01_losses_20260017.py": ("ex01_losses", ASSUMED),
    "lab.ipynb": ("lab_training", ASSUMED),
    "Lab_final.ipynb": ("lab_training", ASSUMED),
    "Lab_Training(2).ipynb": ("lab_training", COPY),
    "ex01_losses - Kopie.py": ("ex01_losses", COPY),
    "Kopie von ex01_losses.ipynb": ("ex01_losses", COPY),
    "Copia de ex01_losses.py": ("ex01_losses", COPY),
    "Copie de ex01_losses.py": ("ex01_losses", COPY),
    "ex01_losses 副本.py": ("ex01_losses", COPY),
    "ex01_losses副本.py": ("ex01_losses", COPY),
    "ex01_losses - コピー.py": ("ex01_losses", COPY),
    "张三ex01_losses.py": ("ex01_losses", ASSUMED),
    "hw1_losses.py": ("ex01_losses", ASSUMED),
    "losses_ex01.py": ("ex01_losses", ASSUMED),
    "1_losses.py": ("ex01_losses", ASSUMED),
    "Exercise 01 losses.ipynb": ("ex01_losses", ASSUMED),
    "ex01_losses[1].py": ("ex01_losses", COPY),
    "ex01_losses.ipynb.json": ("ex01_losses", COPY),
    "ex01_losses.py.py": ("ex01_losses", COPY),
    "ex01_losses_old.py": ("ex01_losses", LEFTOVER),
    "ex01_losses.backup.py": ("ex01_losses", LEFTOVER),
    "ex10.py": ("ex10_prediction", ASSUMED),
}
REFUSED = (
    "test_ex01_losses.py",
    "check_ex01_losses.py",
    "ex01_losses_ex02_heads.py",
    "ex01_plot.py",
    "ex10_losses.py",
    "ex2_1_losses.py",
    "xex01_losses.py",
    "losses_ex02.py",
    "lab_training.py",
    "lab2.ipynb",
    "my lab notes.ipynb",
    "ex01_losses.html",
    "ex01_losses.py.zip",
    "losses.py",
    "01.py",
    "ex01_losses",
    "",
    ".py",
)


@pytest.mark.parametrize(("name", "meant"), ACCEPTED.items())
def test_a_name_that_somebody_changed_is_known(name: str, meant: tuple[str, int]) -> None:
    """And how surely."""
    known = known_as(name, LAB)

    assert known is not None
    assert (known.exercise, known.distance) == meant


@pytest.mark.parametrize("name", REFUSED)
def test_a_name_that_means_something_else_is_not_guessed(name: str) -> None:
    """Two exercises, a test, a plot, another language."""
    assert known_as(name, LAB) is None


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda each: each.name)
def test_each_exercise_is_known_by_its_own_names(exercise: object) -> None:
    """Exactly, whatever the others are called."""
    for name in getattr(exercise, "file_names", ()):
        known = known_as(name, LAB)
        assert known is not None
        assert (known.exercise + known.kind, known.distance, known.others) == (name, 0, ())


def test_whose_a_file_is_stands_in_its_other_words() -> None:
    """Versions and copies are nobody's names; a student's number is one."""
    known = known_as("Kim_Park_ex01_losses_final (2).py", LAB)
    assert known is not None
    assert (known.others, known.number) == (("Kim", "Park"), 2)

    known = known_as("ex01_losses_20260017.py", LAB)
    assert known is not None
    assert (known.others, known.number) == (("20260017",), 0)


@given(st.text(max_size=400))
@example("ex01_losses" * 30 + ".py")
@example("ex" * 149 + ".py")
@example("\N{ARABIC LETTER ALEF}ex01_losses\N{RIGHT-TO-LEFT OVERRIDE}.py")
@example("ex\N{SUPERSCRIPT ONE}.py")
@example(".py" * 100)
def test_no_name_is_too_strange(name: str) -> None:
    """Whatever is in it, it means an exercise or none."""
    known = known_as(name, LAB)
    assert known is None or known.exercise in {each.name for each in EXERCISES}
    assert kind_of(name) in {"", ".py", ".ipynb"}


@pytest.mark.parametrize(
    "name", [f"ex 1 {'a 1 ' * 60}.py", "ex1" * 90 + ".py", "\ufdfa" * 280 + ".py"]
)
def test_a_name_of_very_many_words_is_no_exercises(name: str) -> None:
    """Students may hand in thousands of them, and each would take a while."""
    assert known_as(name, LAB) is None
