"""Expectations: compare what came back with the right answer and with what known mistakes give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from msgspec.structs import replace as changed

from grader.answers.difference import Gap, difference
from grader.answers.fingerprint import fingerprint
from grader.answers.forms import OF_CONTAINERS, form_of
from grader.answers.resemblance import resemblance
from grader.answers.showing import shown
from grader.asking.student import Answer
from grader.errors import SubmissionError, WrongAnswer
from grader.expecting.requiring import array_of, number_of, tensor_of
from grader.expecting.watching import Compared, tell
from grader.guest.crossing.values import ForeignError, pack_strictly
from grader.results.message import Message
from grader.results.pictures import Picture

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.answers.tolerances import Tolerance
    from grader.guest.crossing.tensors import Array

__all__ = [
    "Draw",
    "Expectation",
    "Mistakes",
    "answers_to",
    "computed",
    "earlier_cause_first",
    "expect",
    "expect_each",
]

Draw = Callable[[Any, Any], Picture | None]

Case = tuple[object, ...]

Mistakes = Mapping[str, Callable[..., object]] | Callable[[], Mapping[str, Any]]

NOTHING = object()  # which no answer is
ENOUGH_TO_NAME = 2  # numbers that agree with a mistake: one alone may do so by chance


def expect(answer: Answer, draw: Draw | None = None) -> Expectation:
    """State what one answer must be.

    ::

        expect(student.sigmoid(x)).equals(torch.sigmoid(x))
        expect(student["CLASSES"]).equals(10)

    What a method expects counts once it holds; a test in which nothing did has compared nothing,
    and is a fault of the grader's. A plain `assert` on an answer's `.value` counts as well: see
    `grader.judge.asserting`.

    Args:
        answer: what came back.
        draw: makes a picture of what came and what is right, for the report of a public check.
    """
    return Expectation([answer], draw=draw)


def expect_each(
    call: Callable[..., Answer] | Sequence[Answer],
    cases: Iterable[Case],
    right: Callable[..., object],
    mistakes: Mistakes | None = None,
    tolerance: Tolerance | None = None,
    explain: Callable[[Any, Any], str] | None = None,
    draw: Draw | None = None,
) -> None:
    """Call the student once per case; every answer must be right.

    ::

        expect_each(
            student.mean_squared_error,
            cases=[(predictions, targets), (wider, others)],
            right=lambda p, y: ((p - y) ** 2).mean(),
            mistakes={"sum-not-mean": lambda p, y: ((p - y) ** 2).sum()},
        )

    A mistake is named when all the wrong answers equal what it gives.

    Args:
        call: `student.function`, or a probe with the student bound to it; or the answers, one per
            case, where they have come already.
        cases: the arguments of each call.
        right: computes the expected value from a case's arguments.
        mistakes: slug to what computes the mistaken value, as for `equals`, or asks a
            `student_with` the mistake for it; they run only when an answer is wrong. Or a function
            that gives all of them, where some depend on what came: it runs only then, too.
        tolerance: how close is equal; by dtype when left out.
        explain: says more about an answer that is not right, from what came and what is right; the
            message shows it, so it must hold no value of either.
        draw: makes a picture of what came and what is right: of the first answer that is not, or of
            the first of all. The report of a public check shows it.

    Raises:
        WrongAnswer: an answer is not right.
    """
    cases = list(cases)
    answers = answers_to(call, cases)
    rights = [right(*case) for case in cases]

    def alternatives() -> dict[str, list[_Lazy]]:
        return {
            slug: [_Lazy(wrong, case) for case in cases] for slug, wrong in _given(mistakes).items()
        }

    Expectation(answers, explain, draw)._judge(rights, alternatives, tolerance)  # noqa: SLF001 - same module


def answers_to(
    call: Callable[..., Answer] | Sequence[Answer], cases: Iterable[Case]
) -> Sequence[Answer]:
    """Return the answers to cases: those that have come already, or those to a call of each."""
    return [call(*case) for case in cases] if callable(call) else call


def _given(
    mistakes: Mapping[str, Any] | Callable[[], Mapping[str, Any]] | None,
) -> Mapping[str, Any]:
    """Return mistakes, or those that a function gives."""
    return mistakes() if callable(mistakes) else mistakes or {}


@dataclass(frozen=True)
class _Lazy:
    """A mistaken value that is computed only if somebody asks."""

    function: Callable[..., object]
    args: Case = ()

    def value(self) -> object:
        return computed(self.function, *self.args)


def computed(way: Callable[..., object], *case: object) -> object:
    """Return what a mistake gives in a case; of an answer of a `student_with` it, the value.

    Where that gives no data, it is equal to nothing.
    """
    try:
        came = way(*case)
        if isinstance(came, Answer):
            pack_strictly(came.value)
            return came.value
    except (SubmissionError, ForeignError):
        return NOTHING
    return came


class Expectation:
    """What answers must be; a method that returns has counted a positive match."""

    def __init__(
        self,
        answers: Sequence[Answer],
        explain: Callable[[Any, Any], str] | None = None,
        draw: Draw | None = None,
    ) -> None:
        self._answers = list(answers)
        self._explain = explain
        self._draw = draw

    def equals(
        self,
        right: object,
        mistakes: Mapping[str, object] | Callable[[], Mapping[str, object]] | None = None,
        tolerance: Tolerance | None = None,
    ) -> None:
        """Compare type, shape, dtype, finiteness and values with the right answer, in this order.

        ::

            expect(student.loss(scores, labels)).equals(
                F.cross_entropy(scores, labels),
                mistakes={"sum-not-mean": F.cross_entropy(scores, labels, reduction="sum")},
            )

        Args:
            right: a tensor, array, number, string, bytes, None, or a list, tuple or dict of them.
            mistakes: slug to the value that the mistake gives, or to a function without arguments
                that computes it; or a function that gives all of them, where some depend on what
                came: it runs only when that is wrong. Of a dict a mistake may give only the part
                that it changes: `{"db": db * 2}` where `{"dW": dW, "db": db}` is right.
            tolerance: how close is equal; by dtype when left out.

        Raises:
            WrongAnswer: the answer is not right; it names the mistake if exactly one fits.
        """

        def alternatives() -> dict[str, list[_Lazy]]:
            return {
                slug: [_Lazy(value if callable(value) else lambda value=value: value)]
                for slug, value in _given(mistakes).items()
            }

        self._judge([right], alternatives, tolerance)

    def satisfies(self, condition: bool, otherwise: str, mistake: str | None = None) -> None:
        """Require a property of the answer that the test has computed from it.

        ::

            rows = expect(answer).tensor((5, 4)).sum(1)
            near = bool((rows - 1).abs().max() < 1e-5)
            expect(answer).satisfies(near, "each row must add up to 1.")

        Args:
            condition: whether the property holds. Many truths at once, as a comparison with an
                array gives them where a number was expected, are none that does.
            otherwise: the sentence for the student when it does not.
            mistake: slug of the mistake that its absence shows.

        Raises:
            WrongAnswer: it does not hold.
        """
        answer = self._answers[0]
        try:
            holds = bool(condition)
        except (ValueError, RuntimeError):  # of many numbers, where one was expected
            holds, mistake = False, None
        if not holds:
            raise WrongAnswer(Message(f": {otherwise}", answer.call), mistake)
        answer.student.verified += 1

    def reaches(self, value: float, tiers: Mapping[float, float], words: str) -> None:
        """Give part of the test's points for how far a number gets that the test has computed.

        ::

            answer = train_and_predict(student, images)
            right = expect(answer).tensor((300,), torch.int64) == labels
            share = right.double().mean().item()
            expect(answer).reaches(
                share, {0.3: 0.25, 0.6: 0.5, 0.9: 1}, f"{share:.0%} of 300 digits are recognised."
            )

        One training then answers for all tiers. Whatever else the test expects must hold all the
        same, before and after it: else there are no points. Where less is better, give `-value`.

        Args:
            value: what was reached; NaN reaches nothing.
            tiers: what must be reached at least, to the share of the test's points that it is
                worth; both ascend, and the last share is 1.
            words: the sentence for the student, which says how far it got.

        Raises:
            WrongAnswer: the first tier is not reached.
            ValueError: the tiers do not ascend to 1.
        """
        shares = list(tiers.values())
        if [*tiers] != sorted(tiers) or shares != sorted(shares) or shares[-1:] != [1]:
            raise ValueError(f"tiers must ascend, and end with all of the points: {tiers}")
        answer = self._answers[0]
        reached = sum(value >= tier for tier in tiers)
        step = f"It reaches step {reached} of {len(tiers)}."
        message = Message(f": {words}", answer.call, more=step)
        if not reached:
            raise WrongAnswer(message)
        answer.student.credit(shares[reached - 1], message)

    def tensor(
        self, shape: tuple[int, ...] | None = None, dtype: torch.dtype | None = None
    ) -> torch.Tensor:
        """Require a finite tensor, and return it for a test that computes on with it.

        To return it counts for nothing yet. `loss = expect(answer).tensor(shape=())`.

        Args:
            shape: the shape it must have, if one is given.
            dtype: the dtype it must have, if one is given; a floating point one otherwise.

        Raises:
            WrongAnswer: it is something else.
        """
        return tensor_of(self._answers[0], shape, dtype)

    def array(self, shape: tuple[int, ...] | None = None, dtype: str | None = None) -> Array:
        """Require a finite NumPy array, and return it for a test that computes on with it.

        To return it counts for nothing yet. `share = (expect(answer).array((9,)) == labels).mean()`

        Args:
            shape: the shape it must have, if one is given.
            dtype: the dtype it must have, if one is given: `"float64"`.

        Raises:
            WrongAnswer: it is something else.
        """
        return array_of(self._answers[0], shape, dtype)

    def number(self) -> float:
        """Require a finite number, and return it for a test that computes on with it.

        To return it counts for nothing yet. `accuracy = expect(answer).number()`

        Raises:
            WrongAnswer: it is something else; a bool and a tensor are no numbers.
        """
        return number_of(self._answers[0])

    def leaves_arguments_alone(self) -> None:
        """Require that the call changed none of the tensors and arrays that it was given.

        It is the submission's own word: expect a right answer of the same call as well.

            answer = student.update(weights, gradients, lr=0.1)
            expect(answer).equals(weights - 0.1 * gradients)
            expect(answer).leaves_arguments_alone()

        Raises:
            WrongAnswer: it changed one.
        """
        answer = self._answers[0]
        if answer.changed:
            changed = " and ".join(answer.changed)
            said = f"changed {changed} in place. It must not."
            raise WrongAnswer(Message(said, answer.call), "changes-its-arguments")
        answer.student.verified += 1

    def _judge(
        self,
        rights: Sequence[object],
        alternatives: Callable[[], Mapping[str, Sequence[_Lazy]]],
        tolerance: Tolerance | None,
    ) -> None:
        tell(
            lambda: Compared(
                [answer.call for answer in self._answers],
                rights,
                {slug: [each.value for each in lazy] for slug, lazy in alternatives().items()},
                tolerance,
            )
        )
        wrong = [
            (place, gap)
            for place, (answer, right) in enumerate(zip(self._answers, rights, strict=True))
            if (gap := difference(answer.value, right, tolerance))
        ]
        if self._draw:
            place = wrong[0][0] if wrong else 0
            self._answers[place].show(self._draw(self._answers[place].value, rights[place]))
        if wrong:
            place, gap = wrong[0]
            places = [place for place, _ in wrong]
            mistake = self._recognise(places, rights, alternatives(), tolerance)
            answer = self._answers[place]
            own = self._explain(answer.value, rights[place]) if self._explain else ""
            seen = "" if mistake else resemblance(gap.came, gap.expected)
            more = "\n".join(filter(None, (seen, own)))
            known_by = "" if mistake else self._fingerprint(rights)
            raise WrongAnswer(_message(answer, gap, more), mistake, fingerprint=known_by)
        for answer in self._answers:
            answer.student.verified += 1

    def _fingerprint(self, rights: Sequence[object]) -> str:
        """Return what the answers are known by; a public check's are not kept."""
        if any(answer.student.reveals for answer in self._answers):
            return ""
        values, asked = zip(*((each.value, each.asked) for each in self._answers), strict=True)
        return fingerprint(values, rights, asked)

    def _recognise(
        self,
        places: Sequence[int],
        rights: Sequence[object],
        alternatives: Mapping[str, Sequence[_Lazy]],
        tolerance: Tolerance | None,
    ) -> str | None:
        fitting: dict[str, int] = {}
        for slug, wrongs in alternatives.items():
            agreeing = [
                _agreeing(self._answers[place].value, rights[place], wrongs[place], tolerance)
                for place in places
            ]
            if None not in agreeing:
                fitting[slug] = sum(filter(None, agreeing))
        if not fitting:
            return self._form(places, rights, tolerance)
        slug, numbers = next(iter(fitting.items()))
        return slug if len(fitting) == 1 and numbers >= ENOUGH_TO_NAME else None

    def _form(
        self, places: Sequence[int], rights: Sequence[object], tolerance: Tolerance | None
    ) -> str | None:
        """Name the form in which all wrong answers came, if their numbers are right."""
        answers = [self._answers[place] for place in places]
        found = {
            answer.nothing or form_of(answer.value, rights[place], tolerance)
            for answer, place in zip(answers, places, strict=True)
        }
        form = found.pop() if len(found) == 1 else None
        is_probes = form in OF_CONTAINERS and not all(answer.own for answer in answers)
        return None if is_probes else form


def _agreeing(answer: Any, right: object, lazy: _Lazy, tolerance: Tolerance | None) -> int | None:
    """Count the numbers of an answer that a mistake accounts for; None where it does not fit."""
    wrong = lazy.value()
    if not difference(answer, wrong, tolerance):
        return _independent_numbers(answer)
    if not (isinstance(right, dict) and isinstance(wrong, dict) and wrong.keys() < right.keys()):
        return None
    if difference(answer, {**right, **wrong}, tolerance):
        return None
    return _independent_numbers({key: answer[key] for key in wrong})


def _independent_numbers(value: object) -> int:
    """Count what a value says: its numbers; what is no measurement is enough on its own."""
    if isinstance(value, torch.Tensor) and value.is_floating_point():
        return value.numel()
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value.size
    if isinstance(value, float):
        return 1
    if isinstance(value, list | tuple):
        return sum(map(_independent_numbers, value)) if value else ENOUGH_TO_NAME
    if isinstance(value, dict):
        return _independent_numbers(list(value.values()))
    return ENOUGH_TO_NAME


@contextmanager
def earlier_cause_first(earlier: Callable[[], None]) -> Iterator[None]:
    """Where an answer is not right, report what comes before it if that is wrong too.

    Args:
        earlier: expects what the answer is made from; it runs only when the answer is wrong.

    Raises:
        WrongAnswer: the earlier one if there is one, else the one from inside.
    """
    try:
        yield
    except WrongAnswer as error:
        try:
            earlier()
        except WrongAnswer as cause:
            message = _fix_first(Message.of(cause.message), Message.of(error.message))
            known_by = cause.fingerprint
            raise WrongAnswer(message, cause.mistake, fingerprint=known_by) from error
        except SubmissionError:  # not there at all: what is wrong here stands by itself
            raise error from None
        raise


def _fix_first(cause: Message, later: Message) -> Message:
    """Return what a cause says, behind the first line of what comes of it."""
    first = later.said.partition("\n")[0]
    begin = f"{first}\nAn earlier step is wrong too. Fix that first:"
    return changed(cause, call=later.call, said=f"{begin}\n{cause.news}")


def _message(answer: Answer, gap: Gap, more: str) -> Message:
    there = replace(answer, value=gap.came, part=answer.part + gap.path)
    message = there.says(gap.words, more)
    if not answer.student.reveals:
        return message
    return changed(message, came=shown(gap.came), expected=shown(gap.expected))
