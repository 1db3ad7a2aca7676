"""Play cells: behind the card of an exercise's notebook, for turning numbers; nothing checks them.

They stand in `play/EXERCISE.py` of the course, as the cells of a whole notebook do in their file.
No suite knows of them, so that nothing is graded again for a better one.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.authoring.cells import pieces_of
from grader.authoring.notebook import code_cell, text_cell
from grader.authoring.regions import AuthoringError, parse, spans
from grader.courses.declared.strict import read_text

if TYPE_CHECKING:
    from grader.authoring.cells import Piece
    from grader.courses import Course, Exercise

__all__ = ["play_cells", "refuse_play_of_no_exercise"]

PREFIX = "play_"  # of functions: what a student may call one is not overwritten
DRAWN_BY = "grader.play"
ELSEWHERE = """\
except ModuleNotFoundError:  # in Colab or Kaggle
    raise ModuleNotFoundError("Upload lab.zip, then run %pip install lab.zip") from None"""
TAGS = ["play", "raises-exception"]  # with the second one, a cell that fails stops no other


def play_cells(exercise: Exercise, solution: str) -> list[dict[str, object]]:
    """Return the cells that an exercise's play file makes; none where it has no such file.

    Args:
        exercise: whose notebook they are for.
        solution: its solution's text.

    Raises:
        AuthoringError: something in the file is not part of a cell, or a cell is not Python, has a
            marked region, more than imports and functions to be played, or a name of the solution,
            which the student has yet to write.
    """
    file = exercise.play
    if not file.is_file():
        return []
    name, source = f"{file.parent.name}/{file.stem}", read_text(file)
    lines = source.splitlines()
    pieces = pieces_of(lines, name)
    head = parse("\n".join(lines[: pieces[0].line - 1] if pieces else lines), name).body
    if not pieces or any(not _is_text(each) for each in head):
        raise AuthoringError(f"{name}.py:1", "expected a line `# %% NAME` before the first cell")
    if regions := spans(lines, name):
        raise AuthoringError(f"{name}.py:{regions[0][0]}", "there is nothing to write in this file")
    tree = parse(source, name)
    _refuse_what_stays(tree.body[len(head) :], name)
    _refuse_names(tree, _names_of(solution), name)
    return [_cell(each) for each in pieces]


def _cell(piece: Piece) -> dict[str, object]:
    name = f"play-{piece.name}"
    if piece.text:
        return text_cell(name, piece.words)
    return code_cell(name, _said_where_missing(piece.code)) | {"metadata": {"tags": TAGS}}


def _said_where_missing(code: str) -> str:
    """Say what to do where what draws is not installed: its own name would say nothing."""
    lines = code.split("\n")
    for node in ast.parse(code).body:
        if isinstance(node, ast.ImportFrom) and node.module == DRAWN_BY:
            start, stop = node.lineno - 1, node.end_lineno
            tried = [f"    {line}" for line in lines[start:stop]]
            lines[start:stop] = ["try:", *tried, ELSEWHERE]
            break
    return "\n".join(lines)


def refuse_play_of_no_exercise(course: Course) -> None:
    """Refuse a play file that no notebook would have, as after a typo.

    Raises:
        AuthoringError: it is called by no exercise, or by one whose cells stand in one file.
    """
    known = {each.name for each in course.exercises if not (each.cells or each.files)}
    for file in sorted((course.folder / "play").glob("*")):
        if file.suffix != ".py" or file.stem not in known:
            reason = "no exercise of this name has a notebook that is made of its module"
            raise AuthoringError(f"play/{file.name}", reason)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_played(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.FunctionDef)
        and node.name.startswith(PREFIX)
        and [ast.unparse(each) for each in node.decorator_list] == ["play"]
    )


def _refuse_what_stays(body: list[ast.stmt], file: str) -> None:
    """Refuse what would leave a name for a student's code to meet, or run where it is graded."""
    for node in body:
        if not isinstance(node, ast.Import | ast.ImportFrom) and not _is_played(node):
            reason = f"expected imports, and functions `{PREFIX}…` with `@play` above them"
            raise AuthoringError(f"{file}.py:{node.lineno}", reason)


def _names_of(solution: str) -> set[str]:
    """Return what a solution defines at its top level."""
    body = ast.parse(solution).body
    return {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def _refuse_names(tree: ast.Module, names: set[str], file: str) -> None:
    """Refuse code in which one of some names stands, as a variable or as what is defined."""
    for node in ast.walk(tree):
        name = getattr(node, "id", None) or getattr(node, "name", None)
        if name in names:
            line = getattr(node, "lineno", 1)
            reason = f"{name} is a name of the exercise's own, and this cell stands before it"
            raise AuthoringError(f"{file}.py:{line}", reason)
