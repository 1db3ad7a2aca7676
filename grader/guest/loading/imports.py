"""An import that fails costs its own line: the code around it runs without the name.

What is installed where work is graded is not what is installed where it was written, and a package
that only draws or measures something costs nobody the functions that are judged. So each import at
the top level of a module or a cell is compiled into a `try` of its own. What the student's own
`try` or `with` surrounds is left to it.
"""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING

from grader.guest.loading.apart import is_ours
from grader.guest.loading.journal import JOURNAL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType

    from grader.guest.loading.sources import Source

    Import = ast.Import | ast.ImportFrom

__all__ = ["RELATIVE", "SKIPPED", "Skipped", "compiled"]

ENTERED = (ast.If, ast.For, ast.While)  # what stands in them at the top level is top level, too
TELL = "__import__('sys').modules[{module!r}].SKIPPED.skip({place!r}, {statement!r}, {name!r})"
RELATIVE = "."
MAX_TEXT = 80  # characters of a statement, a name or an error in a sentence


@dataclass
class Skipped:
    """The lines of one file that were not run, by the names that they would have made.

    Attributes:
        file: what the student calls the file; empty before one is loaded.
        beside: modules that lie beside it, as far as that is known.
        own: modules that belong to it, by the names that they are imported by.
        why: the name to a sentence; `*` stands for any name.
    """

    file: str = ""
    beside: tuple[str, ...] = ()
    own: frozenset[str] = frozenset()
    why: dict[str, str] = field(default_factory=dict)

    def begin(
        self,
        file: str,
        beside: tuple[str, ...],
        source: Source,
        own: frozenset[str] = frozenset(),
    ) -> None:
        """Forget the last file; of this one IPython's lines are set aside."""
        self.file, self.beside, self.own = file.rpartition("/")[2], beside, own
        self.why = dict(source.absent)

    def skip(self, place: str, statement: str, name: str) -> None:
        """Note that the import failed whose exception is being handled.

        Raises:
            BaseException: it was stopped, and did not fail.
        """
        error = sys.exception()
        if not isinstance(error, Exception):
            raise  # noqa: PLE0704 - inside of an `except` of the student's file
        reason, advice = self._reason(error)
        JOURNAL.note(f"{place}: `{statement}` was skipped: {reason}{advice}")
        self.why[name] = f"`{statement}` ({place}) was skipped: {reason}"

    def explanation(self, error: BaseException) -> str:
        """Say why a name or a module is not there; nothing where nothing is known of it."""
        if type(error) is NameError:
            return self.why.get(str(error.name), self.why.get("*", ""))
        if type(error) is ModuleNotFoundError and self.file and first_of(error) not in self.own:
            return "".join(self._reason(error))
        return ""

    def _reason(self, error: Exception) -> tuple[str, str]:
        """Return why an import failed, and what to do about it if that is known."""
        module = first_of(error)
        if not isinstance(error, ModuleNotFoundError) or module in self.own or is_there(module):
            return f"{type(error).__name__}: {error}"[:MAX_TEXT], ""
        if inner := [name for name in sorted(self.own) if name.endswith(f".{module}")]:
            advice = f": import it by that name, or with `from . import {module}`."
            return f"it is `{inner[0]}`", advice
        if module in self.beside:
            reason = f"{module}.py lies beside it, and only the exercise's own file is loaded"
            return reason, f": put its code into {self.file}."
        advice = f" If it is a file of yours, put its code into {self.file}: no other is loaded."
        return f"{module} is not installed here.", advice


SKIPPED = Skipped()


def first_of(error: Exception) -> str:
    """Return the first part of the name of the module that an import failed for."""
    return str(getattr(error, "name", "")).partition(".")[0][:MAX_TEXT]


def is_there(module: str) -> bool:
    """Whether a module can be imported, as far as that shows without doing it."""
    if is_ours(module):
        return False
    try:
        return module in sys.modules or find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def compiled(
    text: str, label: str, *, cell: bool, flags: int, own: frozenset[str] = frozenset()
) -> CodeType:
    """Compile a module or a cell whose imports may fail.

    Args:
        text: the code.
        label: what it is compiled as.
        cell: whether it is a notebook's.
        flags: the compiler's, for features of the cells before it.
        own: how imports begin of what belongs to the code, `RELATIVE` for `from .a import b`. They
            stay as they are: what fails there is its own error.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: it is not Python.
    """
    tree = ast.parse(text, label)
    blocks = [tree.body]
    while blocks:
        block = blocks.pop()
        blocks += [inner for each in block if isinstance(each, ENTERED) for inner in parts(each)]
        block[:] = [new for each in block for new in guarded(each, label, cell, own)]
    code: CodeType = compile(tree, label, "exec", flags, dont_inherit=True)
    return code


def parts(statement: ast.If | ast.For | ast.While) -> list[list[ast.stmt]]:
    """Return the blocks of a statement."""
    return [statement.body, statement.orelse]


def guarded(statement: ast.stmt, label: str, cell: bool, own: frozenset[str]) -> Iterator[ast.stmt]:
    """Return a statement as it is, or an import's names, each in a `try` of its own."""
    if not isinstance(statement, ast.Import | ast.ImportFrom) or is_of_future(statement):
        yield statement
        return
    line = statement.lineno
    place = f"{label}, line {line}" if cell else f"{label}:{line}"
    for alias in statement.names:
        one = alone(statement, alias)
        if is_own(one, own):
            yield one
            continue
        name = alias.asname or alias.name.partition(".")[0]
        told = TELL.format(
            module=__name__, place=place, statement=ast.unparse(one)[:MAX_TEXT], name=name
        )
        handler = ast.ExceptHandler(body=ast.parse(told).body)
        tried = ast.Try(body=[one], handlers=[handler], orelse=[], finalbody=[])
        for node in (tried, *ast.walk(handler)):
            ast.copy_location(node, statement)
        yield tried


def is_of_future(statement: Import) -> bool:
    """Whether it is `from __future__ import …`, which has to come first."""
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def is_own(one: Import, own: frozenset[str]) -> bool:
    """Whether an import of one name is of a module that belongs to the code itself."""
    if isinstance(one, ast.ImportFrom):
        return (RELATIVE if one.level else str(one.module).partition(".")[0]) in own
    return one.names[0].name.partition(".")[0] in own


def alone(statement: Import, alias: ast.alias) -> Import:
    """Return an import of one of its names."""
    if isinstance(statement, ast.Import):
        return ast.copy_location(ast.Import([alias]), statement)
    names = ast.ImportFrom(statement.module, [alias], statement.level)
    return ast.copy_location(names, statement)
