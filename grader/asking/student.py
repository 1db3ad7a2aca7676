"""`student`: a submission as the suites see it.

Calling one of its functions asks the guest, and brings the answer back as plain data.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from grader.answers.describing import describe_result, describe_value
from grader.asking.refusals import Channel, ask_in_words, refusal
from grader.errors import StudentCrash, Unaskable, WrongAnswer
from grader.guest.crossing.values import ForeignError, WireError, pack_strictly, unpack
from grader.guest.crossing.wire import Call, Look, Probe, Request, Returned
from grader.results.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from grader.asking.discretion import Discretion
    from grader.guest.crossing.values import Value
    from grader.results.pictures import Picture

__all__ = ["Answer", "Conversation", "Student", "conversation_with"]


@dataclass(frozen=True)
class Answer:
    """What came back from the guest.

    Attributes:
        call: what was called, as the student reads it.
        value: plain data: tensors (on the CPU), arrays, numbers, strings, bytes, lists, tuples,
            dicts, None, or a `Foreign` for an object that can't cross.
        changed: the arguments that the call changed, by name or position.
        student: the conversation that it came in.
        part: which item of the answer this is, as the keys that lead to it; empty for the whole.
        own: whether a function of the submission's returned it, and not a probe.
        printed: whether the code printed something meanwhile.
        asked: the arguments that the question had, themselves and no copies.
    """

    call: str
    value: Any
    changed: tuple[str, ...]
    student: Conversation
    part: tuple[Hashable, ...] = ()
    own: bool = False
    printed: bool = False
    asked: tuple[object, ...] = ()

    @property
    def nothing(self) -> str:
        """The mistake of a function of the submission's that returned None, or nothing."""
        if self.value is not None or not self.own or self.part:
            return ""
        return "printed-not-returned" if self.printed else "nothing-returned"

    @property
    def words(self) -> str:
        """What was called and what kind of thing came back, to begin a message with."""
        return self._came.news

    def says(self, gap: str, more: str = "") -> Message:
        """Return a message about it: what was called, what came back, and how that is not right.

        Args:
            gap: the rest of the sentence.
            more: lines to follow.
        """
        return msgspec.structs.replace(self._came, said=f"{self._came.said}: {gap}", more=more)

    @property
    def _came(self) -> Message:
        came = describe_result(self.value)
        if not self.part:
            return Message(f"returned {came}", self.call)
        return Message(f": {_place(self.part)} is {came}", self.call)

    @property
    def text(self) -> str:
        """What came, if it is a text; else nothing: to print a tensor may take minutes."""
        return self.value if isinstance(self.value, str) else ""

    def show(self, *pictures: Picture | None) -> None:
        """Put pictures beside the test's sentence; in a hidden test there is none."""
        if self.student.reveals:
            self.student.pictures = tuple(each for each in pictures if each is not None)

    def __getattribute__(self, name: str) -> Any:
        """Note that what came is read: from then on an `assert` of the test is about it."""
        if name == "value":
            object.__getattribute__(self, "student").read = self
        return object.__getattribute__(self, name)

    def __getitem__(self, key: Hashable) -> Answer:
        """Take one item of a dict, list or tuple.

        Raises:
            WrongAnswer: the answer has no such item.
        """
        try:
            item = self.value[key]
            item = item.item() if isinstance(item, np.generic) else item  # of an array
            return replace(self, value=item, part=(*self.part, key))
        except (TypeError, KeyError, IndexError, AttributeError):
            raise WrongAnswer(self.says(f"it has no item {key!r}.")) from None


class Conversation:
    """What one test asks a submission, and what has come of it.

    Args:
        discretion: repeats the guest's own words in a hidden test; None where they are trusted.

    Attributes:
        verified: how many expectations the answers have met so far.
        reveals: whether messages may show data and expected values (public checks only).
        device: where the guest puts the tensors that it is given.
        pictures: what the report is to draw.
        read: the answer whose value was read last; None before there was one.
        share: of the test's points, as far as it got; `shortfall` says what is missing.
    """

    pictures: tuple[Picture, ...] = ()
    read: Answer | None = None
    share: float = 1.0
    shortfall: Message = Message()

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

    def call(self, function: str, args: tuple[object, ...], named: Mapping[str, object]) -> Answer:
        """Call a function of the submission's."""
        words = [_kind_of(arg) for arg in args]
        words += [f"{name}={_kind_of(arg)}" for name, arg in named.items()]
        call = f"`{function}({', '.join(words)})`"
        places = [*(f"argument {place}" for place in range(1, len(args) + 1)), *named]
        given = dict(zip(places, (*args, *named.values()), strict=True))
        request = Call(function, _sent(given, call), self._next_seed(), tuple(named))
        return self._ask(request, call, given)

    def look(self, name: str) -> Answer:
        """Ask for what a name of the submission's stands for."""
        return self._ask(Look(name), f"Looking up `{name}`", {})

    def run(self, code: bytes, calls: str, args: Mapping[str, object]) -> Answer:
        """Run a probe in the guest; `calls` is what the student reads as having been called."""
        request = Probe(code, _sent(args, f"`{calls}`"), self._next_seed())
        shapes = [f"{name} {_kind_of(arg)}" for name, arg in args.items() if hasattr(arg, "shape")]
        words = f"`{calls}`" + (f" with {', '.join(shapes)}" if shapes else "")
        return self._ask(request, words, args)

    def credit(self, share: float, message: Message) -> None:
        """Count an expectation that was met in part; the least that was reached is what counts."""
        self.verified += 1
        if share < self.share:
            self.share, self.shortfall = share, message

    def discreet(self, text: str) -> str:
        """Return a text of the test's without what only the submission can have put into it."""
        return self._discretion.told(text) if self._discretion else text

    def _next_seed(self) -> int:
        self._seed += 1
        return self._seed

    def _ask(self, request: Request, call: str, args: Mapping[str, object]) -> Answer:
        if self._discretion:
            self._discretion.exposed = True
        try:
            reply = ask_in_words(self._channel, request, call)
        except WireError as too_large:
            raise Unaskable(f"{call} can't be asked: {too_large}") from too_large
        if not isinstance(reply, Returned):
            error = refusal(self._discretion.reply(reply) if self._discretion else reply, call)
            if isinstance(error, StudentCrash):
                error.conversation = self
            raise error
        try:
            value = unpack(reply.value)
        except WireError as error:
            message = Message(f"sent something that is not a result: {error}.", call)
            raise StudentCrash(message) from error
        if self._discretion:
            value = self._discretion.value(value)
        changed = tuple(name for place, name in enumerate(args) if place in reply.changed)
        own = isinstance(request, Call)
        asked = tuple(args.values())
        return Answer(call, value, changed, self, own=own, printed=reply.printed, asked=asked)


def _place(keys: tuple[Hashable, ...]) -> str:
    """Name an item as it is found: `losses[0]`, `W1 in gradients`; `result[0]` of a list."""
    names = [] if isinstance(keys[0], str) else ["result"]
    for key in keys:
        if isinstance(key, str):
            names.append(key)
        else:
            names[-1] += f"[{key!r}]"
    return " in ".join(reversed(names))


def _kind_of(arg: object) -> str:
    if isinstance(arg, bool):
        return "bool"
    return describe_value(arg).removeprefix("a ").removeprefix("an ")


def _sent(args: Mapping[str, object], call: str) -> tuple[Value, ...]:
    """Pack the arguments of a question.

    Raises:
        Unaskable: one of them can't cross.
    """
    sent = []
    for name, arg in args.items():
        try:
            sent.append(pack_strictly(arg))
        except ForeignError as error:
            raise Unaskable(f"{call} can't be asked: {name} is or holds {error}") from None
    return tuple(sent)


class Student:
    """A submission's module: every attribute is a function that runs in the guest.

    ::

        student.f(x, lr=0.1)        # calls its function `f`
        student["LEARNING_RATE"]    # brings back what any other name of it stands for

    Either gives an `Answer`, or raises what became of the question: a verdict for the test. What
    goes out may be None, numbers, texts, bytes, tensors, NumPy arrays, and lists, tuples and dicts
    of them; where something else is asked for, write a probe or a session. No name of a
    submission's means anything else here: a function of it may be called `run` or `device`.
    """

    def __init__(self, conversation: Conversation) -> None:
        self.__conversation = conversation

    def __getattr__(self, name: str) -> Callable[..., Answer]:
        if name.startswith("__"):
            raise AttributeError(name)
        conversation = self.__conversation

        def call(*args: object, **named: object) -> Answer:
            return conversation.call(name, args, named)

        return call

    def __getitem__(self, name: str) -> Answer:
        return self.__conversation.look(name)


def conversation_with(student: Student) -> Conversation:
    """Return what a test asks a student, and what has come of it."""
    conversation: Conversation = vars(student)["_Student__conversation"]
    return conversation
