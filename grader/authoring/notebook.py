"""The notebook that students fill in, with nbgrader's cell metadata (schema 3)."""

from __future__ import annotations

import ast
from itertools import pairwise
from typing import TYPE_CHECKING

from grader.authoring.regions import AuthoringError, parse
from grader.authoring.stub import make_stub

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = [
    "answer_cell",
    "card",
    "check_cell",
    "code_cell",
    "make_notebook",
    "notebook_of",
    "text_cell",
]

FORMAT = {"nbformat": 4, "nbformat_minor": 5}
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

AS_IT_IS = "Run your cells, then this one: it checks what they have defined."
SAVE_FIRST = "Save the notebook, then run this cell: it runs the saved notebook from its top."
ELSEWHERE = "In Colab or Kaggle, first upload lab.zip and run %pip install lab.zip."


def make_notebook(source: str, name: str) -> NotebookNode:
    """Make a notebook of a solution's stub: card, imports, one answer cell a function, checks.

    Args:
        source: the solution's text.
        name: the exercise's: `ex03_log_softmax`. The answer cells' ids begin with it.

    Raises:
        AuthoringError: as `make_stub`, or there is no docstring to make the card of.
    """
    stub = make_stub(source, name)
    tree = parse(stub, name)
    answers = [
        answer_cell(f"answer-{function}", f"{name}-{function}", text)
        for function, text in _functions(stub, tree)
    ]
    cells = [
        text_cell("card", card(tree, name)),
        code_cell("imports", _setup(stub, tree)),
        *answers,
        check_cell(name),
    ]
    return notebook_of(cells)


def notebook_of(cells: list[dict[str, object]]) -> NotebookNode:
    """Make a notebook of cells."""
    import nbformat

    document = {"cells": cells, "metadata": METADATA, **FORMAT}
    notebook: NotebookNode = nbformat.from_dict(document)
    return notebook


def answer_cell(cell_id: str, grade_id: str, text: str) -> dict[str, object]:
    """Make a code cell that nbgrader takes for an answer."""
    nbgrader = {
        "schema_version": 3,
        "grade": False,
        "solution": True,
        "locked": False,
        "task": False,
        "grade_id": grade_id,
    }
    cell = code_cell(cell_id, text)
    return cell | {"metadata": {"deletable": False, "nbgrader": nbgrader}}


def text_cell(cell_id: str, text: str) -> dict[str, object]:
    """Make a markdown cell."""
    return {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": text}


def code_cell(cell_id: str, text: str) -> dict[str, object]:
    """Make a code cell."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell_id,
        "metadata": {},
        "outputs": [],
        "source": text,
    }


def card(tree: ast.Module, name: str) -> str:
    """Return a module's docstring as markdown.

    Raises:
        AuthoringError: there is none.
    """
    docstring = ast.get_docstring(tree)
    if docstring is None:
        raise AuthoringError(f"{name}.py:1", "there is no docstring, and so no card")
    title, _, text = docstring.partition("\n")
    return f"# {title.rstrip('.')}\n{text}"


def _setup(stub: str, tree: ast.Module) -> str:
    """Return what stands between the card and the first function."""
    after_card = (tree.body[0].end_lineno or 0) + 1
    first_function = _starts(stub, tree)[0][1]
    return _lines(stub, after_card, first_function)


def _functions(stub: str, tree: ast.Module) -> list[tuple[str, str]]:
    """Return each function's name and text, with what follows it up to the next."""
    starts = [*_starts(stub, tree), ("", stub.count("\n") + 1)]
    return [
        (function, _lines(stub, start, following))
        for (function, start), (_, following) in pairwise(starts)
    ]


def _starts(stub: str, tree: ast.Module) -> list[tuple[str, int]]:
    """Return each function's name and first line, its decorators and comments included."""
    lines = stub.splitlines()
    starts: list[tuple[str, int]] = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            while lines[start - 2].startswith("#"):
                start -= 1
            starts.append((node.name, start))
    return starts


def _lines(text: str, start: int, stop: int) -> str:
    """Return the lines from `start` up to, not including, `stop`, without blank ones around."""
    return "\n".join(text.splitlines()[start - 1 : stop - 1]).strip("\n")


def check_cell(name: str) -> dict[str, object]:
    """Make the cell that runs the public checks: against the names that the cells have left.

    In a notebook of tasks, each of which is judged right after its cell, against the saved file.
    """
    first = SAVE_FIRST if name.startswith("lab_") else AS_IT_IS
    said = f"# {first}\n# {ELSEWHERE}"
    return code_cell("check", f"{said}\n%load_ext grader.desk\n%check {name}")
