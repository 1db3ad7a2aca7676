"""Solutions become stubs and notebooks; markers out of order are refused."""

from __future__ import annotations

import ast
import re
import sys
import time
from dataclasses import replace
from inspect import signature
from pathlib import Path
from types import FunctionType

import nbformat
import pytest
from several_course import course_in

from grader.authoring import AuthoringError, make_notebook, make_stub, stale_stubs, write_stubs
from grader.courses import Course, Exercise, carried_course
from grader.errors import UsageError

ROOT = Path(__file__).resolve().parents[1]
STUBS = ROOT / "exercises"
SOLUTIONS = sorted((ROOT / "solutions").glob("ex*.py"))
SOLUTION = '''"""Halving.

How to halve.
"""

import torch


# Halves are exact.
def half(x: torch.Tensor) -> torch.Tensor:
    """Halve a tensor."""
    if x.numel():
        ### BEGIN SOLUTION
        y = x / 2
        return y
        ### END SOLUTION
    return x


def quarter(x: torch.Tensor) -> torch.Tensor:
    """Halve it twice."""
    ### BEGIN SOLUTION
    return half(half(x))
    ### END SOLUTION
'''
STUB = '''"""Halving.

How to halve.
"""

import torch


# Halves are exact.
def half(x: torch.Tensor) -> torch.Tensor:
    """Halve a tensor."""
    if x.numel():
        # YOUR CODE HERE
        raise NotImplementedError("half is not written yet")
    return x


def quarter(x: torch.Tensor) -> torch.Tensor:
    """Halve it twice."""
    # YOUR CODE HERE
    raise NotImplementedError("quarter is not written yet")
'''
BEGIN, END = "    ### BEGIN SOLUTION\n", "    ### END SOLUTION\n"
DEF, BODY = "def f():\n", "    return 1\n"
every_solution = pytest.mark.parametrize("solution", SOLUTIONS, ids=lambda path: path.stem)


def stub_of(solution: Path) -> str:
    """Make the stub of a solution in the repository."""
    return make_stub(solution.read_text(encoding="utf-8"), solution.stem)


def functions_of(source: str) -> dict[str, FunctionType]:
    """Run a module's source and return the functions that it defines."""
    namespace: dict[str, object] = {"__name__": "stub"}
    exec(compile(source, "stub.py", "exec"), namespace)  # noqa: S102 - generated from our own files
    return {name: value for name, value in namespace.items() if isinstance(value, FunctionType)}


def code_cells(source: str, name: str) -> list[nbformat.NotebookNode]:
    """Return the code cells of a solution's notebook."""
    return [cell for cell in make_notebook(source, name).cells if cell.cell_type == "code"]


def test_only_the_marked_regions_are_replaced() -> None:
    """A region becomes a NotImplementedError, indented as its marker; the rest stays."""
    assert make_stub(SOLUTION, "ex99_half") == STUB


@pytest.mark.parametrize(
    ("source", "place", "reason"),
    [
        pytest.param(DEF + BEGIN + BODY + BEGIN + END, 4, "nested .* line 2", id="nested"),
        pytest.param(DEF + BODY + END, 3, "stray", id="stray"),
        pytest.param(DEF + BEGIN + BODY, 2, "unclosed", id="unclosed"),
        pytest.param(DEF + "    return 1  ### BEGIN SOLUTION\n", 2, "line of its own", id="inline"),
        pytest.param(DEF + "    # BEGIN SOLUTION\n" + BODY, 2, "line of its own", id="misspelled"),
        pytest.param(BEGIN + "x = 1\n" + END, 1, "not part of a function", id="module-level"),
        pytest.param(
            DEF + BEGIN + BODY + DEF + BODY + END, 2, "after .* in line 4", id="two-functions"
        ),
        pytest.param(
            "class A:\n" + BEGIN + "    x = 1\n" + END, 2, "not part of a function", id="class"
        ),
        pytest.param("x = 1\n", 1, "nothing to write", id="no-region"),
        pytest.param("x = 1\ndef f(:\n", 2, "not Python", id="not-python"),
        pytest.param(
            DEF + "    x = [\n" + BEGIN + "    1\n" + END + "    ]\n",
            4,
            "not Python",
            id="in-brackets",
        ),
    ],
)
def test_bad_markers_are_refused_with_file_and_line(source: str, place: int, reason: str) -> None:
    """The message begins with `file:line` and says what is wrong there."""
    with pytest.raises(AuthoringError, match=rf"^ex99_f\.py:{place}: .*{reason}"):
        make_stub(source, "ex99_f")


CLASSES = '''"""Counting.

One class.
"""


class Counter:
    """Counts."""

    def __init__(self) -> None:
        """Begin."""
        self.count = 0

    def up(self) -> int:
        """Count."""
        ### BEGIN SOLUTION
        self.count += 1
        return self.count
        ### END SOLUTION
'''
HELPER = "\n\ndef given(x):\n    return x + 1\n"
WRITTEN = """    def up(self) -> int:
        \"\"\"Count.\"\"\"
        # YOUR CODE HERE
        raise NotImplementedError("Counter.up is not written yet")"""


def test_a_method_can_be_what_is_to_be_written() -> None:
    """The rest of its class is given, and so is a function without a region."""
    stub = make_stub(CLASSES + HELPER, "ex99_count")

    assert "        self.count = 0\n" in stub
    assert "self.count += 1" not in stub
    assert stub.endswith(f"{WRITTEN}\n{HELPER}")


def test_a_notebook_of_classes_has_one_cell_a_class() -> None:
    """What is to be written is an answer cell; a given function has a cell of its own."""
    _, counter, given, _ = code_cells(CLASSES + HELPER, "ex99_count")

    assert counter.source.startswith("class Counter:")
    assert counter.source.endswith(WRITTEN)
    assert counter.metadata.nbgrader.grade_id == "ex99_count-Counter"
    assert (given.source, given.metadata) == (HELPER.strip(), {})
    assert code_cells(CLASSES, "ex99_count")[1].source == counter.source


@every_solution
def test_a_stub_holds_no_line_of_the_solution(solution: Path) -> None:
    """No line of a marked region is left, unless it stands outside the regions too."""
    text = solution.read_text(encoding="utf-8")
    regions = re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", text, re.DOTALL)
    secret = {line.strip() for region in regions for line in region.splitlines()} - {""}
    outside = re.sub(r"### BEGIN SOLUTION\n.*?### END SOLUTION", "", text, flags=re.DOTALL)
    common = {line.strip() for line in outside.splitlines()}

    assert secret - common
    assert not (secret - common) & {line.strip() for line in stub_of(solution).splitlines()}


@every_solution
def test_every_stub_function_is_not_started(solution: Path) -> None:
    """Each function of a stub raises NotImplementedError with its name, whatever it is given."""
    functions = functions_of(stub_of(solution))

    assert functions
    for name, function in functions.items():
        with pytest.raises(NotImplementedError, match=f"^{name} is not written yet$"):
            function(*[None] * len(signature(function).parameters))


def is_for_types_only(node: ast.stmt) -> bool:
    """Whether a statement is `if TYPE_CHECKING:`, which nobody runs."""
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


@every_solution
def test_a_stub_imports_only_torch_and_the_standard_library(solution: Path) -> None:
    """Students need nothing else installed."""
    tree = ast.parse(stub_of(solution))
    tree.body = [node for node in tree.body if not is_for_types_only(node)]
    plain = [a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names]
    others = [str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]

    assert {name.partition(".")[0] for name in plain + others} <= {
        "torch",
        *sys.stdlib_module_names,
    }


@every_solution
def test_a_stub_is_imported_within_a_second_and_without_torchvision(
    solution: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside torch itself, which a process imports once, a stub costs next to nothing."""
    monkeypatch.setitem(sys.modules, "torchvision", None)  # an import of it fails
    start = time.process_time()
    exec(stub_of(solution), {"__name__": solution.stem})  # noqa: S102 - our own file

    assert time.process_time() - start < 1


@every_solution
def test_a_notebook_is_valid_and_carries_no_outputs(solution: Path) -> None:
    """The notebook passes nbformat's schema, and nothing in it was run."""
    notebook = make_notebook(solution.read_text(encoding="utf-8"), solution.stem)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]

    assert notebook.metadata.kernelspec.name == "python3"
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)


@every_solution
def test_a_notebook_runs_to_the_same_functions_as_the_stub(solution: Path) -> None:
    """Without its check cell, the notebook's code defines what the module defines."""
    text = solution.read_text(encoding="utf-8")
    *code, _check = code_cells(text, solution.stem)
    functions = functions_of("\n\n".join(cell.source for cell in code))
    expected = functions_of(stub_of(solution))

    assert list(functions) == list(expected)
    assert {n: f.__doc__ for n, f in functions.items()} == {
        n: f.__doc__ for n, f in expected.items()
    }


def test_a_notebook_begins_with_the_card() -> None:
    """The module's docstring becomes a markdown cell with its first line as the heading."""
    card = make_notebook(SOLUTION, "ex99_half").cells[0]

    assert (card.cell_type, card.source) == ("markdown", "# Halving\n\nHow to halve.")


def test_a_notebook_has_one_cell_a_function() -> None:
    """Imports, each function with the comment above it, and the checks have a cell each."""
    imports, half, quarter, check = code_cells(SOLUTION, "ex99_half")

    assert imports.source == "import torch"
    assert half.source.startswith("# Halves are exact.\ndef half(")
    assert half.source.endswith("return x")
    assert quarter.source.startswith("def quarter(")
    assert check.source.endswith("\n%load_ext grader.desk\n%check ex99_half")


def test_answer_cells_carry_nbgraders_metadata() -> None:
    """An answer cell is a solution cell of nbgrader's schema 3, named after its function."""
    marked = [cell for cell in code_cells(SOLUTION, "ex99_half") if "nbgrader" in cell.metadata]
    flags = {"grade": False, "solution": True, "locked": False, "task": False, "schema_version": 3}
    grade_ids = ["ex99_half-half", "ex99_half-quarter"]

    assert [cell.metadata.nbgrader for cell in marked] == [
        flags | {"grade_id": grade_id} for grade_id in grade_ids
    ]


def test_a_notebook_without_a_card_is_refused() -> None:
    """A solution needs a docstring to make the card of."""
    with pytest.raises(AuthoringError, match=r"^ex99_f\.py:1: there is no docstring"):
        make_notebook(DEF + BEGIN + BODY + END, "ex99_f")


@pytest.fixture
def lab(tmp_path: Path) -> Course:
    """Return a course of one solution, with what was generated from it."""
    solutions, exercises = tmp_path / "solutions", tmp_path / "exercises"
    solutions.mkdir()
    (solutions / "ex99_half.py").write_text(SOLUTION, encoding="utf-8")
    half = Exercise("ex99_half", "Half", tmp_path)
    course = Course("A course", (half,), tmp_path, solutions, exercises, tmp_path / "data")
    write_stubs(course)
    return course


def test_write_stubs_writes_both_files(lab: Course) -> None:
    """A solution gives a module and a notebook, and their paths come back."""
    exercises = lab.stubs
    written = write_stubs(lab)

    assert written == [exercises / "ex99_half.ipynb", exercises / "ex99_half.py"]
    assert (exercises / "ex99_half.py").read_text(encoding="utf-8") == STUB


def test_writing_again_gives_the_same_bytes(lab: Course) -> None:
    """Nothing in a generated file depends on the time or on chance."""
    exercises = lab.stubs
    before = {path.name: path.read_bytes() for path in exercises.iterdir()}
    write_stubs(lab)

    assert before == {path.name: path.read_bytes() for path in exercises.iterdir()}


def test_fresh_stubs_are_not_stale(lab: Course) -> None:
    """What was just written is current, and a notebook of another name beside it is no one's."""
    exercises = lab.stubs
    (exercises / "my_notes.ipynb").write_text("{}", encoding="utf-8")

    assert stale_stubs(lab) == []


def test_changed_missing_and_left_over_files_are_stale(lab: Course) -> None:
    """Every difference is named by its path."""
    exercises = lab.stubs
    (exercises / "ex99_half.py").write_text(STUB + "# mine\n", encoding="utf-8")
    (exercises / "ex99_half.ipynb").unlink()
    (exercises / "ex98_gone.py").write_text("", encoding="utf-8")
    names = ["ex98_gone.py", "ex99_half.ipynb", "ex99_half.py"]

    assert stale_stubs(lab) == [exercises / name for name in names]


def test_a_bad_solution_leaves_every_file_as_it_was(lab: Course) -> None:
    """One solution with markers out of order stops all writing."""
    (lab.solutions / "ex10_new.py").write_text(SOLUTION, encoding="utf-8")
    (lab.solutions / "ex99_half.py").write_text(SOLUTION + BEGIN, encoding="utf-8")
    new = replace(lab.exercises[0], name="ex10_new")
    with pytest.raises(AuthoringError, match=r"^ex99_half\.py:25: unclosed"):
        write_stubs(replace(lab, exercises=(new, *lab.exercises)))

    assert not (lab.stubs / "ex10_new.py").exists()


def test_stubs_are_made_for_exercises_of_any_name(lab: Course) -> None:
    """And for a notebook of cells, wherever the course says that an exercise is one."""
    for name in ("hw1_mean", "moons"):
        (lab.solutions / f"{name}.py").write_text(SOLUTION, encoding="utf-8")
    others = [replace(lab.exercises[0], name=name) for name in ("hw1_mean", "moons")]
    course = replace(lab, exercises=(*lab.exercises, *others))
    written = [file.name for file in write_stubs(course)]

    assert {"hw1_mean.py", "hw1_mean.ipynb", "moons.py", "moons.ipynb"} < {*written}
    assert stale_stubs(course) == []


def test_a_solution_that_the_course_does_not_name_is_told(lab: Course) -> None:
    """It would get no stub, and nobody would know; what has nothing to write is no solution."""
    (lab.solutions / "helper.py").write_text("x = 1\n", encoding="utf-8")
    assert stale_stubs(lab) == []

    (lab.solutions / "hw1_mean.py").write_text(SOLUTION, encoding="utf-8")
    for each in (stale_stubs, write_stubs):
        with pytest.raises(AuthoringError, match=r"^hw1_mean\.py:1: course\.toml has no exercise"):
            each(lab)


def test_exercises_are_current() -> None:
    """`exercises/` is what the solutions make; `python -m grader stubs` writes it anew."""
    assert stale_stubs(carried_course()) == []


def test_the_demos_untouched_stubs_are_the_present_ones() -> None:
    """Its third student has written nothing."""
    files = sorted((ROOT / "data" / "demo_class" / "student-03").iterdir())
    stale = [file for file in files if file.read_bytes() != (STUBS / file.name).read_bytes()]

    assert files
    assert stale == [], "copy these files from exercises/ again"


def test_an_exercise_of_several_files_has_their_stubs_and_what_is_given_out(
    tmp_path: Path,
) -> None:
    """A file without a region stays as it is; one that is left over among them is stale."""
    course = course_in(tmp_path)
    written = {path.relative_to(course.stubs).as_posix() for path in write_stubs(course)}

    assert {"minigrad/__init__.py", "minigrad/engine.py", "minigrad/nn.py", "helpers.py"} < written
    assert stale_stubs(course) == []
    text = (course.stubs / "minigrad" / "nn.py").read_text()
    assert text.count("raise NotImplementedError") == 2
    assert "Value.factor *" not in text
    (course.stubs / "minigrad" / "old.py").write_text("x = 1")
    (course.stubs / "helpers.py").write_text("x = 1")
    assert [path.name for path in stale_stubs(course)] == ["helpers.py", "old.py"]


def test_files_with_nothing_to_write_in_any_of_them_are_refused(tmp_path: Path) -> None:
    """So is one that is not there."""
    course = course_in(tmp_path)
    nn = tmp_path / "minigrad" / "nn.py"
    nn.write_text(nn.read_text().replace("###", "#"))
    with pytest.raises(AuthoringError, match="grad: nothing to write"):
        write_stubs(course)
    for file in (tmp_path / "minigrad").iterdir():
        file.unlink()
    with pytest.raises(UsageError, match=r"grad has no solution; expected .*minigrad/\*\.py"):
        write_stubs(course)
