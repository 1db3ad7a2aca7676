"""A TOML file of a course, read strictly: a typo is told with its line, and what was meant."""

from __future__ import annotations

import difflib
import re
import tomllib
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec

from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

__all__ = ["Place", "StrictFile", "meant", "read_text"]

MAX_BYTES = 2**20
POSITION = re.compile(r" \(at line (\d+), column \d+\)$")
LOOKED_AT = 100  # characters of a value
SLIPS = (  # each with what to write
    (re.compile(r"[“”„‟«»‘’‚]"), 'quotes are straight: "Ana"'),
    (re.compile(r"(?i:yes|no|true|false|on|off)$"), "write true or false, in small letters"),
    (re.compile(r"\d+,\d+$"), "a decimal point is needed: 0.5"),
    (re.compile(r"[^\W\d]|\d\w*[^\W\d]\w*$"), 'a text stands in quotes: "Ana"'),
)

Place = tuple[str | int, ...]  # keys and numbers on the way to something in the file


def read_text(file: Path) -> str:
    """Return what a file of a course holds.

    Raises:
        FileNotFoundError: there is none.
        NotADirectoryError: there can be none.
        UsageError: it is too large, no text, or can't be read; the message names it.
    """
    try:
        if file.stat().st_size > MAX_BYTES:
            raise UsageError(f"{file} is too large for a {file.name}")
        return file.read_text(encoding="utf-8-sig")  # some editors mark the beginning
    except (FileNotFoundError, NotADirectoryError):
        raise
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise UsageError(
            f"{file}, line {line}: this is not UTF-8; save the file as that"
        ) from error
    except OSError as error:
        raise UsageError(f"{file} can't be read: {error.strerror}") from error


def meant(word: str, known: Iterable[str]) -> str:
    """Say which of the known words somebody meant, or which there are."""
    words = list(known)
    close = difflib.get_close_matches(word, words, n=1)
    return f"did you mean {close[0]!r}?" if close else f"there are {', '.join(words)}"


def _slip(words: str, lines: Sequence[str]) -> str:
    """Say what a hand often gets wrong in a line of TOML; nothing where it is something else."""
    if words.startswith("Cannot overwrite"):
        return "; the key stands there twice"
    value = "".join(lines).partition("=")[2].partition("#")[0].strip()[:LOOKED_AT]
    return next((f"; {hint}" for slip, hint in SLIPS if slip.match(value)), "")


class StrictFile:
    """A TOML file while it is read."""

    def __init__(self, file: Path, text: str) -> None:
        self.file = file
        self._text = text

    def parse(self) -> dict[str, Any]:
        """Return what it holds.

        Raises:
            UsageError: it is not TOML.
        """
        try:
            return tomllib.loads(self._text)
        except tomllib.TOMLDecodeError as error:
            words = str(error)
            found = POSITION.search(words)
            line = int(found[1]) if found else self._text.count("\n") + 1
            said = POSITION.sub("", words) + _slip(words, self._text.splitlines()[line - 1 : line])
            raise self._error_in(line, f"this is not TOML: {said}") from error
        except RecursionError as error:
            raise self._error_in(1, "this is nested too deeply") from error
        except ValueError as error:  # a number of thousands of digits, a date that can't be
            raise self._error_in(1, f"this is not TOML: {error}") from error

    def check(
        self,
        table: object,
        kind: type[msgspec.Struct],
        place: Place,
        expected: Mapping[str, str],
        owner: str,
    ) -> None:
        """Refuse what a table must not hold, lacks, or has of another kind.

        Args:
            table: what stands in the file.
            kind: what must stand there; it forbids unknown fields.
            place: where it is.
            expected: what each key may be, in words.
            owner: what the table is about: `the course`.

        Raises:
            UsageError: the message names file and line.
        """
        with suppress(msgspec.ValidationError):  # which says no place
            msgspec.convert(table, kind)
            return
        fields = {field.name: field for field in msgspec.structs.fields(kind)}
        if not isinstance(table, dict):
            raise self.error(place, f"{owner} must be a table with {', '.join(fields)}")
        for key, value in table.items():
            if key not in fields:
                raise self.error((*place, key), f"{key!r} is not known here; {meant(key, fields)}")
            try:
                msgspec.convert(value, fields[key].type)
            except msgspec.ValidationError as error:
                raise self.error((*place, key), f"{key!r} must be {expected[key]}") from error
        for name, field in fields.items():
            if field.required and name not in table:
                raise self.error(place, f"{owner} has no {name!r}")

    def error(self, place: Place, words: str) -> UsageError:
        """Return what is raised about something in the file."""
        return self._error_in(self.line_of(place), words)

    def _error_in(self, line: int, words: str) -> UsageError:
        return UsageError(f"{self.file}, line {line}: {words}")

    def line_of(self, place: Place) -> int:
        """Return the line where something begins, 1-based.

        A file that is cut off behind a line is TOML wherever nothing goes on in the next. So what
        is in such a piece, and in none that is shorter, begins in the line behind the next shorter.
        """
        lines = self._text.splitlines(keepends=True)
        behind, end = 0, len(lines)
        while behind + 1 < end:
            middle = (behind + end) // 2
            pieces = ((count, _parsed(lines[:count])) for count in range(middle, end))
            count, piece = next((each for each in pieces if each[1] is not None), (middle, None))
            if piece is None or _holds(piece, place):
                end = count
            else:
                behind = count
        return behind + 1


def _parsed(lines: list[str]) -> object:
    """Return what lines hold; None where something goes on in the next."""
    try:
        return tomllib.loads("".join(lines))
    except ValueError:  # as of a whole file that is no TOML
        return None


def _holds(value: Any, place: Place) -> bool:
    try:
        for step in place:
            value = value[step]
    except (LookupError, TypeError):
        return False
    return True
