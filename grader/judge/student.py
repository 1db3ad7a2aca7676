"""`student`: a submission as the suites see it.

Calling one of its functions asks the guest, and brings the answer back as plain data.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

import torch

from grader.errors import (
    MissingWork,
    NotStarted,
    StudentCrash,
    StudentTimeout,
    SubmissionError,
    UnreadableFile,
    WrongAnswer,
)
from grader.guest.values import WireError, pack, unpack
from grader.guest.wire import (
    Absent,
    Call,
    Probe,
    Raised,
    Rejected,
    Reply,
    Request,
    Returned,
    Unreadable,
)
from grader.judge.words import readable
from grader.mistakes import with_sentence
from grader.sandbox.failures import GuestDiedError, GuestGarbledError, GuestTimeoutError

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.judge.discretion import Discretion
    from grader.judge.suite import ProbeFunction
    from grader.pictures import Picture

__all__ = ["Answer", "Channel", "Student", "ask_in_words", "describe_value", "place_of", "refusal"]

MAX_LIMIT = 60  # characters of what a guest says that it used too much of


class Channel(Protocol):
    """Something that answers requests: the sandbox, or this process."""

    def ask(self, request: Request) -> Reply:
        """Answer a request.

        Raises:
            GuestTimeoutError: no answer came before the deadline.
            GuestDiedError: the guest died before it answered.
            GuestGarbledError: the guest sent something that is no reply.
        """


@dataclass(frozen=True)
class Answer:
    """What came back from the guest.

    Attributes:
        call: what was called, as the student reads it.
        value: plain data: tensors (on the CPU), numbers, strings, lists, tuples, dicts, None, or a
            `Foreign` for an object that can't cross.
        changed: the arguments that the call changed, by name or position.
        student: whom it is from.
        part: which item of the answer this is, as the keys that lead to it; empty for the whole.
    """

    call: str
    value: Any
    changed: tuple[str, ...]
    student: Student
    part: tuple[str | int, ...] = ()

    @property
    def words(self) -> str:
        """What was called and what kind of thing came back, to begin a message with."""
        came = describe_value(self.value)
        if not self.part:
            return f"{self.call} gave {came}"
        keys = ", ".join(key if isinstance(key, str) else f"item {key}" for key in self.part)
        return f"{self.call}: {keys} is {came}"

    @property
    def text(self) -> str:
        """What came, if it is a text; else nothing: to print a tensor may take minutes."""
        return self.value if isinstance(self.value, str) else ""

    def show(self, *pictures: Picture | None) -> None:
        """Put pictures beside the test's sentence; in a hidden test there is none."""
        if self.student.reveals:
            self.student.pictures = tuple(each for each in pictures if each is not None)

    def __getitem__(self, key: str | int) -> Answer:
        """Take one item of a dict, list or tuple.

        Raises:
            WrongAnswer: the answer has no such item.
        """
        try:
            return replace(self, value=self.value[key], part=(*self.part, key))
        except (TypeError, KeyError, IndexError, AttributeError):
            raise WrongAnswer(f"{self.words}: it has no item {key!r}.") from None


class Student:
    """A submission's module: every attribute is a function that runs in the guest.

    Args:
        discretion: repeats the guest's own words in a hidden test; None where they are trusted.

    Attributes:
        verified: how many expectations its answers have met so far.
        reveals: whether messages may show data and expected values (public checks only).
        device: where the guest puts the tensors that it is given.
        pictures: what the report is to draw.
    """

    pictures: tuple[Picture, ...] = ()

    def __init__(
        self,
        channel: Channel,
        *,
        reveals: bool,
        seed: int,
        device: str = "cpu",
        discretion: Discretion | None = None,
    ) -> None:
        self._channel = channel
        self._seed = seed
        self._discretion = None if reveals else discretion
        self.reveals = reveals
        self.device = device
        self.verified = 0

    def __getattr__(self, name: str) -> Callable[..., Answer]:
        def call(*args: object) -> Answer:
            words = [describe_value(arg).removeprefix("a ").removeprefix("an ") for arg in args]
            request = Call(name, tuple(pack(arg) for arg in args), self._next_seed())
            places = [f"argument {place}" for place in range(1, len(args) + 1)]
            return self._ask(request, f"`{name}({', '.join(words)})`", places)

        return call

    def run(self, probe: ProbeFunction, args: tuple[object, ...]) -> Answer:
        """Run a probe in the guest."""
        request = Probe(probe.code, tuple(pack(arg) for arg in args), self._next_seed())
        shapes = [
            f"{name} {describe_value(arg)}"
            for name, arg in zip(probe.parameters, args, strict=True)
            if isinstance(arg, torch.Tensor)
        ]
        words = f"`{probe.calls}`" + (f" with {', '.join(shapes)}" if shapes else "")
        return self._ask(request, words, list(probe.parameters))

    def _next_seed(self) -> int:
        self._seed += 1
        return self._seed

    def _ask(self, request: Request, call: str, argument_names: list[str]) -> Answer:
        if self._discretion:
            self._discretion.exposed = True
        reply = ask_in_words(self._channel, request, call)
        if not isinstance(reply, Returned):
            raise refusal(self._discretion.reply(reply) if self._discretion else reply, call)
        try:
            value = unpack(reply.value)
        except WireError as error:
            raise StudentCrash(f"{call} sent back what is no answer: {error}.") from error
        if self._discretion:
            value = self._discretion.value(value)
        changed = tuple(name for place, name in enumerate(argument_names) if place in reply.changed)
        return Answer(call, value, changed, self)


def ask_in_words(channel: Channel, request: Request, call: str) -> Reply:
    """Ask, and say in the student's words what became of a guest that gave no reply.

    Raises:
        StudentTimeout: it did not answer in time.
        StudentCrash: it died, or sent something else.
    """
    try:
        return channel.ask(request)
    except GuestTimeoutError as error:
        raise StudentTimeout(
            f"{call} gave no answer within {error.time_s:.3g} s and was stopped. "
            f"Does every loop in it come to an end?{error.place}",
            line=error.line,
        ) from error
    except GuestDiedError as error:
        raise StudentCrash(f"{call} gave no answer: the process {error.cause}.") from error
    except GuestGarbledError as error:
        raise StudentCrash(f"{call} sent something that is no answer.") from error


def refusal(reply: Reply, call: str) -> SubmissionError:
    """Return the error that a reply other than an answer stands for."""
    match reply:
        case Raised():
            return _raised(reply, call)
        case Absent():
            similar = f" There is `{reply.similar}`: is it that one?" if reply.similar else ""
            return MissingWork(f"The file has no `{reply.function}`.{similar}")
        case Rejected():
            mistake = reply.mistake or None
            return WrongAnswer(with_sentence(f"{call}: {reply.message}", mistake), mistake)
        case Unreadable():
            return UnreadableFile(reply.reason, line=reply.line)
        case _:
            return StudentCrash(f"{call} gave no answer of its own.")


def _raised(reply: Raised, call: str) -> SubmissionError:
    mistake = reply.mistake or None
    if reply.not_started:
        return NotStarted(f"{reply.where} still raises NotImplementedError.", line=reply.line)
    if reply.limit:
        limit = readable(reply.limit, MAX_LIMIT)
        message = f"{call} used more than {limit}, and that is what a submission may use"
        return StudentCrash(f"{message}{place_of(reply) or '.'}", mistake, reply.line)
    message = f"{call} raised {reply.type_name}: {reply.message}".rstrip(": ")
    return StudentCrash(with_sentence(f"{message}{place_of(reply)}", mistake), mistake, reply.line)


def place_of(reply: Raised) -> str:
    """Return where in the student's code it was, as lines to end a message with."""
    code = f"\n    {reply.code}" if reply.code else ""
    return f"\n{reply.where}{code}" if reply.where else ""


def describe_value(value: object) -> str:
    """Say what kind of thing a value is: `(5, 4) float32`, `a list of 3`, `float`."""
    if isinstance(value, torch.Tensor):
        dtype = str(value.dtype).removeprefix("torch.")
        return f"{tuple(value.shape)} {dtype}" if value.dim() else f"0-d {dtype}"
    if value is None:
        return "None"
    if isinstance(value, list | tuple):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, dict):
        return f"a dict of {len(value)}"
    if isinstance(value, str):
        return "a str"
    if isinstance(value, bool | int | float):
        return f"{'an' if type(value) is int else 'a'} {type(value).__name__}"
    type_name, detail = getattr(value, "type_name", "something else"), getattr(value, "detail", "")
    return f"{type_name} ({detail})" if detail else str(type_name)
