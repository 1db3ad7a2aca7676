"""The notebook that students fill in, with nbgrader's cell metadata (schema 3)."""

from __future__ import annotations

import ast
from itertools import pairwise
from typing import TYPE_CHECKING

from grader.authoring.card import card
from grader.authoring.regions import find_regions, parse
from grader.authoring.stub import make_stub

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nbformat import NotebookNode

__all__ = [
    "ELSEWHERE",
    "SAVE_FIRST",
    "answer_cell",
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


def make_notebook(
    source: str,
    name: str,
    formulas: Mapping[str, str] | None = None,
    picture: str = "",
    play: Sequence[dict[str, object]] = (),
) -> NotebookNode:
    """Make a notebook of a solution's stub: card, imports, one cell a function or class, checks.

    A function or class with a marked region is an answer cell; a class without one stays with what
    stands above it.

    Args:
        source: the solution's text.
        name: the exercise's: `hw3_log_softmax`. The answer cells' ids begin with it.
        formulas: of the card, as `card` takes them.
        picture: of the card, as `card` takes it.
        play: the cells that stand behind the card.

    Raises:
        AuthoringError: as `make_stub` and `card`.
    """
    stub = make_stub(source, name)
    tree = parse(stub, name)
    written = {region.part for region in find_regions(source, name)}
    (_, setup), *parts = _parts(stub, tree, written)
    cells = [
        answer_cell(f"answer-{part}", f"{name}-{part}", text)
        if part in written
        else code_cell(f"given-{part}", text)
        for part, text in parts
    ]
    card_cell = text_cell("card", card(tree, name, formulas or {}, picture))
    imports = code_cell("imports", setup)
    return notebook_of([card_cell, *play, imports, *cells, check_cell(name, AS_IT_IS)])


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


def _parts(stub: str, tree: ast.Module, written: set[str]) -> list[tuple[str, str]]:
    """Return name and text of what becomes a cell, with what follows up to the next.

    The first has no name: it is what stands between the card and the others.
    """
    after_card = (tree.body[0].end_lineno or 0) + 1
    starts = [("", after_card), *_starts(stub, tree, written), ("", stub.count("\n") + 1)]
    return [
        (part, _lines(stub, start, following)) for (part, start), (_, following) in pairwise(starts)
    ]


def _starts(stub: str, tree: ast.Module, written: set[str]) -> Iterator[tuple[str, int]]:
    """Give the name and first line of each, its decorators and comments included."""
    lines = stub.splitlines()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and (
            node.name in written or isinstance(node, ast.FunctionDef)
        ):
            start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            while lines[start - 2].startswith("#"):
                start -= 1
            yield node.name, start


def _lines(text: str, start: int, stop: int) -> str:
    """Return the lines from `start` up to, not including, `stop`, without blank ones around."""
    return "\n".join(text.splitlines()[start - 1 : stop - 1]).strip("\n")


def check_cell(name: str, first: str) -> dict[str, object]:
    """Make the cell that runs the public checks.

    Args:
        name: the exercise's.
        first: what to do before: `AS_IT_IS`, where they run against the names that the cells have
            left; `SAVE_FIRST` in a notebook of tasks, each of which is judged right after its cell.
    """
    said = f"# {first}\n# {ELSEWHERE}"
    return code_cell("check", f"{said}\n%load_ext grader.desk\n%check {name}")
