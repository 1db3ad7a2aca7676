"""The one tree of exceptions.

::

    GraderError
    ├── UsageError            the command line asks for something that can't be done
    ├── SubmissionError       a student's side: decides a test's verdict
    │   ├── WrongAnswer           an answer came, and it is not right
    │   ├── NotStarted            the stub's NotImplementedError
    │   ├── StudentCrash          an exception or a dead process in the student's code
    │   ├── StudentTimeout        no answer before the deadline
    │   ├── MissingWork           a file or a function that was not handed in
    │   └── UnreadableFile        not Python, not a notebook, too large
    └── InfrastructureError   ours: the sandbox did not start, a suite is broken
        ├── SandboxUnavailable    this machine can't run the sandbox
        └── Unaskable             a suite asks what can't be sent to a submission
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "GraderError",
    "InfrastructureError",
    "MissingWork",
    "NotStarted",
    "SandboxUnavailable",
    "StudentCrash",
    "StudentTimeout",
    "SubmissionError",
    "Unaskable",
    "UnreadableFile",
    "UsageError",
    "WrongAnswer",
]


class GraderError(Exception):
    """Root of everything that this package raises on purpose."""


class UsageError(GraderError):
    """A command can't do what it was asked to; the message is one line for the user."""


class SubmissionError(GraderError):
    """Something on the student's side; its message is a sentence for the student.

    Attributes:
        message: that sentence, or a record whose text it is.
        mistake: slug of the recognised mistake in the mistakes table, or None.
        line: the line of the student's code that it names, 1-based, 0 for none.
    """

    def __init__(self, message: object, mistake: str | None = None, line: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.mistake = mistake
        self.line = line


class WrongAnswer(SubmissionError):
    """An answer came, and it is not right.

    Attributes:
        fingerprint: what it is known by, where nothing recognised it; empty otherwise.
    """

    def __init__(
        self, message: object, mistake: str | None = None, line: int = 0, fingerprint: str = ""
    ) -> None:
        super().__init__(message, mistake, line)
        self.fingerprint = fingerprint


class NotStarted(SubmissionError):
    """The function still raises the stub's NotImplementedError.

    Attributes:
        part: the function, method or answer cell, as its stub names it; empty where it does not.
    """

    def __init__(
        self, message: object, mistake: str | None = None, line: int = 0, part: str = ""
    ) -> None:
        super().__init__(message, mistake, line)
        self.part = part


class StudentCrash(SubmissionError):
    """The student's code raised, or its process died.

    Attributes:
        kinds: names of the exception's class and its base classes; empty where none of the
            student's own code raised one.
        conversation: the one that it came in, where it came in one.
    """

    def __init__(
        self,
        message: object,
        mistake: str | None = None,
        line: int = 0,
        kinds: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message, mistake, line)
        self.kinds = kinds
        self.conversation: Any = None


class StudentTimeout(SubmissionError):
    """The student's code gave no answer before its deadline."""


class MissingWork(SubmissionError):
    """A file or a function was not handed in."""


class UnreadableFile(SubmissionError):
    """What was handed in is not Python, not a notebook, or too large."""


class InfrastructureError(GraderError):
    """A fault of the grader or of the machine; never the student's."""


class SandboxUnavailable(InfrastructureError):
    """This machine can't run the sandbox; the message says how to mend that."""


class Unaskable(InfrastructureError):
    """A suite asks what can't be sent to a submission; the message names the argument."""
