"""Operators on the order of things: which statement comes first, and what a loop repeats."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

import libcst as cst

from grader.proving.operators.nodes import PASS, lone, lone_call, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.proving.operators.nodes import Change

__all__ = [
    "moved_into_the_loop",
    "moved_out_of_the_loop",
    "one_turn",
    "results_swapped",
    "returned_in_the_loop",
    "statements_swapped",
]

Statement = TypeVar("Statement", bound=cst.BaseStatement)

BREAK = cst.SimpleStatementLine([cst.Break()])


def statements_swapped(node: cst.CSTNode) -> Iterator[Change]:
    """Swap two neighbours, one of which does something: a call that stands by itself."""
    if not isinstance(node, cst.IndentedBlock):
        return
    for place, (one, other) in enumerate(pairwise(node.body)):
        if _is_simple(one) and _is_simple(other) and (lone_call(one) or lone_call(other)):
            swapped = [_in_the_place_of(one, other), _in_the_place_of(other, one)]
            body = [*node.body[:place], *swapped, *node.body[place + 2 :]]
            words = f"{quoted(other)} before {quoted(one)}"
            yield node.with_changes(body=body), words


def moved_out_of_the_loop(node: cst.CSTNode) -> Iterator[Change]:
    """Do once what was to be done at each turn: the first thing before the loop, others after."""
    if not isinstance(node, cst.For) or not isinstance(node.body, cst.IndentedBlock):
        return
    for place, each in enumerate(node.body.body):
        others = [*node.body.body[:place], *node.body.body[place + 1 :]]
        loop = node.with_changes(body=node.body.with_changes(body=others or [PASS]))
        if not _is_simple(each):
            continue
        if place == 0:
            moved = [_in_the_place_of(node, each), _plain(loop)]
            yield cst.FlattenSentinel(moved), f"{quoted(each)} before the loop, not in it"
        elif lone_call(each) or lone(each, cst.AugAssign):
            yield cst.FlattenSentinel([loop, each]), f"{quoted(each)} after the loop, not in it"


def moved_into_the_loop(node: cst.CSTNode) -> Iterator[Change]:
    """Do at each turn what was to be done once before the loop."""
    if not isinstance(node, cst.IndentedBlock):
        return
    for end, loop in enumerate(node.body):
        if not isinstance(loop, cst.For):
            continue
        for place, each in enumerate(node.body[:end]):
            if lone(each, cst.Assign):
                inner = loop.body.with_changes(body=[_plain(each), *loop.body.body])
                body = [*node.body]
                body[end] = loop.with_changes(body=inner)
                body[place] = _in_the_place_of(each, PASS)
                words = f"{quoted(each)} at each turn of the loop"
                yield node.with_changes(body=body), words


def returned_in_the_loop(node: cst.CSTNode) -> Iterator[Change]:
    """Return at the end of a loop's first turn."""
    if not isinstance(node, cst.IndentedBlock):
        return
    for place, (loop, end) in enumerate(pairwise(node.body)):
        if isinstance(loop, cst.For) and lone(end, cst.Return):
            inner = loop.body.with_changes(body=[*loop.body.body, end])
            body = [*node.body[:place], loop.with_changes(body=inner), *node.body[place + 2 :]]
            yield node.with_changes(body=body), f"{quoted(end)} in the loop, not after it"


def one_turn(node: cst.CSTNode) -> Iterator[Change]:
    """Leave a loop after its first turn."""
    if isinstance(node, cst.For):
        body = node.body.with_changes(body=[*node.body.body, BREAK])
        yield node.with_changes(body=body), f"the loop over {quoted(node.iter)} has one turn"


def results_swapped(node: cst.CSTNode) -> Iterator[Change]:
    """Return two neighbours of a tuple in the other order."""
    if not isinstance(node, cst.Return) or not isinstance(node.value, cst.Tuple):
        return
    elements = node.value.elements
    for place, (one, other) in enumerate(pairwise(elements)):
        swapped = [one.with_changes(value=other.value), other.with_changes(value=one.value)]
        changed = [*elements[:place], *swapped, *elements[place + 2 :]]
        words = f"{quoted(other.value)} returned before {quoted(one.value)}"
        yield node.with_changes(value=node.value.with_changes(elements=changed)), words


def _is_simple(node: cst.CSTNode) -> bool:
    """Whether a line may stand elsewhere; one that leaves the function or the loop may not."""
    return any(lone(node, kind) for kind in (cst.Expr, cst.Assign, cst.AugAssign))


def _in_the_place_of(old: cst.CSTNode, new: Statement) -> Statement:
    """Return a statement with the comments that stand before another."""
    lines = old.leading_lines if isinstance(old, cst.For | cst.SimpleStatementLine) else ()
    return new.with_changes(leading_lines=lines)


def _plain(node: Statement) -> Statement:
    """Return a statement without the comments before it."""
    return node.with_changes(leading_lines=[])
