"""What suites are written with: points and probes."""

from __future__ import annotations

import inspect
from functools import cached_property
from typing import TYPE_CHECKING

import pytest

from grader.asking.portable import portable
from grader.asking.student import conversation_with

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.asking.student import Answer, Student

__all__ = ["ProbeFunction", "after", "points", "probe"]


def points(value: float) -> pytest.MarkDecorator:
    """Say how many points a hidden test is worth; a public check has none.

    ::

        @points(2)
        def test_the_loss_is_a_mean(student): ...

    The first line of the test's docstring is what the student reads. A parametrised test has its
    points once for each of its cases.
    """
    return pytest.mark.points(value)


def after(cell: str) -> pytest.MarkDecorator:
    """Say which answer cell of a notebook a test is about, to see the names as that cell left them.

    ::

        @points(1)
        @after("lab-model")
        def test_the_model_is_a_module(student): ...

    Args:
        cell: one of the exercise's `cells` in `course.toml`.
    """
    return pytest.mark.after(cell)


class ProbeFunction:
    """A function of a suite that runs in the guest, beside the student's module.

    Attributes:
        calls: what the student reads as having been called.
    """

    def __init__(self, function: Callable[..., object], calls: str) -> None:
        self.__wrapped__ = function
        self.calls = calls
        self._signature = inspect.signature(function)
        self.__doc__ = function.__doc__

    @cached_property
    def code(self) -> bytes:
        """The function as bytes that the guest can load without the suite's file.

        Raises:
            InfrastructureError: it refers to what a guest does not have.
        """
        return portable(self.__wrapped__)

    def __call__(self, student: Student, *args: object, **named: object) -> Answer:
        """Run it for a student; raise what became of it, or return its answer."""
        bound = self._signature.bind(student, *args, **named)
        bound.apply_defaults()
        _, *passed = bound.arguments.items()
        return conversation_with(student).run(self.code, self.calls, dict(passed))


def probe(calls: str) -> Callable[[Callable[..., object]], ProbeFunction]:
    """Make a function `(student, *args)` a probe.

    It runs in the guest, where `student` is the module itself, and returns plain data: tensors,
    arrays, numbers, strings, bytes, lists and dicts of them. A submission can read it while it
    runs, so it holds no expected values. It may use Python, torch, `grader.guest.probing`, the
    course's `beside`, and what its own file defines; a suite whose probe refers to anything else is
    not collected.

    ::

        @probe("step(model)")
        def weights_after_a_step(student, weights):
            model = network(weights)
            student.step(model)
            return parameter_values(model)


        def test_a_step_moves_the_weights(student):
            expect(weights_after_a_step(student, weights)).equals(moved(weights))

    Args:
        calls: what the student reads as having been called, like
            `train_epoch(model, loader, criterion, optimizer)`.
    """

    def decorate(function: Callable[..., object]) -> ProbeFunction:
        return ProbeFunction(function, calls)

    return decorate
