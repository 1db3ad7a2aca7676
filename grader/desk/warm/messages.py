"""What crosses between the watch and the warm processes that check for it: a line of JSON each."""

from __future__ import annotations

import msgspec

from grader.desk.records import Checked  # noqa: TC001 - msgspec reads the types of fields
from grader.results.verdicts import TestResult  # noqa: TC001 - same

__all__ = ["Broken", "Finished", "Job", "Message", "Ready", "Result", "Stuck", "decode", "encode"]


class Job(msgspec.Struct, frozen=True):
    """A file to check.

    Attributes:
        first: whether somebody waits for it; other jobs leave a process free.
    """

    exercise: str
    file: str
    first: bool


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The process is warm; `checks` is exercise to the (name, title) of each of its checks."""

    checks: dict[str, tuple[tuple[str, str], ...]]


class Result(msgspec.Struct, frozen=True, tag=True):
    """One check is done."""

    result: TestResult


class Stuck(msgspec.Struct, frozen=True, tag=True):
    """The student's code can't be interrupted, and the process ends for it."""

    limit_s: float


class Finished(msgspec.Struct, frozen=True, tag=True):
    """The job is done."""

    checked: Checked


class Broken(msgspec.Struct, frozen=True, tag=True):
    """The job could not be done; `reason` is a sentence for the student."""

    reason: str


Message = Ready | Result | Stuck | Finished | Broken

_decoder = msgspec.json.Decoder(Message)


def encode(message: Message | Job) -> bytes:
    """Encode a message as a line."""
    return msgspec.json.encode(message) + b"\n"


def decode(line: bytes) -> Message:
    """Decode a line of a warm process."""
    message: Message = _decoder.decode(line)
    return message
