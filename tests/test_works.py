"""Right and wrong works: what stands in a course's folder, and what would be handed in."""

from __future__ import annotations

import ast
import json
import re
from typing import TYPE_CHECKING

import pytest
from the_lab import EXERCISES, LAB

from grader.authoring import handed_in, solved
from grader.authoring.cells import cells_laid_over
from grader.authoring.laying import laid_over
from grader.authoring.regions import AuthoringError
from grader.authoring.starting import parts_without_hints
from grader.courses import carried_course, load_course, works_of
from grader.courses.declared.table import read_table
from grader.courses.mistakes import known_mistakes
from grader.errors import UsageError
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from grader.courses import Course

COURSE = """\
version = 1
title = "Networks"

[[exercises]]
name = "hw1_mean"
title = "The mean"

[[exercises]]
name = "hw2_net"
title = "A network"
files = ["net/*.py"]
entry = "net"
"""
SOLUTION = '''\
"""The mean.

It is what the errors.mean() of a tensor is.
"""

import torch
from torch import Tensor

SCALE = 2.0


def mean(errors: Tensor) -> Tensor:
    """Average them."""
    ### BEGIN SOLUTION
    scaled = errors * SCALE
    return scaled.mean() / SCALE
    ### END SOLUTION


class Net:
    """A network."""

    def __init__(self) -> None:
        self.seen = 0

    @property
    def depth(self) -> int:
        return 1

    def forward(self, x: Tensor) -> Tensor:
        ### BEGIN SOLUTION
        return x + mean(x)
        ### END SOLUTION
'''
LISTED = 'fingerprints = ["0123456789abcdef"]\n'
PLAIN = re.sub(r" *### \w+ SOLUTION\n", "", SOLUTION)
TABLE = """\
[sum-not-mean]
sentence = "Your result equals the sum."
hints = ["a", "b", "c"]

[[sum-not-mean.wrong]]
exercise = "hw1"
edit = ["scaled.mean()", "scaled.sum()"]
test = "test_mean"
lost = 2

[[sum-not-mean.wrong]]
exercise = "hw1_mean"
name = "summed-by-hand"
test = "test_mean"
verdict = "crashed"

[[wrong]]
exercise = "hw1"
name = "something-else"
edit = ["return x + mean(x)", "return x"]
test = "test_net"

[[right]]
exercise = "hw1"
name = "other-order"
edit = ["errors * SCALE", "SCALE * errors", "scaled.mean() / SCALE", "(scaled / SCALE).mean()"]

[not-started.hw1_mean]
mean = ["a", "b"]
"Net.forward" = ["a", "b", "c"]
"""
SUITE = "def test_mean(student): ...\n\ndef test_net(student): ...\n"
OVERLAY = '"""By hand."""\n\ndef mean(errors):\n    return sum(errors)\n'
CELLS = '''\
"""A notebook."""

# %% first
import torch

# %% mine
given = 1
### BEGIN SOLUTION
answer = given + 1
### END SOLUTION

# %% last
print(answer)
'''


def course_in(folder: Path, table: str = TABLE) -> Course:
    """Write a course with an exercise of one file and one of two, and their works."""
    files = {
        "course.toml": COURSE,
        "mistakes.toml": table,
        "hw1_mean.py": SOLUTION,
        "hidden/hw1_mean.py": SUITE,
        "wrong/hw1_mean/summed-by-hand.py": OVERLAY,
        "right/hw1_mean/as-taught.py": "def mean(errors):\n    return errors.mean()\n",
        "net/__init__.py": "from net.layers import f\n",
        "net/layers.py": "def f(x):\n    return x\n\n\ndef g(x):\n    return -x\n",
        "right/hw2_net/other-sign/net/layers.py": "def g(x):\n    return 0 - x\n",
        "right/hw2_net/other-sign/net/more.py": "Z = 1\n",
    }
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return load_course(folder)


def refusal(course: Course) -> str:
    """Return what is said of the works of a course's first exercise."""
    with pytest.raises(UsageError, match=r".") as refused:
        [handed_in(course, work) for work in works_of(course, course.exercises[0])]
    assert "\n" not in str(refused.value)
    return str(refused.value).replace(f"{course.folder}/", "")


def test_a_course_names_general_mistakes_in_its_own_words_or_in_none(tmp_path: Path) -> None:
    """Works of one need no words; where a course has some, they count."""
    work = '[[input-asked.wrong]]\nexercise = "hw1"\nedit = ["mean", "sum"]\ntest = "test_mean"\n'
    borrowed = course_in(tmp_path / "borrowed", f"{TABLE}\n{work}")
    words = '[input-asked]\nsentence = "No."\nhints = ["a", "b", "c"]\n'
    own = course_in(tmp_path / "own", f"{TABLE}\n{words}\n{work}")
    entry, slug, _ = read_table(borrowed.folder).entries[-1]

    assert (slug, entry.exercise) == ("input-asked", "hw1")
    assert known_mistakes(borrowed)["input-asked"].sentence.startswith("Your code calls `input()`")
    assert known_mistakes(own)["input-asked"].sentence == "No."


def test_works_are_what_table_and_folders_say(tmp_path: Path) -> None:
    """One mistake may be made in several ways; a right work is a file and no more."""
    course = course_in(tmp_path)
    works = works_of(course, course.exercises[0])

    assert [(each.name, each.mistake, each.test, each.verdict, each.lost) for each in works] == [
        ("something-else", None, "test_net", Verdict.WRONG, None),
        ("sum-not-mean", "sum-not-mean", "test_mean", Verdict.WRONG, 2),
        ("summed-by-hand", "sum-not-mean", "test_mean", Verdict.CRASHED, None),
        ("as-taught", None, "", Verdict.PASSED, None),
        ("other-order", None, "", Verdict.PASSED, None),
    ]
    assert [each.is_right for each in works] == [False, False, False, True, True]


def test_a_work_is_the_solution_with_its_change_and_without_markers(tmp_path: Path) -> None:
    """It looks as a student would hand it in."""
    course = course_in(tmp_path)
    texts = {
        work.name: handed_in(course, work)["hw1_mean.py"]
        for work in works_of(course, course.exercises[0])
    }

    assert solved(course, course.exercises[0]) == {"hw1_mean.py": PLAIN}
    assert texts["sum-not-mean"] == PLAIN.replace("scaled.mean()", "scaled.sum()")
    assert texts["other-order"] == PLAIN.replace("errors * SCALE", "SCALE * errors").replace(
        "scaled.mean() / SCALE", "(scaled / SCALE).mean()"
    )
    assert "def mean(errors):\n    return sum(errors)\n\n\nclass Net:" in texts["summed-by-hand"]
    assert "By hand." not in texts["summed-by-hand"]
    assert "Average them." not in texts["summed-by-hand"]


def test_of_several_files_each_is_changed_by_its_path(tmp_path: Path) -> None:
    """What differs is a folder; what is not in it stays, and a new file is added."""
    course = course_in(tmp_path)
    (work,) = works_of(course, course.exercises[1])

    assert handed_in(course, work) == {
        "net/__init__.py": "from net.layers import f\n",
        "net/layers.py": "def f(x):\n    return x\n\n\ndef g(x):\n    return 0 - x\n",
        "net/more.py": "Z = 1\n",
    }


def test_of_several_files_one_alone_does_not_say_which_it_is(tmp_path: Path) -> None:
    """A folder does."""
    course = course_in(tmp_path)
    (tmp_path / "right" / "hw2_net" / "alone.py").write_text("Z = 1\n", encoding="utf-8")
    work = works_of(course, course.exercises[1])[0]

    with pytest.raises(UsageError, match=r"alone\.py: what differs in several files is a folder"):
        handed_in(course, work)


@pytest.mark.parametrize(
    ("overlay", "old", "new"),
    [
        ("def mean(errors):\n    return 1\n", None, None),
        (
            "class Net:\n    def forward(self, x):\n        return x\n",
            "    def forward(self, x: Tensor) -> Tensor:\n        return x + mean(x)\n",
            "    def forward(self, x):\n        return x\n",
        ),
        (
            "class Net(list):\n    @cached\n    def depth(self):\n        return 2\n\n"
            "    def more(self):\n        return 3\n",
            None,
            None,
        ),
        ("SCALE = 3.0\n", "SCALE = 2.0\n", "SCALE = 3.0\n"),
        ("import math\nimport torch\n", "import Tensor\n", "import Tensor\nimport math\n"),
        (
            "HALF = 0.5\n\n\n# a comment\n@twice\ndef mean(errors):\n    return HALF\n",
            None,
            None,
        ),
        ("def helper():\n    return 1\n", None, None),
    ],
    ids=["function", "method", "bases", "constant", "import", "new-before", "new-at-the-end"],
)
def test_what_is_laid_over_takes_its_place(overlay: str, old: str | None, new: str | None) -> None:
    """Everything of the overlay is there once, in a module that is Python, and all else stays."""
    laid = laid_over(PLAIN, overlay)
    names = [node.name for node in ast.parse(laid).body if isinstance(node, ast.FunctionDef)]

    assert len(names) == len(set(names))
    assert laid.startswith('"""The mean.\n')
    assert laid.count("class Net") == 1
    if old and new:
        assert laid == PLAIN.replace(old, new)


def test_new_things_stand_where_they_are_needed() -> None:
    """A constant before the function whose decorator needs it, a method at the class's end."""
    over = (
        "LAZY = 1\n\n\n# why\n@cache(LAZY)\ndef mean(e):\n    return 1\n\n\ndef last():\n    pass\n"
    )
    laid = laid_over(PLAIN, over)
    bases = laid_over(PLAIN, "class Net(list):\n    def more(self):\n        return 3\n")

    assert "SCALE = 2.0\n\n\nLAZY = 1\n\n\n# why\n@cache(LAZY)\ndef mean(e):\n" in laid
    assert laid.endswith("return x + mean(x)\n\n\ndef last():\n    pass\n")
    assert 'class Net(list):\n    """A network."""\n\n    def __init__' in bases
    assert [node.name for node in ast.parse(bases).body[-1].body[1:]] == [  # type: ignore[attr-defined] # a class
        "__init__",
        "depth",
        "forward",
        "more",
    ]


def test_a_name_that_is_bound_twice_is_bound_twice() -> None:
    """A function and what is made of it follow one another in the place of the first."""
    laid = laid_over(PLAIN, "def mean(e):\n    return 1\n\n\nmean = slow(mean)\n")

    assert "def mean(e):\n    return 1\n\nmean = slow(mean)\n\n\nclass Net:" in laid


def test_a_cell_takes_the_place_of_what_is_marked_in_its_own() -> None:
    """What is given around it stays; a cell without marks is replaced as a whole."""
    laid = cells_laid_over(CELLS, "# %% mine\nanswer = 3\n\n# %% first\nimport math\n", "over")

    assert laid == CELLS.replace("answer = given + 1", "answer = 3").replace("torch", "math")
    with pytest.raises(AuthoringError, match=r"over\.py:1: there is no cell 'nine'; there are"):
        cells_laid_over(CELLS, "# %% nine\nanswer = 3\n", "over")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("hints", "hinst", "line 3: 'hinst' is not known here; did you mean 'hints'?"),
        ('["a", "b", "c"]', '["a"]', "line 3: 'hints' must be a list of three steps"),
        (
            '"c"]\n',
            '"c"]\nfingerprints = ["123"]\n',
            "line 4: 'fingerprints' must be a list of fingerprints, of 16 digits 0-9a-f",
        ),
        (
            '"c"]\n',
            f'"c"]\n{LISTED}[a-b]\nsentence = "A."\nhints = ["a", "b"]\n{LISTED}',
            "line 8: the fingerprint 0123456789abcdef is listed at 'sum-not-mean' already",
        ),
        ("[sum-not-mean]\n", "[sum]\n", "line 1: 'sum' is no mistake's name"),
        ("[[right]]", "[[rigth]]", "line 23: 'rigth' is no mistake's name"),
        ('edit = ["scaled', 'edti = ["scaled', "line 7: 'edti' is not known here; did you mean"),
        (', "scaled.sum()"]', "]", "line 7: 'edit' must be a list of an old text and the new one"),
        ('["scaled.mean()"', '["skaled.mean()"', "line 7: the old text 'skaled.mean()' does not"),
        ('["scaled.mean()"', '["scaled"', "line 7: the old text 'scaled' stands 2 times in hw1_"),
        (
            '"scaled.sum()"',
            '"scaled.sum("',
            "what comes of the change in hw1_mean.py is not Python: invalid syntax in 'return sc",
        ),
        ('"test_mean"\nlost', '"test_maen"\nlost', "line 8: hw1_mean has no hidden test 'test_m"),
        ('exercise = "hw1"\nedit', 'exercise = "hw9"\nedit', "line 6: there is no exercise 'hw9'"),
        ("lost = 2", "lost = 0", "line 9: 'lost' must be a number of points"),
        ('"crashed"', '"passed"', "line 15: 'verdict' must be one of wrong, crashed"),
        ("something-else", "sum-not-mean", "hw1_mean has a work 'sum-not-mean' already"),
        ('name = "something-else"\n', "", "line 17: the work has no 'name'"),
        ("summed-by-hand", "by-hand", "'by-hand' has no edit, and there is no file wrong/hw1_mean"),
        (
            'verdict = "crashed"',
            'edit = ["SCALE = 2.0", ""]',
            "'summed-by-hand' has an edit, and there is a file wrong/hw1_mean/summed-by-hand.py",
        ),
        ('"errors * SCALE", "S', '"scaled.mean()", "S', "two of the old texts overlap"),
        ('mean = ["a", "b"]', 'mean = ["a"]', "line 29: 'mean' must be a list of three steps: wh"),
        ('mean = ["a", "b"]', 'mean = "a"', "line 29: 'mean' must be a list of three steps: wha"),
        ("[not-started.hw1_mean]", "[not-started]", "line 29: `[not-started.EXERCISE]` has a li"),
    ],
)
def test_a_typo_in_a_work_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    """One line: the file, the line, what is wrong, and what was meant where that is likely."""
    assert old in TABLE
    words = refusal(course_in(tmp_path, TABLE.replace(old, new, 1)))

    assert words.startswith("mistakes.toml, line ")
    assert said in words


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("hw1_mean]", "hw1_maen]", "line 28: there is no exercise 'hw1_maen'; did you mean 'hw1_m"),
        ("mean =", "maen =", "line 29: hw1_mean has no 'maen' to write; did you mean 'mean'?"),
    ],
)
def test_a_hint_for_what_is_not_there_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    """A function that has none is told of where another one has some."""
    course = course_in(tmp_path)
    assert not parts_without_hints(course, course.exercises[0])

    table = TABLE.replace("mean = [", "# mean = [")
    (tmp_path / "mistakes.toml").write_text(table, encoding="utf-8")
    assert parts_without_hints(course, course.exercises[0]) == ("mean",)

    (tmp_path / "mistakes.toml").write_text(TABLE.replace(old, new), encoding="utf-8")
    with pytest.raises(UsageError, match=re.escape(said)):
        parts_without_hints(course, course.exercises[0])


def test_an_old_text_that_is_nearly_there_is_told(tmp_path: Path) -> None:
    """The line that was meant, and where a text stands that is there more than once."""
    course = course_in(tmp_path, TABLE.replace('"scaled.mean()"', '"return scaled.mean()/ SCALE"'))
    assert "did you mean 'return scaled.mean() / SCALE'?" in refusal(course)

    course = course_in(tmp_path, TABLE.replace('["scaled.mean()"', '["errors"'))
    assert "stands 3 times in hw1_mean.py, in lines 3, 12, 15: take more" in refusal(course)


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("wrong/hw1_mean/nobody.py", "X = 1\n", "wrong/hw1_mean/nobody.py: nothing says what it"),
        ("wrong/hw1_maen/a.py", "X = 1\n", "wrong/hw1_maen: there is no exercise 'hw1_maen'; did"),
        ("right/hw1_mean/bad.py", "X = (\n", "right/hw1_mean/bad.py, line 1: this is not Python"),
        (
            "right/hw1_mean/other-order.py",
            "",
            "has an edit, and there is a file right/hw1_mean/oth",
        ),
    ],
)
def test_a_file_that_is_no_work_is_told(tmp_path: Path, file: str, text: str, said: str) -> None:
    """Nobody looks for it in vain."""
    course = course_in(tmp_path)
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text(text, encoding="utf-8")

    assert said in refusal(course)


def test_a_notebook_stands_for_itself(tmp_path: Path) -> None:
    """One that no cell of the solution is like is handed in as it is."""
    course = course_in(tmp_path)
    notebook = json.dumps({"cells": [], "nbformat": 4, "nbformat_minor": 5})
    (tmp_path / "right" / "hw1_mean" / "whole.ipynb").write_text(notebook, encoding="utf-8")
    work = works_of(course, course.exercises[0])[-1]

    assert handed_in(course, work) == {"hw1_mean.ipynb": notebook}


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_every_work_of_the_lab_can_be_handed_in(exercise: object) -> None:
    """Each is another file than the solution and than all others."""
    course = carried_course()
    found = course.exercise_named(getattr(exercise, "name", ""))
    works = works_of(course, found)
    texts = [tuple(handed_in(course, work).values()) for work in works]

    assert {work.mistake for work in works} - {None} <= known_mistakes(LAB).keys()
    assert len({*texts, tuple(solved(course, found).values())}) == len(works) + 1
