"""A course of one exercise that its suite proves, to be broken in one place at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.courses import load_course

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from grader.courses import Course

__all__ = ["FILES", "course_in", "notebook_in"]

FILES = {
    "course.toml": """
version = 1
title = "Steps"

[[exercises]]
name = "hw1"
title = "One step"
""",
    "hw1.py": '''"""One step."""

import torch


def stepped(x: torch.Tensor, lr: float) -> torch.Tensor:
    """Take a step down."""
    ### BEGIN SOLUTION
    return x - lr
    ### END SOLUTION
''',
    "mistakes.toml": """
[step-uphill]
sentence = "The step goes up."
hints = ["Which way is down?", "Look at the sign.", "There is a plus."]

[[step-uphill.wrong]]
exercise = "hw1"
edit = ["x - lr", "x + lr"]
test = "test_the_step_goes_down"
lost = 3

[[wrong]]
exercise = "hw1"
name = "two-steps"
edit = ["x - lr", "x - 2 * lr"]
test = "test_the_step_goes_down"

[[right]]
exercise = "hw1"
name = "harmless-sum"
edit = ["x - lr", "x + (-lr)"]
""",
    "accepted.toml": "",
    "kit/__init__.py": "",
    "kit/numbers.py": '''"""Numbers."""

import torch


def numbers(seed, n):
    """Draw some."""
    return torch.randn(n, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
''',
    "hidden/hw1.py": '''"""Hidden tests."""

from kit.numbers import numbers

from grader.suite import expect, expect_each, points


@points(2)
def test_the_step_goes_down(student):
    """The step goes down."""
    expect_each(
        student.stepped,
        [(numbers(1, 3), 0.5), (numbers(2, 4), 0.25)],
        right=lambda x, lr: x - lr,
        mistakes={"step-uphill": lambda x, lr: x + lr},
    )


@points(1)
def test_the_old_place_stays(student):
    """The tensor that was given is not changed."""
    answer = student.stepped(numbers(3, 3), 1.0)
    expect(answer).equals(numbers(3, 3) - 1.0)
    expect(answer).leaves_arguments_alone()
''',
    "checks/hw1.py": '''"""Public checks."""

from kit.numbers import numbers

from grader.suite import expect


def test_a_step(student):
    """One step."""
    expect(student.stepped(numbers(4, 2), 0.5)).equals(numbers(4, 2) - 0.5)
''',
}


NOTEBOOK = {
    "course.toml": """
version = 1
title = "Numbers"

[[exercises]]
name = "nb"
title = "Two numbers"
cells = ["first", "second"]
""",
    "nb.py": '''"""Two numbers."""

# %% imports
import torch

# %% first
### BEGIN SOLUTION
x = torch.tensor([1.5, 2.5])
### END SOLUTION

# %% second
### BEGIN SOLUTION
y = x + 1.0
print("y is", x + 1.0)
### END SOLUTION
''',
    "mistakes.toml": """
[twice-as-much]
sentence = "It is twice as much."
hints = ["How much?", "Look at the number.", "It is more."]

[[twice-as-much.wrong]]
exercise = "nb"
edit = ["1.5", "3.0"]
test = "test_the_first"
""",
    "hidden/nb.py": '''"""Hidden tests."""

import torch

from grader.suite import after, expect, points


@points(1)
@after("first")
def test_the_first(student):
    """The first numbers."""
    expect(student["x"]).equals(
        torch.tensor([1.5, 2.5]), mistakes={"twice-as-much": torch.tensor([3.0, 2.5])}
    )


@points(1)
@after("second")
def test_the_second(student):
    """The second numbers."""
    expect(student["y"]).equals(
        torch.tensor([2.5, 3.5]), mistakes={"twice-as-much": torch.tensor([0.5, 1.5])}
    )
''',
}
NOTEBOOK["checks/nb.py"] = NOTEBOOK["hidden/nb.py"].replace("@points(1)\n", "")


def course_in(folder: Path, *changes: tuple[str, str, str]) -> Course:
    """Write the course into a folder, changed, and load it.

    Args:
        folder: an empty one.
        changes: file, old text, new text; without an old text, the new one is added to the file.
    """
    return _written(folder, FILES, changes)


def notebook_in(folder: Path, *changes: tuple[str, str, str]) -> Course:
    """Write a course of one notebook, which names falsely, likewise."""
    return _written(folder, NOTEBOOK, changes)


def _written(
    folder: Path, files: Mapping[str, str], changes: Iterable[tuple[str, str, str]]
) -> Course:
    texts = dict(files)
    for file, old, new in changes:
        assert old in texts[file], file
        texts[file] = texts[file].replace(old, new) if old else texts[file] + new
    for file, text in texts.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load_course(folder)
