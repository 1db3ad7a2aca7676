"""Cells that are there to be played with: where they stand, what they may hold, what they draw."""

from __future__ import annotations

import ast
import re
import sys
from typing import TYPE_CHECKING

import nbformat
import pytest
import torch
from the_lab import EXERCISES, LAB

import grader
from grader import play
from grader.authoring import AuthoringError, stale_stubs, write_stubs
from grader.courses import Course, Exercise
from grader.guest.loading.standins import stand_ins
from grader.runs.store import suite_digest

if TYPE_CHECKING:
    from pathlib import Path

SOLUTION = '''"""Halving.

How to halve.
"""


def half(x):
    """Halve."""
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION
'''
PLAY = '''"""Play cells of halving."""

# %% [markdown] about-sizes
# ## Play
#
# Turn the number.

# %% sizes
from grader.play import play


@play
def play_sizes():
    print("drawn")
'''
FAILING = """
from grader.play import play, show_curves

@play
def cell():
    raise ValueError

show_curves({}, x="", y="")
"""
LINES = 15  # of a cell, without blank ones: what is longer is not read before it is played with
WHERE_MISSING = 3  # more, for those who do not have the lab
PLAYED = [each for each in EXERCISES if each.play.is_file()]
CELLS = [
    cell
    for each in PLAYED
    for cell in nbformat.read(LAB.stubs / f"{each.name}.ipynb", 4).cells
    if "play" in cell.metadata.get("tags", ())
]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Return a course of one exercise with play cells, and its notebook."""
    (tmp_path / "play").mkdir()
    (tmp_path / "hw9_half.py").write_text(SOLUTION, encoding="utf-8")
    (tmp_path / "play" / "hw9_half.py").write_text(PLAY, encoding="utf-8")
    half = Exercise("hw9_half", "Half", tmp_path)
    made = Course("A course", (half,), tmp_path, tmp_path, tmp_path / "exercises", tmp_path)
    write_stubs(made)
    return made


def rewrite(course: Course, text: str) -> None:
    """Write other play cells."""
    course.exercises[0].play.write_text(text, encoding="utf-8")


def test_play_cells_stand_behind_the_card_and_are_no_answers(course: Course) -> None:
    """The module has none of them; the notebook is valid, and says of each what it is."""
    notebook = nbformat.read(course.stubs / "hw9_half.ipynb", 4)
    nbformat.validate(notebook)
    card, text, code, *_ = notebook.cells

    assert card.source.startswith("# Halving")
    assert (text.cell_type, text.source) == ("markdown", "## Play\n\nTurn the number.")
    assert code.source.startswith(
        "try:\n    from grader.play import play\nexcept ModuleNotFoundError"
    )
    assert code.metadata == {"tags": ["play", "raises-exception"]}
    assert "play" not in (course.stubs / "hw9_half.py").read_text("utf-8")


def test_without_the_lab_a_play_cell_says_what_to_upload(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in Colab, which has torch and no grader; nothing is said of a module's name."""
    monkeypatch.setitem(sys.modules, "grader.play", None)  # as one that is not there
    cells = nbformat.read(course.stubs / "hw9_half.ipynb", 4).cells

    with pytest.raises(
        ModuleNotFoundError, match=r"^Upload lab.zip, then run %pip install"
    ) as raised:
        exec(cells[2].source, {})  # noqa: S102 - the test's own
    assert raised.value.__suppress_context__


def test_a_changed_play_cell_makes_the_notebook_stale_and_regrades_nothing(course: Course) -> None:
    """What grades an exercise again does not know of it."""
    exercise = course.exercises[0]
    for suite in (exercise.hidden_suite, exercise.public_checks):
        suite.parent.mkdir()
        suite.write_text('"""None yet."""\n', encoding="utf-8")
    before = suite_digest(exercise)
    rewrite(course, PLAY.replace("drawn", "drawn better"))

    assert stale_stubs(course) == [course.stubs / "hw9_half.ipynb"]
    assert suite_digest(exercise) == before


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("", "half.py:1", "expected a line `# %% NAME`"),
        ("import torch\n" + PLAY, "half.py:1", "expected a line `# %% NAME`"),
        (PLAY.replace("# %% sizes", "# %%"), "half.py:8", "expected `# %% NAME`"),
        (PLAY.replace("# %% sizes", "# %% about-sizes"), "half.py:8", "a name of its own"),
        (PLAY.replace("def play_sizes", "def"), "half.py:13", "not Python"),
        (PLAY.replace('print("drawn")', "half(2)"), "half.py:14", "half is a name of the exercise"),
        (
            PLAY.replace("def play_sizes", "def half"),
            "half.py:13",
            "expected imports, and functions",
        ),
        (PLAY.replace("@play", "@torch.no_grad()"), "half.py:13", "with `@play` above them"),
        (PLAY + "\n\nx = 1\n", "half.py:17", "expected imports, and functions"),
        (PLAY + "### BEGIN SOLUTION\n### END SOLUTION\n", "half.py:15", "nothing to write"),
    ],
)
def test_what_can_be_no_play_cell_is_refused(
    course: Course, text: str, place: str, reason: str
) -> None:
    """The message begins with file and line."""
    rewrite(course, text)

    with pytest.raises(AuthoringError, match=rf"^play/hw9_{re.escape(place)}: .*{reason}"):
        write_stubs(course)


def test_a_play_file_of_no_exercise_is_refused(course: Course) -> None:
    """As after a typo in its name."""
    course.exercises[0].play.rename(course.folder / "play" / "hw9_haf.py")

    with pytest.raises(AuthoringError, match=r"^play/hw9_haf.py: no exercise of this name"):
        write_stubs(course)


def test_where_work_is_graded_nothing_of_a_play_cell_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its import works, and the function that it decorates is not called."""
    monkeypatch.setattr(grader, "play", play)  # and back: a package knows its modules
    monkeypatch.delitem(sys.modules, "grader.play")
    with stand_ins():
        exec(FAILING, {})  # noqa: S102 - the test's own


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: str(cell.id))
def test_each_play_cell_of_the_lab_is_short_and_runs_by_itself(
    cell: nbformat.NotebookNode, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing was written or run before it, and it leaves no name but its imports and its own."""
    if cell.cell_type == "code":
        names: dict[str, object] = {}
        exec(cell.source, names)  # noqa: S102 - the lab's own
        own = [node.name for node in ast.parse(cell.source).body if hasattr(node, "name")]

        lines = [line for line in cell.source.splitlines() if line.strip()]
        assert len(lines) <= LINES + ("try:" in lines) * WHERE_MISSING
        assert capsys.readouterr().out
        assert [name for name in own if names[name] is not None] == []


def test_the_lab_has_cells_to_play_with() -> None:
    """Where turning a number teaches something."""
    assert {"ex03", "ex05", "ex07", "ex09"} <= {each.name[:4] for each in PLAYED}
    assert len(CELLS) >= len(PLAYED)


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the pages of what is drawn from now on."""
    pages: list[str] = []
    monkeypatch.setattr(
        "IPython.display.display", lambda picture: pages.append(picture._repr_html_())
    )
    return pages


def test_a_picture_has_what_it_shows_and_leaves_out_what_is_not_finite(pages: list[str]) -> None:
    """Curves that run off to infinity are drawn as far as they are finite; names are escaped."""
    infinite = torch.tensor([1.0, 2.0, float("inf"), float("nan")])
    play.show_curves({"<a>": (range(4), infinite)}, dots={"b": ([0.5], [1.5])}, x="t", y="f")
    play.show_curves({"none": ([], [])}, x="t", y="f")
    page = pages[0]

    assert ">f against t: &lt;a&gt;, b</desc>" in page
    assert re.findall(r'd="(M[^"]+)" class="own one"', page)[0].count("L") == 1  # two points
    assert page.count("<circle") == 1
    assert "<a>" not in page
    assert "nan" not in page + pages[1]
    assert "inf" not in page + pages[1]


def test_digits_are_told_right_or_wrong_in_words_too(pages: list[str]) -> None:
    """Colour alone says nothing; an empty image is no error."""
    images = torch.zeros(2, 3, 3)
    images[1, 1] = 1
    play.show_digits(images, torch.tensor([7, 3]), torch.tensor([7, 5]))

    assert ">✓ 7; ✗ 3, not 5</desc>" in pages[0]
    assert pages[0].count('class="ink"') == 1  # a row of three pixels


def test_a_table_shows_the_sums_of_its_rows_and_columns(pages: list[str]) -> None:
    """That is what a softmax along the wrong dimension is known by."""
    play.show_table(torch.tensor([[0.25, 0.75], [0.5, 1.0]]), rows=["a", "b"], columns=["c", "d"])

    assert re.findall(r">([^<>]+)</text>", pages[0]) == (
        ["c", "d", "sum", "a", "0.25", "0.75", "1", "b", "0.5", "1", "1.5", "sum", "0.75", "1.75"]
    )
