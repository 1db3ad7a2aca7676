"""Add a decision to `decisions.toml`: what a hand wrote there stays byte for byte."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.files.replacing import replacing_bytes
from grader.runs.deciding.reading import parse_decisions, read_decisions, with_table
from grader.runs.deciding.whose import shared_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from grader.courses import Course
    from grader.results.students import StudentRecord

__all__ = ["add_decision"]


def add_decision(
    file: Path, said: Mapping[str, object], course: Course, records: Iterable[StudentRecord]
) -> str:
    """Write a decision behind those that are there, in one step; return it as it stands there.

    Args:
        file: of the decisions; it is made if there is none.
        said: what is decided, by the keys of the file.
        course: of the class.
        records: who is in it.

    Raises:
        UsageError: the file can't be read or written, or the decision can't be meant, fits nobody,
            or is there already. The file is as it was then.
    """
    read_decisions(file, course)  # its own faults are said as such
    entry = _entry(said)
    before = file.read_bytes() if file.is_file() else b""
    end = "\r\n" if b"\r\n" in before else "\n"
    gap = "" if not before else "\n" if before.endswith(b"\n") else "\n\n"
    content = before + f"{gap}{entry}".replace("\n", end).encode()
    earlier = before.decode("utf-8-sig").count("\n") + gap.count("\n")
    _require_fit(file, content.decode("utf-8-sig"), course, records, earlier)
    try:
        with replacing_bytes(file.resolve()) as aside:
            aside.write(content)
    except OSError as error:
        raise UsageError(f"{file} can't be written: {error.strerror}") from error
    return entry


def _require_fit(
    file: Path, text: str, course: Course, records: Iterable[StudentRecord], earlier: int
) -> None:
    """Complain unless the last entry of a text is about somebody and something.

    Lines behind `earlier` ones are not named: nobody can look them up.
    """
    try:
        decided = parse_decisions(file, text, course)
        last = decided.only_last()
        wrong = [*shared_out(last, records := list(records)).notes, *last.unfitting(course)]
        shared_out(with_table(decided, file, course), records)
    except UsageError as error:
        wrong = str(error).splitlines()
    if wrong:
        said = "; ".join(_without_place(each, file, earlier) for each in wrong)
        raise UsageError(f"nothing was written: {said}")


def _without_place(words: str, file: Path, earlier: int) -> str:
    """Return words about a line without file and line, unless it is an earlier one."""
    place = re.match(rf"{re.escape(str(file))}, line (\d+): ", words)
    return words[place.end() :] if place and int(place[1]) > earlier else words


def _entry(said: Mapping[str, object]) -> str:
    lines = [f"{key} = {_literal(value)}" for key, value in said.items()]
    return "\n".join(["[[decisions]]", *lines, ""])


def _literal(value: object) -> str:
    """Return a text, a number or a truth value as TOML has it, which for these is nearly JSON."""
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
