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
    """The child did not answer within `time_s` seconds."""

    def __init__(self, time_s: float) -> None:
        super().__init__(f"no answer within {time_s} s")
        self.time_s = time_s


class GuestGarbledError(Exception):
    """The child sent something that is no reply."""
