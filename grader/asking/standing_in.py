"""A submission of the suite's own, which is asked what a mistake gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.asking.student import Conversation, Student
from grader.guest.crossing.wire import Raised
from grader.guest.loading.sources import Source
from grader.guest.probing import attempting_by
from grader.guest.submission import Guest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.guest.crossing.wire import Reply, Request

__all__ = ["student_with"]


def student_with(**functions: Callable[..., object]) -> Student:
    """Return a submission that has these functions, to ask it as a student's is asked.

    So a test that compares what a probe or a session returns can know a mistake by the functions
    that make it::

        mistakes={"bias-not-added": partial(layers, student_with(forward=without_bias))}

    What goes in and comes out crosses as it always does: the functions may change their arguments.
    They run in this process, so they are the course's own, and never a student's.
    """
    guest = Guest()
    guest.adopt("standing_in", Source("", (), notebook=False), dict(functions))
    return Student(Conversation(_Here(guest), reveals=False, seed=0))


class _Here:
    """Answers in this process."""

    def __init__(self, guest: Guest) -> None:
        self._guest = guest

    def ask(self, request: Request) -> Reply:
        """Answer a request; no cause is looked for where it raises, and Ctrl-C is the user's."""
        with attempting_by(_once):
            reply = self._guest.handle(request)
        if isinstance(reply, Raised) and reply.type_name == KeyboardInterrupt.__name__:
            raise KeyboardInterrupt
        return reply


def _once(call: Callable[[], object], _: Mapping[str, Callable[[], object]]) -> object:
    return call()
