"""A regression's training while it is watched, and what known mistakes make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.optim.optimizer import register_optimizer_step_pre_hook
from torch.utils.data import DataLoader, TensorDataset

from grader.guest.probing import named_layers, parameter_values, regression_network
from grader.suite import expect_beside, probe
from kit.loop.weights import PARAMETERS, why_no_step
from kit.regression.course import Course, course_of, loss_by, on_course
from kit.solving import solved_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.suite import Answer, Mistakes, Student
    from kit.loop.trajectory import Settings, Tensors
    from kit.regression.course import Case, Loss

    EpochLoss = Callable[[Course, list[float]], object]

__all__ = ["by_loss", "each_epoch", "expect_part", "expect_weights", "means_by", "run_fit"]


def by_loss(loss: Loss) -> Callable[..., object]:
    """Give the weights after a loop that takes its steps by another loss."""
    return on_course(lambda course: course.after(course.all, loss_at=loss_by(loss)))


def each_epoch(mistake: EpochLoss) -> Callable[..., object]:
    """Give what a mistake makes of each epoch's losses."""
    return on_course(lambda course: [mistake(course, losses) for losses in course.losses()])


def expect_part(
    answers: Sequence[Answer],
    cases: Sequence[Any],
    part: str,
    right: Callable[..., object],
    mistakes: Mistakes | None = None,
    past: Mapping[str, Callable[..., object]] | None = None,
) -> None:
    """Require one part of the answers to some cases; look past mistakes charged elsewhere."""
    expect_beside([answer[part] for answer in answers], cases, right, past or {}, mistakes)


class TracedRegressor(nn.Module):
    """A regressor that notes an F for each forward pass, a B for each backward one.

    A backward pass whose gradients are all zero is a b.
    """

    def __init__(self, weights: Tensors, trace: list[str]) -> None:
        super().__init__()
        self.layers = regression_network(weights)
        self.trace = trace
        *_, last = self.layers.parameters()
        last.register_post_accumulate_grad_hook(self._note_gradient)

    def _note_gradient(self, parameter: torch.Tensor) -> None:
        slope = parameter.grad
        self.trace.append("B" if slope is not None and bool(slope.any()) else "b")

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Run the network."""
        self.trace.append("F")
        answers: torch.Tensor = self.layers(features)
        return answers

    def note_step(self, optimizer: torch.optim.Optimizer, *_: object) -> None:
        """Note an S for a step, an s if there is no gradient, an o if it moves others."""
        held = {id(weight) for group in optimizer.param_groups for weight in group["params"]}
        mine = list(self.parameters())
        if not held & {id(weight) for weight in mine}:
            self.trace.append("o")
        elif any(weight.grad is not None and bool(weight.grad.any()) for weight in mine):
            self.trace.append("S")
        else:
            self.trace.append("s")


@probe("losses = fit(model, loader, lr, epochs)")
def run_fit(
    student: Any,
    weights: Tensors,
    features: torch.Tensor,
    targets: torch.Tensor,
    settings: Settings,
) -> dict[str, object]:
    """Let the student train a model, and report what became of it."""
    trace: list[str] = []
    model = TracedRegressor(weights, trace)
    loader = DataLoader(TensorDataset(features, targets), batch_size=settings["batch_size"])
    hook = register_optimizer_step_pre_hook(model.note_step)
    try:
        losses = student.fit(model, loader, settings["lr"], settings["epochs"])
    finally:
        hook.remove()
    values = named_layers(parameter_values(model.layers))
    return {PARAMETERS: values, "losses": losses, "trace": "".join(trace)}


def why_unmoved(answer: Answer) -> tuple[str, ...]:
    """Name the mistake behind weights that a loop left as they were; nothing if it moved them."""
    trace = answer["trace"].text
    if "S" in trace:
        return ()
    if "o" in trace:
        return ("optimizer-of-another-model" if "F" in trace else "another-model-trained",)
    if "F" not in trace:
        return ()
    return ("loss-without-slope",) if "b" in trace else why_no_step(trace)


def expect_weights(
    student: Student,
    cases: Sequence[Case],
    mistakes: Mapping[str, Callable[..., object]],
    past: Mapping[str, Callable[..., object]] | None = None,
) -> None:
    """Require the weights of the right loop, or of a mistake in `past`, charged elsewhere."""
    answers = [run_fit(student, *case) for case in cases]
    weights = [answer[PARAMETERS] for answer in answers]
    stay = on_course(lambda course: course.after([]))

    def those_that_may_be() -> Mapping[str, Callable[..., object]]:
        stuck = dict.fromkeys(why_unmoved(answers[0]), stay)
        fixed = solved_for("lr-is-a-constant", at_rate, weights, cases, besides=(0.0, 1e-3))
        return {**mistakes, **stuck, **fixed}

    right = on_course(lambda course: course.after(course.all))
    expect_beside(weights, cases, right, past or {}, those_that_may_be)


def at_rate(rate: float, *case: Any) -> object:
    """Give the weights after the loop of a case with another learning rate."""
    course = course_of(*case)
    return course.after(course.all, lr=rate)


def means_by(loss: Loss) -> Callable[..., object]:
    """Give the mean loss of each epoch by another loss."""
    return on_course(lambda course: course.means(loss_at=loss_by(loss)))
