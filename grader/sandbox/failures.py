"""How a guest can fail to answer."""

from __future__ import annotations

__all__ = ["GuestDiedError", "GuestGarbledError", "GuestTimeoutError"]


class GuestDiedError(Exception):
    """The child ended before it answered.

    Attributes:
        cause: how, as the rest of a sentence about its process: `was ended by signal SIGSEGV`.
    """

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class GuestTimeoutError(Exception):
    """The child did not answer within `time_s` seconds.

    Attributes:
        where: the place in the student's code where it was stopped; empty where nobody knows.
        code: the line that stands there.
        line: its number, 0 for none.
    """

    def __init__(self, time_s: float, where: str = "", code: str = "", line: int = 0) -> None:
        super().__init__(f"no answer within {time_s} s")
        self.time_s = time_s
        self.where = where
        self.code = code
        self.line = line


class GuestGarbledError(Exception):
    """The child sent something that is no reply."""
