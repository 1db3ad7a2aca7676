"""A message: what a test says of a submission, in its parts; text is made of it where it is shown.

Whoever shows one takes the parts that it sets apart (the place in the code, the two values that are
compared), or all of it as text. Nobody looks for them in a text: what stands there is partly a
submission's own words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import msgspec
from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["CAME", "EXPECTED", "Message", "Value"]

CAME, EXPECTED = "yours:", "right:"  # what the two values begin with, as text
TEXTS = ("call", "said", "where", "code", "more")  # in the order in which they are read
BETWEEN = 5  # characters at most between two parts


class Value(msgspec.Struct, frozen=True, omit_defaults=True):
    """A value that is shown.

    Attributes:
        kind: what it is, `(5, 4) float32`; or all of it, where it is no row of numbers.
        numbers: the first of them, in order.
        cut: whether there are more.
        columns: of a matrix whose numbers are all there; else 0.
    """

    kind: str
    numbers: tuple[str, ...] | None = None
    cut: bool = False
    columns: int = 0

    @property
    def text(self) -> str:
        """The value in a line; a matrix row by row, as PyTorch prints it."""
        if self.numbers is None:
            return self.kind
        if self.columns and self.numbers:
            starts = range(0, len(self.numbers), self.columns)
            rows = (", ".join(self.numbers[each : each + self.columns]) for each in starts)
            return f"{self.kind} [[{'], ['.join(rows)}]]"
        return f"{self.kind} [{', '.join(self.numbers)}{', …' if self.cut else ''}]"

    def changed(self, change: Callable[[str], str]) -> Value:
        """Return a value of which every part is changed in the same way."""
        numbers = None if self.numbers is None else tuple(map(change, self.numbers))
        return Value(change(self.kind), numbers, self.cut, self.columns)


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a test says; parts that it does not have are empty.

    Attributes:
        said: what became of the call, as the rest of the sentence that begins with it; without a
            call, a sentence. What the submission's own code said is in it, and may have many lines.
        call: what was called, as the student reads it.
        where: the place in the student's code: `hw1_losses.py:12`.
        code: the line that stands there; at the desk with a caret below it.
        more: what else is to be said, in lines.
        came: what came back, where it may be shown.
        expected: what is right, likewise.
    """

    said: str = ""
    call: str = ""
    where: str = ""
    code: str = ""
    more: str = ""
    came: Value | None = None
    expected: Value | None = None

    @classmethod
    def of(cls, said: object) -> Self:
        """Return a message as it is, and whatever else is said as one that has only text."""
        return said if isinstance(said, cls) else cls(str(said))

    @property
    def news(self) -> str:
        """What was called and what became of it."""
        between = " " if self.call and self.said and self.said[0] != ":" else ""
        return f"{self.call}{between}{self.said}"

    @property
    def told(self) -> str:
        """All but the values that are compared, as text."""
        where = f"\n{self.where}" if self.where else ""
        code = "".join(f"\n    {line}" for line in self.code.splitlines())
        more = f"\n{self.more}" if self.more else ""
        return f"{self.news}{where}{code}{more}"

    @property
    def text(self) -> str:
        """All of it, as text."""
        sides = ((CAME, self.came), (EXPECTED, self.expected))
        values = (f"\n{lead} {value.text}" for lead, value in sides if value)
        return f"{self.told}{''.join(values)}"

    def __str__(self) -> str:
        return self.text

    @property
    def parts(self) -> tuple[str, ...]:
        """Every part by itself, as text."""
        values = (value.text for value in (self.came, self.expected) if value)
        return (*(getattr(self, name) for name in TEXTS), *values)

    def also(self, line: str) -> Message:
        """Return a message that says a line more; one that has it already does not say it twice."""
        if line in self.text.split("\n"):
            return self
        return replace(self, more=f"{self.more}\n{line}" if self.more else line)

    def changed(self, change: Callable[[str], str]) -> Message:
        """Return a message of which every part is changed in the same way."""
        texts = {name: change(getattr(self, name)) for name in TEXTS}
        came, expected = (value and value.changed(change) for value in (self.came, self.expected))
        return Message(**texts, came=came, expected=expected)

    def cut(self, limit: int) -> Message:
        """Return a message whose text has no more characters than that: it loses its end."""
        if len(self.text) <= limit:
            return self
        left, texts = limit, {}
        for name in TEXTS:
            texts[name] = getattr(self, name)[: max(left, 0)]
            left -= len(texts[name]) + BETWEEN
        return Message(**texts)
