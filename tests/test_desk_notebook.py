"""Tests of the check cell, in a real kernel."""

from __future__ import annotations

import html
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from desk_course import course_in
from lab_notebooks import solved_lab
from nbclient import NotebookClient
from the_lab import LAB

from grader.courses.declared.table import read_table
from grader.guest.loading.sources import read_source

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
NAME = "ex04_autograd"
GIVEN_OUT = ROOT / "exercises" / f"{NAME}.ipynb"
RIGHT = "def gradient_of_mean_square(x):\n    return x * 2 / x.numel()\n"
STEP_S = 120


class Kernel:
    """A notebook in a running kernel.

    Attributes:
        number: that of the cell that was run last.
    """

    def __init__(self, client: NotebookClient, notebook: Any) -> None:
        self.number = 0
        self._client = client
        self._notebook = notebook

    def run(self, source: str) -> dict[str, str]:
        """Run a cell; return what it shows, by kind."""
        cell = nbformat.v4.new_code_cell(source)
        self._notebook.cells.append(cell)
        done = self._client.execute_cell(cell, len(self._notebook.cells) - 1)
        self.number = done.execution_count
        shown: dict[str, str] = {}
        for output in done.outputs:
            shown |= output.get("data", {})
            shown["printed"] = shown.get("printed", "") + output.get("text", "")
        return shown

    def given(self, id_: str) -> dict[str, str]:
        """Run a cell as it was given out."""
        (cell,) = (each for each in nbformat.read(GIVEN_OUT, 4).cells if each.id == id_)
        return self.run(cell.source)

    def check_cell(self) -> dict[str, str]:
        """Run the last cell that was given out."""
        return self.given("check")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a student's folder with the whole lab in it."""
    folder = tmp_path_factory.mktemp("jupyter")
    solved_lab(folder)
    return folder


@pytest.fixture(scope="module")
def kernel(folder: Path) -> Iterator[Kernel]:
    """Return a kernel that stands in the folder and has run all cells but the last."""
    notebook = nbformat.read(GIVEN_OUT, 4)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    notebook.cells = []
    place = {"metadata": {"path": str(folder)}}
    client = NotebookClient(notebook, timeout=STEP_S, resources=place, kernel_name="python3")
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "IPYTHONDIR": str(folder)}
    with client.setup_kernel(env=environment):
        running = Kernel(client, notebook)
        for source in cells[:-1]:
            running.run(source)
        yield running


def test_the_verdicts_are_shown_as_a_page_and_as_text(kernel: Kernel) -> None:
    """What is not written yet is said with the cell, behind those to play with, and its line."""
    kernel.given("answer-gradient_of_mean_square")
    place = f"In [{kernel.number}], line "
    shown = kernel.check_cell()
    hints = read_table(LAB.folder).starts["ex04_autograd"]["gradient_of_mean_square"]

    assert shown["text/html"].count("<details>") == 2
    assert all(html.escape(hint) in shown["text/html"] for hint in hints)
    assert hints[0] in " ".join(shown["text/plain"].split())
    assert shown["text/html"].count("not started") == 4
    assert place in shown["text/html"]
    assert shown["text/plain"].count("not started") == 4
    assert f"Next: edit {place}" in shown["text/plain"]
    for kind in ("text/html", "text/plain"):
        assert "then run your cells, then this one" in shown[kind]


def test_the_names_count_as_they_are_now(kernel: Kernel) -> None:
    """A cell that was run again is checked without a save, and a name that is gone is missed."""
    kernel.run(RIGHT)
    assert kernel.check_cell()["text/html"].count("passed") == 1 + 1  # a verdict, and the tally

    kernel.run(RIGHT.replace("/ x.numel()", ""))
    shown = kernel.check_cell()["text/html"]
    assert "wrong" in shown
    assert "yours: " in shown
    assert shown.count("<details>") == shown.count("</details>") == 2

    kernel.run("del gradient_of_mean_square")
    assert "The file has no `gradient_of_mean_square`" in kernel.check_cell()["text/plain"]


def test_an_exception_is_a_verdict(kernel: Kernel) -> None:
    """It is told with the cell and the line, and escaped."""
    kernel.run("def gradient_of_mean_square(x):\n    raise ValueError('<b>mine</b>')\n")
    shown = kernel.check_cell()["text/html"]

    assert "! crashed" in shown
    assert "raised ValueError: &lt;b&gt;mine&lt;/b&gt;" in shown
    assert ", line 2" in shown


def test_an_endless_loop_is_stopped(kernel: Kernel) -> None:
    """The kernel stays, and says where it was."""
    kernel.run(
        "from grader.desk.kernel import notebook\nnotebook.USUAL = notebook.Limits.of_call(0.5)"
    )
    kernel.run("def gradient_of_mean_square(x):\n    while True:\n        pass\n")
    shown = kernel.check_cell()["text/plain"]

    kernel.run("notebook.USUAL = notebook.Limits()")
    kernel.run(RIGHT)  # what is checked next waits for no loop
    assert "timed out" in shown
    assert ", line " in shown
    assert kernel.run("1 + 1")["text/plain"] == "2"


def test_checking_leaves_random_numbers_and_switches_alone(kernel: Kernel) -> None:
    """What the student draws next is what they would have drawn."""
    draw = "import random, numpy\nprint(torch.rand(1).item(), random.random(), numpy.random.rand())"
    seed = (
        "torch.manual_seed(1); random.seed(1); numpy.random.seed(1); torch.set_grad_enabled(False)"
    )
    kernel.run(draw)
    kernel.run(seed)
    expected = kernel.run(draw)["printed"]
    kernel.run(seed)
    kernel.check_cell()

    assert kernel.run(draw)["printed"] == expected
    assert kernel.run("print(torch.is_grad_enabled())")["printed"] == "False\n"
    kernel.run("torch.set_grad_enabled(True)")


def test_what_can_not_be_checked_is_a_sentence(kernel: Kernel) -> None:
    """No traceback of ours."""
    assert "there is no exercise 'ex99'" in kernel.run("%check ex99")["text/plain"]


def test_a_course_can_be_named(kernel: Kernel, folder: Path) -> None:
    """In front of the exercise or behind it."""
    course = course_in(folder / "another course")
    kernel.run("%load_ext grader.desk")
    kernel.run("def pairs(x):\n    return list(zip(x, x[1:]))")
    last = kernel.run(f'%check tokenizer --course "{course.folder}"')["text/html"]
    first = kernel.run(f'%check --course="{course.folder}" numpy_step')["text/html"]

    assert "<b>tokenizer</b> Byte pairs" in last
    assert "1 of 1 checks passed." in last
    assert "<b>You can now list pairs.</b>" in last
    assert "You can now" not in first
    assert "<b>Next:</b> that was the last exercise: hand in your files." in last
    assert "The file has no `step`" in first


def test_the_whole_lab_is_checked_as_it_was_saved(kernel: Kernel) -> None:
    """Each of its tasks is judged right after its cell, so it is run from its top, elsewhere.

    Ten digits, the counts of each class and the losses are drawn, as on a report's page.
    """
    shown = kernel.run("%check lab_training")["text/html"]

    assert "Checked: lab_training.ipynb as saved at " in shown
    assert "6 of 6 checks passed." in shown
    assert shown.count("<figure ") == 3


def test_the_copy_in_which_the_command_stands_is_checked(kernel: Kernel, folder: Path) -> None:
    """The cells that the kernel has run tell it from the notebook beside it."""
    lab = folder / "lab_training.ipynb"
    copy = lab.with_stem("lab_training-Copy1")
    notebook = nbformat.read(lab, 4)
    notebook.cells.append(nbformat.v4.new_code_cell("mine = 1"))
    ask = (
        "from grader.desk.kernel.kernel_notebook import notebook_of\n"
        "from grader.courses import carried_course\n"
        "lab = carried_course()\n"
        "print(notebook_of(lab, lab.exercise_named('lab'), get_ipython()))"
    )
    nbformat.write(notebook, copy)
    os.utime(copy, (1, 1))

    assert kernel.run(ask)["printed"] == f"{lab.name}\n"
    kernel.run("mine = 1")
    assert kernel.run(ask)["printed"] == f"{copy.name}\n"
    copy.unlink()


def test_where_no_notebook_is_saved_the_kernel_is_checked(kernel: Kernel) -> None:
    """Colab and Kaggle keep it elsewhere; what the names are worth now is said, and no more."""
    kernel.run(
        "%load_ext grader.desk\nimport os\nos.environ['KAGGLE_KERNEL_RUN_TYPE'] = 'Interactive'\n"
        "from torch import nn\nlayers = nn.Linear(784, 9), nn.ReLU(), nn.Linear(9, 9), nn.ReLU()\n"
        "model = nn.Sequential(*layers, nn.Linear(9, 10), nn.LogSoftmax(dim=1))\n"
        "criterion = nn.NLLLoss()\noptimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
    )
    shown = kernel.run("%check lab_training")["text/plain"]
    kernel.run("del os.environ['KAGGLE_KERNEL_RUN_TYPE']")

    assert [shown.count(word) for word in ("✓ passed", "✗ wrong")] == [4, 2]
    assert "of 300 new digits; a trained one" in " ".join(shown.split())
    assert "epochs and" not in shown
    assert "lab_training.ipynb" not in shown


def test_a_file_beside_the_notebook_is_named(kernel: Kernel, folder: Path) -> None:
    """The names work here, and would not where the notebook is graded."""
    (folder / "my_layers.py").write_text("def block(): ...\n", encoding="utf-8")
    kernel.run("from my_layers import block as piece")
    shown = kernel.check_cell()["text/html"]
    kernel.run("del piece")

    assert "<b>Note:</b> my_layers.py lies beside the notebook, and only the notebook" in shown
    assert "<b>Note:</b>" not in kernel.check_cell()["text/html"]


def test_a_check_cell_that_is_handed_in_is_set_aside_without_a_word() -> None:
    """In a notebook, and in a notebook that was saved as a script."""
    source = read_source(GIVEN_OUT.name, GIVEN_OUT.read_bytes(), notebook=True)

    assert source.notes == ()
    assert "pass  # %check ex04_autograd" in source.text


def test_a_notebook_with_its_check_cell_passes_in_a_local_run(tmp_path: Path) -> None:
    """It does not check itself once more."""
    from grader.courses import carried_course
    from grader.desk.running import run_checks
    from grader.sandbox.limits import Limits

    notebook = nbformat.read(GIVEN_OUT, 4)
    for cell in notebook.cells:
        if cell.id == "answer-gradient_of_mean_square":
            cell.source = RIGHT
    file = tmp_path / GIVEN_OUT.name
    nbformat.write(notebook, file)
    lab = carried_course()
    checked = run_checks(lab, lab.exercise_named(NAME), file, Limits())
    verdicts = [each.verdict for each in checked.results]

    assert verdicts == ["passed", "not_started", "not_started", "not_started"]
