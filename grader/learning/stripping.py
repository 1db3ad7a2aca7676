"""What of a student's code makes the answer: the functions that differ, without all that is hers.

Comments, docstrings, annotations, prints and her own names are dropped. What may still tell of a
person, or do more than compute, is refused. The text is hostile: it is taken apart in a process
whose time, memory and input are bounded, and never run there.
"""

from __future__ import annotations

import ast
import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from grader.authoring.laying import laid_over
from grader.authoring.regions import BEGIN, END
from grader.learning.bare import bare
from grader.learning.screening import bound_in, names_in, names_used, refusals
from grader.runs.sharing import shared

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["MAX_LINES", "Stripped", "strip_each"]

MAX_CHARACTERS = 50_000  # of a student's file
MAX_LINES = 60  # of what is left: more is not one mistake
MOST_CPU_S, MOST_BYTES = 10, 2**30
UNREADABLE = "its code can't be taken apart"

Function = ast.FunctionDef


@dataclass(frozen=True)
class Stripped:
    """What is left of a student's code.

    Attributes:
        code: the functions that differ from the solution's.
        changed: the solution's text with them; empty where they can't be taken.
        distance: how many lines differ.
        refused: why they can't; empty where they can.
    """

    code: str = ""
    changed: str = ""
    distance: int = 0
    refused: str = UNREADABLE


def strip_each(solution: str, texts: Sequence[str]) -> list[Stripped]:
    """Strip the code of several students, in their order.

    Args:
        solution: the text of the module that they wrote.
        texts: theirs, whatever they are.
    """
    items = [(solution, text) for text in texts]
    return [
        came if isinstance(came, Stripped) else Stripped() for _, came in shared(_work, items, 1)
    ]


def _work(items: Sequence[tuple[str, str]], send: Callable[[object], None]) -> None:
    """Strip in a process of its own, which ends where one takes too much."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
    send(None)
    for solution, text in items:
        try:
            send(_stripped(solution, text))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            send(Stripped())


def _stripped(solution: str, text: str) -> Stripped:
    if len(text) > MAX_CHARACTERS:
        return Stripped()
    own, theirs = ast.parse(solution), ast.parse(text)
    right = {name: bare(node) for name, node in _functions(own).items()}
    found = {name: bare(node) for name, node in _functions(theirs).items()}
    differing = [
        name for name in right if name in found and ast.dump(found[name]) != ast.dump(right[name])
    ]
    if not differing:
        return Stripped(refused="its functions are the solution's: something around them differs")
    kept = [*_helpers(differing, found, right), *differing]
    names = names_in(own)
    renamed = _renamed([found[name] for name in kept], names, right)
    code = "\n\n\n".join(map(ast.unparse, renamed))
    distance = sum(
        _differing_lines(ast.unparse(right[name]), ast.unparse(node))
        for name, node in zip(kept, renamed, strict=True)
        if name in right
    ) + sum(len(ast.unparse(found[name]).splitlines()) for name in kept if name not in right)
    stripped = Stripped(code, "", distance, _refusal(renamed, own, code))
    if stripped.refused:
        return stripped
    bodies = "\n\n\n".join(_with_head(solution, own, node) for node in renamed)
    changed = laid_over(solution, bodies)
    ast.parse(changed)
    return replace(stripped, changed=changed)


def _refusal(functions: Sequence[Function], solution: ast.Module, code: str) -> str:
    if len(code.splitlines()) > MAX_LINES:
        return f"it has more than {MAX_LINES} lines"
    return next(refusals(functions, solution), "")


def _functions(module: ast.Module) -> dict[str, Function]:
    """Return the functions of a module; of two with a name, the last one counts."""
    return {node.name: node for node in module.body if isinstance(node, Function)}


def _helpers(
    differing: Sequence[str], found: Mapping[str, Function], right: Mapping[str, Function]
) -> list[str]:
    """Return the functions of the student's own that differing ones call, in their order."""
    used: set[str] = set()
    waiting = [*differing]
    while waiting:
        for name in names_used(found[waiting.pop()]):
            if name in found and name not in right and name not in used:
                used.add(name)
                waiting.append(name)
    return [name for name in found if name in used]


def _renamed(
    functions: Sequence[Function], own: set[str], right: Mapping[str, Function]
) -> list[Function]:
    """Return functions whose names are the solution's, or numbered ones."""
    helpers = {each.name for each in functions if each.name not in right}
    new = {name: f"helper_{place}" for place, name in enumerate(sorted(helpers), start=1)}
    return [_Renaming(each, own, new, right.get(each.name)).done() for each in functions]


class _Renaming(ast.NodeTransformer):
    """Renames what is a function's own; parameters are called as the solution calls them."""

    def __init__(
        self, function: Function, own: set[str], helpers: Mapping[str, str], right: Function | None
    ) -> None:
        self._function = function
        self._new = dict(helpers)
        mine = [each.arg for each in function.args.args]
        theirs = [each.arg for each in right.args.args] if right else []
        if len(mine) == len(theirs):
            self._new |= dict(zip(mine, theirs, strict=True))
        kept = [mine, [each.arg for each in function.args.kwonlyargs]] if right else []
        untouched = {*own, *self._new, *(name for names in kept for name in names)}
        bound = (name for node in ast.walk(function) for name in bound_in(node))
        mine_alone = (name for name in dict.fromkeys(bound) if name not in untouched)
        self._new |= {name: f"v{place}" for place, name in enumerate(mine_alone, start=1)}

    def done(self) -> Function:
        """Return the function with its new names."""
        return cast("Function", self.visit(self._function))

    def visit_Name(self, node: ast.Name) -> ast.Name:
        """Rename a variable."""
        node.id = self._new.get(node.id, node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        """Rename a parameter."""
        node.arg = self._new.get(node.arg, node.arg)
        return node

    def visit_FunctionDef(self, node: Function) -> Function:
        """Rename a function, and what is in it."""
        node.name = self._new.get(node.name, node.name)
        self.generic_visit(node)
        return node


def _differing_lines(one: str, other: str) -> int:
    own, theirs = one.splitlines(), other.splitlines()[: 5 * MAX_LINES]
    blocks = difflib.SequenceMatcher(None, own, theirs, autojunk=False).get_matching_blocks()
    return len(own) + len(theirs) - 2 * sum(block.size for block in blocks)


def _with_head(solution: str, module: ast.Module, node: Function) -> str:
    """Return a function with the signature, docstring and marker of the solution's.

    So what differs in a line or two can be told as an edit.
    """
    own = _functions(module).get(node.name)
    if own is None or ast.dump(bare(own).args) != ast.dump(node.args):
        return ast.unparse(node)
    lines = solution.splitlines()
    has_docstring = ast.get_docstring(own, clean=False) is not None
    head_end = (own.body[0].end_lineno or 0) if has_docstring else own.body[0].lineno - 1
    start = min([own.lineno, *(each.lineno for each in own.decorator_list)]) - 1
    head = [line for line in lines[start:head_end] if line.strip() != BEGIN]
    after = lines[own.end_lineno :]
    if after and after[0].strip() == END:  # which stays where it is
        head.append(f"    {BEGIN}")
    body = ast.unparse(ast.Module(node.body, [])).splitlines()
    return "\n".join([*head, *(f"    {line}" for line in body)])
