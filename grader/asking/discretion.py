"""What a hidden test repeats of a guest's words.

A submission that is asked with hidden inputs can write them into all that it says: the text of an
exception, the name of a class, a note, what it prints. So a hidden test repeats such a text word by
word: words that Python, torch, the lab or the handed-in file have anyway, and small numbers, a few
of each. What torch says of shapes and dtypes stays readable; what is left to smuggle data in is
about a hundred bytes a test. The place of an error is told by its line alone, which is looked up
in the file as it was before any of it ran.
"""

from __future__ import annotations

import builtins
import re
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import count
from typing import TYPE_CHECKING, Any

import torch
from msgspec.structs import replace
from torch import nn
from torch.nn import functional

from grader.courses import PACKAGE
from grader.courses.code.imported import place_of
from grader.guest.crossing.values import Foreign
from grader.guest.crossing.wire import Absent, Loaded, Raised, Rejected, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.courses import Exercise
    from grader.guest.crossing.wire import Reply

__all__ = ["Discretion", "HandedIn"]

ROOM = {"word": 30, "number": 16, "sign": 60}  # what a sentence or two of torch's have
SIGNS = frozenset(".,:;()[]{}'\"`=-+*/<>%!_")
TOKEN = re.compile(r"(?P<word>[^\W\d]\w*+)|(?P<number>\d++(?:x\d++)?+)|(?P<sign>\S)")
WORD = re.compile(r"[^\W\d]\w*+")
LEFT_OUT = "…"
LONGEST_NUMBER = 6  # digits, as a count of parameters has them
LONGEST_CODE = 200  # characters of a line of code
MAX_TEXT = 1_000  # characters that are looked at
NAMELESS = "an exception"
NO_VALUE, MOST_NAMED = "an object", 100
SAID_BY = (builtins, torch, torch.Tensor, nn, functional, torch.optim, torch.utils.data)
ALSO_SAID = "got subscriptable unhashable referenced builtin_function_or_method allow_unused"


@dataclass(frozen=True)
class HandedIn:
    """A file as it was read before any of it ran.

    Attributes:
        text: its code; of a notebook, that of all code cells.
        starts: the line before each code cell's own first line; of a module, none.
        files: what the cells are called, where they are several files.
    """

    name: str
    text: str
    starts: tuple[int, ...] = ()
    files: tuple[str, ...] = ()

    def place(self, line: int) -> tuple[str, str]:
        """Name a line as the guest does, and quote it; nothing where there is no such line."""
        lines = self.text.split("\n")
        if not 0 < line <= len(lines):
            return "", ""
        code = lines[line - 1].strip()[:LONGEST_CODE]
        if not self.starts:
            return f"{self.name}:{line}", code
        cell = sum(start < line for start in self.starts)
        within = line - self.starts[cell - 1]
        if self.files:
            return f"{self.files[cell - 1]}:{within}", code
        return f"{self.name}, cell {cell}, line {within}", code


class Discretion:
    """Repeats what a guest says in a hidden test of one file.

    Attributes:
        exposed: whether the submission has been asked with hidden inputs. From then on nothing that
            it says or prints is repeated as it is.
    """

    def __init__(self, exercise: Exercise, file: HandedIn) -> None:
        self.exposed = False
        self._exercise = exercise
        self._file = file

    def reply(self, reply: Reply) -> Reply:
        """Return a reply whose texts may stand in a hidden test."""
        match reply:
            case Raised():
                return self._raised(reply)
            case Loaded():
                failed = self._raised(reply.failed) if reply.failed else None
                notes = tuple(filter(None, map(self.told, reply.notes)))
                return replace(reply, notes=notes, failed=failed)
            case Rejected():
                return replace(reply, message=self.told(reply.message))
            case Absent():
                words = map(self.told, (reply.function, reply.similar, reply.kind))
                return Absent(*words)
            case Unreadable():
                return replace(reply, reason=self.told(reply.reason))
            case _:
                return reply

    def value(self, value: Any) -> Any:
        """Return an answer in which no object is called what its class is called.

        Of many objects only the first ones keep what may be said of them: nobody names the others.
        """
        return self._nameless(value, count())

    def _nameless(self, value: Any, met: Iterator[int]) -> Any:
        if isinstance(value, Foreign):
            if next(met) >= MOST_NAMED:
                return Foreign(NO_VALUE)
            return Foreign(self.told(value.type_name) or NO_VALUE, self.told(value.detail))
        if isinstance(value, list | tuple):
            return type(value)(self._nameless(item, met) for item in value)
        if isinstance(value, dict):
            return {key: self._nameless(item, met) for key, item in value.items()}
        return value

    def told(self, text: str) -> str:
        """Return a text without words that nobody but the guest has; empty if none is left."""
        said: list[str] = []
        room, known = dict(ROOM), False
        for token in TOKEN.finditer(text[:MAX_TEXT]):
            kind = token.lastgroup or ""
            room[kind] -= 1
            if room[kind] < 0:
                said.append(LEFT_OUT)
                break
            fit = self._may_be_said(kind, token[0])
            known = known or (fit and kind == "word")
            if fit or said[-1:] != [LEFT_OUT]:
                said += [" "] if said and text[token.start() - 1].isspace() else []
                said.append(token[0] if fit else LEFT_OUT)
        return "".join(said) if known else ""

    def _may_be_said(self, kind: str, token: str) -> bool:
        if kind == "number":
            return all(len(number) <= LONGEST_NUMBER for number in token.split("x"))
        if kind == "sign":
            return token in SIGNS
        return any(
            word in words
            for words in (_library_words(), _course_words(self._exercise), self._own_words)
            for word in (token, token.lower())
        )

    @cached_property
    def _own_words(self) -> frozenset[str]:
        return _words_in(f"{self._file.name} {self._file.text}")

    def _raised(self, reply: Raised) -> Raised:
        where, code = self._file.place(reply.line)
        type_name = self.told(reply.type_name)
        return replace(
            reply,
            type_name=NAMELESS if LEFT_OUT in type_name else type_name or NAMELESS,
            message=self.told(reply.message),
            where=where,
            code=code,
            limit=self.told(reply.limit),
            kinds=tuple(map(self.told, reply.kinds)),
            came=self.told(reply.came),
        )


@cache
def _library_words() -> frozenset[str]:
    """Collect the names that Python and torch have, and the words that torch explains them with."""
    return _words_in("\n".join((ALSO_SAID, *_library_texts())))


def _library_texts() -> Iterator[str]:
    for owner in SAID_BY:
        for name in dir(owner):
            yield name
            doc = getattr(getattr(owner, name, None), "__doc__", None)
            if isinstance(doc, str):
                yield doc


@cache
def _course_words(exercise: Exercise) -> frozenset[str]:
    """Collect the words of our own sentences: the guest's, the course's and the probes'.

    What the modules say that are given out is known to every student.
    """
    code = exercise.code
    own = (place_of(file, code.roots) for file in sorted(code.behind(exercise.hidden_suite)))
    given = exercise.all_given.values()
    files = (*sorted(PACKAGE.glob("guest/**/*.py")), *own, *given)
    texts = (file.read_text(encoding="utf-8") for file in files if file.is_file())
    return _words_in("\n".join((exercise.instead, *texts)))


def _words_in(text: str) -> frozenset[str]:
    return frozenset(WORD.findall(text))
