"""Mutants: a solution with one small change in what a student writes, made by operators.

They show how much a suite sees. A mutant that loses no point is a hole in the suite, or computes
the same in another way.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, cast

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from grader.authoring.cells import cell_at
from grader.authoring.regions import spans
from grader.proving.operators.nodes import called, lone_call
from grader.proving.operators.table import OPERATORS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from libcst.metadata import CodeRange

    from grader.proving.operators.nodes import Operator

__all__ = ["Mutant", "mutants_of"]


@dataclass(frozen=True)
class Mutant:
    """A solution with one change.

    Attributes:
        operator: what kind of change: `call-left-out`.
        function: the function or method that is changed: `train`, `Net.forward`; of a notebook
            the cell: `lab-training`; empty where the module itself is.
        line: the first line that differs, counted in the solution.
        was: the lines that differ, as the solution has them, without blanks around.
        now: the same, as the mutant has them.
        words: the change in words.
        source: the mutant's text.
    """

    operator: str
    function: str
    line: int
    was: str
    now: str
    words: str
    source: str


@dataclass(frozen=True)
class _Change:
    """Which lines of a text are others in a second one; none where lines are added before one."""

    first: int
    last: int
    was: str
    now: str

    @classmethod
    def between(cls, old: list[str], new: list[str]) -> _Change:
        """Find what differs, from the first to the last line that does."""
        blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        found = [block for block in blocks if block[0] != "equal"]
        (_, i1, _, j1, _), (_, _, i2, _, j2) = found[0], found[-1]
        was, now = ("\n".join(map(str.strip, part)) for part in (old[i1:i2], new[j1:j2]))
        return cls(i1 + 1, i2, was, now)


def mutants_of(
    source: str, name: str, operators: Mapping[str, Operator] = OPERATORS
) -> list[Mutant]:
    """Make all mutants of a solution, in the order of its lines; no two compute the same.

    Args:
        source: the solution's text; only what stands between its markers is changed.
        name: the exercise's, for messages.
        operators: what changes it.

    Raises:
        AuthoringError: its markers are not in order.
    """
    regions = spans(source.splitlines(), name)
    seen = {ast.dump(ast.parse(source))}
    made: list[Mutant] = []
    for text, operator, words in _changed(source, regions, operators):
        tree = _dump(text)
        if not tree or tree in seen:
            continue
        mutant = _mutant(source, text, operator, words, regions)
        if mutant:
            seen.add(tree)
            made.append(mutant)
    return sorted(made, key=lambda mutant: mutant.line)


def _changed(
    source: str, regions: list[tuple[int, int]], operators: Mapping[str, Operator]
) -> Iterator[tuple[str, str, str]]:
    """Give each text that an operator makes of a solution, with the operator and its words."""
    wrapper = MetadataWrapper(cst.parse_module(source))
    module, positions = wrapper.module, wrapper.resolve(PositionProvider)
    pieces = [module.code_for_node(piece) for piece in module.body]
    before = "".join(module.code_for_node(line) for line in module.header)
    after = "".join(module.code_for_node(line) for line in module.footer)
    for place, piece in enumerate(module.body):
        head, tail = before + "".join(pieces[:place]), "".join(pieces[place + 1 :]) + after
        for node in _nodes(piece):
            if not _touches(positions.get(node), regions):
                continue
            for operator, change in operators.items():
                for new, words in change(node):
                    yield f"{head}{_replaced(module, piece, node, new)}{tail}", operator, words


def _nodes(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Give a node and all below it, outer ones first; no test sees what a line prints."""
    printing = lone_call(node)
    if printing and called(printing) == "print":
        return
    yield node
    for child in node.children:
        yield from _nodes(child)


def _touches(place: CodeRange | None, regions: list[tuple[int, int]]) -> bool:
    """Whether a node has lines in common with what a student writes."""
    return place is not None and any(
        place.start.line < end and begin < place.end.line for begin, end in regions
    )


def _replaced(
    module: cst.Module,
    piece: cst.CSTNode,
    old: cst.CSTNode,
    new: cst.CSTNode | cst.FlattenSentinel[cst.BaseStatement],
) -> str:
    """Return the text of a piece of a module with something else in the place of one node."""
    if isinstance(old, cst.SimpleStatementLine) and isinstance(new, cst.SimpleStatementLine):
        new = new.with_changes(leading_lines=old.leading_lines)  # a marker is such a line
    changed = new if old is piece else piece.deep_replace(old, cast("cst.CSTNode", new))
    parts = changed if isinstance(changed, cst.FlattenSentinel) else [changed]
    return "".join(module.code_for_node(part) for part in parts)


def _dump(text: str) -> str:
    """Return what a text computes, whatever its form; nothing if it is no Python."""
    try:
        return ast.dump(ast.parse(text))
    except SyntaxError:
        return ""


def _mutant(
    source: str, text: str, operator: str, words: str, regions: list[tuple[int, int]]
) -> Mutant | None:
    """Describe a mutant; None where it changes what students are given."""
    change = _Change.between(source.splitlines(), text.splitlines())
    around = [begin for begin, end in regions if begin < change.first and change.last < end]
    if not around:
        return None
    function = cell_at(around[0], source) or _function_at(around[0], ast.parse(source))
    return Mutant(operator, function, change.first, change.was, change.now, words, text)


def _function_at(line: int, tree: ast.Module) -> str:
    """Return the function or method that a line is part of."""
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    places = [("", node) for node in tree.body]
    places += [(f"{each.name}.", node) for each in classes for node in each.body]
    return next(
        (
            f"{around}{node.name}"
            for around, node in places
            if isinstance(node, ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or 0)
        ),
        "",
    )
