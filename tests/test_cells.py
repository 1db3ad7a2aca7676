"""The whole lab's file of cells becomes a notebook with two answer cells."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from the_lab import LAB, exercise_named

from grader.authoring import AuthoringError, make_cells_notebook

SOLUTION = Path(__file__).resolve().parents[1] / "solutions" / "lab_training.py"
SOURCE = '''"""Numbers.

About numbers.
"""

# %% imports
import math

# %% [markdown] about
# ## A number
#
# Choose one.

# %% number
x = 1
### BEGIN SOLUTION
y = math.pi
### END SOLUTION
z = 2
'''


def made(source: str, *, solved: bool = False) -> dict[str, tuple[str, str]]:
    """Make a notebook and return each cell's kind and text by its id."""
    notebook = make_cells_notebook(source, "lab_numbers", solved=solved)
    nbformat.validate(notebook)
    return {cell.id: (cell.cell_type, cell.source) for cell in notebook.cells}


def test_cells_come_in_order_and_texts_lose_their_comment_signs() -> None:
    """The card is first, the check last, and what stands between is the file's."""
    cells = made(SOURCE)

    assert list(cells) == ["card", "imports", "about", "number", "check"]
    assert cells["card"] == ("markdown", "# Numbers\n\nAbout numbers.")
    assert cells["imports"] == ("code", "import math")
    assert cells["about"] == ("markdown", "## A number\n\nChoose one.")
    assert cells["check"][1].endswith("\n%check lab_numbers")


def test_an_answer_is_left_out_for_students_and_kept_in_the_solution() -> None:
    """Neither notebook shows a marker."""
    _, open_cell = made(SOURCE)["number"]
    _, solved_cell = made(SOURCE, solved=True)["number"]

    assert open_cell == (
        'x = 1\n# YOUR CODE HERE\nraise NotImplementedError("number is not written yet")\nz = 2'
    )
    assert solved_cell == "x = 1\ny = math.pi\nz = 2"


def test_the_answer_to_the_labs_first_task_stands_in_none_of_its_cells() -> None:
    """Who scrolls down finds no network that could be copied up."""
    notebook = nbformat.read(LAB.stubs / "lab_training.ipynb", 4)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]

    assert len(code) > 10
    assert not [each for each in code if re.search("log_?softmax|nll_?loss", each, re.IGNORECASE)]


def test_the_labs_answer_cells_have_the_ids_that_it_is_graded_by() -> None:
    """Metadata of nbgrader, schema 3, stand on the answer cells alone."""
    notebook = make_cells_notebook(SOLUTION.read_text(encoding="utf-8"), "lab_training")
    nbgrader = [cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata]

    assert exercise_named("lab_training").cells == tuple(cell.grade_id for cell in nbgrader)
    assert [(cell.schema_version, cell.solution) for cell in nbgrader] == [(3, True)] * 2


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        pytest.param("# %% imports", "# %%", 6, "a name of its own", id="no-name"),
        pytest.param("# %% imports", "# %% number", 14, "a name of its own", id="same-name"),
        pytest.param("### END SOLUTION\n", "", 16, "unclosed", id="unclosed"),
        pytest.param('"""Numbers.\n\nAbout numbers.\n"""', "", 1, "no docstring", id="no-card"),
        pytest.param("x = 1", "x = (", 15, "not Python", id="not-python"),
    ],
)
def test_a_file_out_of_order_is_refused(old: str, new: str, place: int, reason: str) -> None:
    """The message begins with `file:line`."""
    with pytest.raises(AuthoringError, match=rf"^lab_numbers\.py:{place}: .*{reason}"):
        made(SOURCE.replace(old, new))


def test_a_file_without_an_answer_is_refused() -> None:
    """A lab in which nothing is to be written is a mistake of its author's."""
    source = "\n".join(line for line in SOURCE.splitlines() if "SOLUTION" not in line)

    with pytest.raises(AuthoringError, match="nothing to write"):
        made(source)
