"""Hidden tests of ex06_manual_update: one step of gradient descent, without an optimizer.

Right answers come from a plain loop in float64. The loss weighs its classes, which tells the
criterion that was handed over from any other. What must stay as it was shows in what is computed
with it afterwards. Where several mistakes give the same numbers, what happened to the parameters
and their gradients names the mistake; it decides no points.

A function that calls an earlier one is judged with that one as handed in, and where it then fails,
with a right one in its place: each mistake is charged where it was made.
"""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from grader.guest.probing import (
    SwappedCriterion,
    attempt,
    gradient_values,
    lent,
    named_layers,
    network,
    parameter_values,
    set_gradients,
)
from grader.suite import expect, expect_beside, expect_each, points, probe
from kit.lending import own_or_lent
from kit.networks import (
    CLASS_WEIGHTS,
    EQUAL_WEIGHTS,
    gradients_at,
    image_batch,
    layers,
    loss_at,
    mixed_pixels,
    tensors,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.suite import Answer, Student

    Tensors = list[torch.Tensor]
    Named = dict[str, torch.Tensor]
    Batch = tuple[torch.Tensor, torch.Tensor]
    UpdateCase = tuple[Tensors, Tensors, float]
    StepCase = tuple[Tensors, torch.Tensor, torch.Tensor, float]
    Slip = Callable[[Tensors, Tensors, float], Named]
    ClearCase = tuple[Tensors, torch.Tensor, torch.Tensor, bool]

# The data: sizes that differ from each other, both signs, a class that repeats, one that is absent.


def update_cases() -> list[UpdateCase]:
    """Give weights and gradients of two networks of three layers, and learning rates."""
    return [
        (layers(1, 6, 5, 4, 3), layers(2, 6, 5, 4, 3), 0.3),
        (layers(3, 3, 7, 2, 5), layers(4, 3, 7, 2, 5), 0.05),
    ]


def step_cases() -> list[StepCase]:
    """Give weights, a batch and a learning rate, twice."""
    return [
        (layers(5, 784, 5, 4), *image_batch(6, [3, 0, 3, 1, 0, 3]), 0.4),
        (layers(7, 784, 6, 4), *image_batch(8, [1, 2, 1, 1]), 0.15),
    ]


def two_batch_cases() -> list[StepCase]:
    """Give weights, two batches as one, and a learning rate, twice."""
    return [
        (layers(9, 784, 5, 4), *image_batch(10, [2, 0, 2, 1, 3, 3, 2, 2]), 0.3),
        (layers(11, 784, 6, 4), *image_batch(12, [0, 1, 0, 3, 3, 1]), 0.1),
    ]


def clear_cases(*, spoiled: bool = False) -> list[ClearCase]:
    """Give weights, two batches as one, and whether one gradient is missing, twice.

    The gradients of the first batch hold NaN if it is spoiled.
    """
    cases = []
    for (weights, images, labels, _), missing in zip(two_batch_cases(), (False, True), strict=True):
        images[0, 0, 3, 3] = float("inf") if spoiled else images[0, 0, 3, 3]
        cases.append((weights, images, labels, missing))
    return cases


def old_gradients(weights: Tensors) -> Tensors:
    """Make up what another batch left in a model with these weights."""
    return [weight.flip(0) + 0.1 for weight in weights]


# What is right, and what mistakes give.


def walked(weights: Tensors, gradients: Tensors, lr: float) -> Named:
    """Give the weights after one step of gradient descent."""
    pairs = zip(weights, gradients, strict=True)
    return named_layers([weight - lr * gradient for weight, gradient in pairs])


def without_biases(gradients: Tensors) -> Tensors:
    """Put zeros in the place of the biases' gradients."""
    return [gradient * (gradient.dim() > 1) for gradient in gradients]


def adam_stride(gradients: Tensors) -> Tensors:
    """Give what Adam's first step multiplies with the learning rate: little more than signs."""
    return [gradient / (gradient.abs() + 1e-8) for gradient in gradients]


def unmoved(weights: Tensors, *_: object) -> Named:
    """Give the weights as they were."""
    return named_layers(weights)


STRIDE_MISTAKES: Mapping[str, Slip] = {
    "step-uphill": lambda weights, gradients, lr: walked(weights, gradients, -lr),
    "lr-missing": lambda weights, gradients, _: walked(weights, gradients, 1.0),
    "lr-twice": lambda weights, gradients, lr: walked(weights, gradients, lr * lr),
    "biases-never-move": lambda weights, gradients, lr: walked(
        weights, without_biases(gradients), lr
    ),
    "adam-step": lambda weights, gradients, lr: walked(weights, adam_stride(gradients), lr),
}


def stepped(weights: Tensors, images: torch.Tensor, labels: torch.Tensor, lr: float) -> Named:
    """Give the weights after one training step."""
    return walked(weights, gradients_at(weights, images, labels), lr)


def stepped_wrongly(
    mistake: Slip,
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    lr: float,
) -> Named:
    """Give the weights after one training step whose stride is mistaken."""
    return mistake(weights, gradients_at(weights, images, labels), lr)


STEP_MISTAKES: Mapping[str, Callable[..., Named]] = {
    **{slug: partial(stepped_wrongly, stride) for slug, stride in STRIDE_MISTAKES.items()},
    "mean-taken-twice": lambda weights, images, labels, lr: stepped(
        weights, images, labels, lr / len(labels)
    ),
    "two-steps-a-batch": lambda weights, images, labels, lr: stepped(
        weights, images, labels, 2 * lr
    ),
    "pixels-of-images-mixed": lambda weights, images, labels, lr: stepped(
        weights, mixed_pixels(images), labels, lr
    ),
    "criterion-ignored": lambda weights, images, labels, lr: walked(
        weights, gradients_at(weights, images, labels, EQUAL_WEIGHTS), lr
    ),
}


def both_halves(
    step: Callable[..., Named],
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    lr: float,
) -> Named:
    """Give the weights after a step on each half of a batch, none of which sees old gradients."""
    for part, marks in zip(images.chunk(2), labels.chunk(2), strict=True):
        weights = list(step(weights, part, marks, lr).values())
    return named_layers(weights)


def stepped_twice(
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    lr: float,
    *,
    keeps: tuple[float, float],
) -> Named:
    """Give the weights after one training step on each half of a batch.

    `keeps` says how much the gradients that lie there count in the first and in the second step.
    """
    before = old_gradients(weights)
    for kept, part, marks in zip(keeps, images.chunk(2), labels.chunk(2), strict=True):
        fresh = gradients_at(weights, part, marks)
        before = [new + kept * old for new, old in zip(fresh, before, strict=True)]
        weights = list(walked(weights, before, lr).values())
    return named_layers(weights)


def gradients_after_clearing(
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    missing: bool,
    *,
    erased: bool = False,
) -> Named:
    """Give the gradients of the second half of a batch, alone.

    `missing` says that the first half has left no gradient of the last bias, and `erased`, that the
    weights were set to zero in between.
    """
    del missing
    at = [torch.zeros_like(weight) for weight in weights] if erased else weights
    return named_layers(gradients_at(at, images.chunk(2)[1], labels.chunk(2)[1]))


def gradients_of_both(
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    missing: bool,
    *,
    erased: bool = False,
) -> Named:
    """Give the gradients of the second half of a batch on top of those of the first."""
    *old, last = gradients_at(weights, images.chunk(2)[0], labels.chunk(2)[0])
    fresh = gradients_after_clearing(weights, images, labels, missing, erased=erased)
    pairs = zip(fresh.items(), [*old, last * (not missing)], strict=True)
    return {name: new + before for (name, new), before in pairs}


# The probes.


class ForgivingLinear(nn.Linear):
    """A layer to whose parameters plain tensors can be assigned."""

    def __setattr__(self, name: str, value: Any) -> None:
        """Take the values of a tensor that is assigned to a parameter."""
        parameter = self.__dict__.get("_parameters", {}).get(name)
        if parameter is not None and isinstance(value, torch.Tensor):
            parameter.data = value.detach()
        else:
            super().__setattr__(name, value)


class Nested(nn.Module):
    """Three layers, one of them in a block inside a block."""

    def __init__(self, weights: Tensors) -> None:
        super().__init__()
        first, _, second, _, third, _ = network(weights)
        self.body = nn.Sequential(first, nn.Sequential(nn.ReLU(), second))
        self.head = third

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Run all three layers."""
        scores: torch.Tensor = self.head(self.body(features))
        return scores


def forgiving(model: nn.Module) -> nn.Module:
    """Let plain tensors be assigned to the parameters of a model's layers."""
    for module in model.modules():
        if isinstance(module, nn.Linear):
            module.__class__ = ForgivingLinear
    return model


def one_stride(weight: torch.Tensor, gradient: torch.Tensor, lr: float) -> torch.Tensor:
    """Give the weight after one step."""
    return weight - lr * gradient


def updated_model(
    student: Any,
    build: Callable[[Tensors], nn.Module],
    case: tuple[Tensors, Sequence[torch.Tensor | None], float],
    *,
    lend: bool,
    times: int = 1,
) -> tuple[nn.Module, list[nn.Parameter]]:
    """Let the student update a model; give it with the parameters that it had before."""
    weights, gradients, lr = case

    def run(model: nn.Module, slopes: Sequence[torch.Tensor | None] = gradients) -> None:
        set_gradients(model, slopes)
        with ExitStack() as stack:
            if lend:
                stack.enter_context(lent(student, "updated", one_stride))
            for _ in range(times):
                student.update_parameters(model, lr)

    filled = [
        torch.zeros_like(weight) if gradient is None else gradient
        for weight, gradient in zip(weights, gradients, strict=True)
    ]
    model = build(weights)
    before = list(model.parameters())
    attempt(
        lambda: run(model),
        {
            "update-outside-no-grad": lambda: torch.no_grad()(run)(build(weights)),
            "missing-gradient-not-skipped": lambda: run(build(weights), filled),
            "tensor-assigned-to-parameter": lambda: run(forgiving(build(weights))),
        },
    )
    return model, before


def has_still(model: nn.Module, parameters: Sequence[nn.Parameter]) -> bool:
    """Whether these objects are the model's parameters."""
    return list(map(id, model.parameters())) == list(map(id, parameters))


@probe("update_parameters(model, lr)")
def update(
    student: Any,
    weights: Tensors,
    gradients: list[torch.Tensor | None],
    lr: float,
    lend: bool,
) -> object:
    """Update a network of three layers; give its weights."""
    model, _ = updated_model(student, network, (weights, gradients, lr), lend=lend)
    return named_layers(parameter_values(model))


@probe("update_parameters(model, lr)")
def update_nested(
    student: Any,
    weights: Tensors,
    gradients: list[torch.Tensor | None],
    lr: float,
    lend: bool,
) -> object:
    """Update a network whose layers lie in blocks; give its weights."""
    model, _ = updated_model(student, Nested, (weights, gradients, lr), lend=lend)
    return named_layers(parameter_values(model))


@probe("update_parameters(model, lr), called twice,")
def update_twice(
    student: Any, weights: Tensors, gradients: Tensors, lr: float, lend: bool
) -> object:
    """Update a network twice by the gradients that it was given once; give its weights."""
    case = weights, gradients, lr
    model, before = updated_model(student, network, case, lend=lend, times=2)
    return {"weights": named_layers(parameter_values(model)), "same": has_still(model, before)}


@probe("update_parameters(model, lr), and a backward pass after it,")
def update_and_go_back(
    student: Any,
    weights: Tensors,
    gradients: Tensors,
    lr: float,
    images: torch.Tensor,
    labels: torch.Tensor,
    lend: bool,
) -> object:
    """Update a network; give the gradients that its first parameters get from a batch then."""
    model, before = updated_model(student, network, (weights, gradients, lr), lend=lend)
    for parameter in before:
        parameter.grad = None
    loss = loss_of(model, images, labels)
    if loss.requires_grad:
        loss.backward()
    return {"gradients": named_layers(gradient_values(before)), "same": has_still(model, before)}


def loss_of(model: nn.Module, images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Measure the loss of a batch."""
    criterion = nn.NLLLoss(weight=images.new_tensor(CLASS_WEIGHTS))
    loss: torch.Tensor = criterion(model(images.flatten(start_dim=1)), labels)
    return loss


@probe("clear_gradients(model)")
def clear(
    student: Any, weights: Tensors, images: torch.Tensor, labels: torch.Tensor, missing: bool
) -> object:
    """Clear what the first half of a batch has left; give the gradients of the second half."""
    (first, second), (marks, others) = images.chunk(2), labels.chunk(2)

    def cleared(*, missing: bool) -> nn.Module:
        model = network(weights)
        loss_of(model, first, marks).backward()
        *_, last = model.parameters()
        last.grad = None if missing else last.grad
        student.clear_gradients(model)
        return model

    model = attempt(
        partial(cleared, missing=missing),
        {"missing-gradient-not-skipped": partial(cleared, missing=False)},
    )
    loss_of(model, second, others).backward()
    return named_layers(gradient_values(model.parameters()))


def step_in_place(model: nn.Module, lr: float) -> None:
    """Take one step with every parameter that has a gradient."""
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.grad is not None:
                parameter.sub_(lr * parameter.grad)


def sixty_four(images: torch.Tensor, labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Make a batch of 64 of the images of another."""
    places = torch.arange(64) % len(labels)
    return images[places], labels[places]


def report_steps(
    student: Any,
    weights: Tensors,
    stale: Sequence[torch.Tensor | None],
    batches: Sequence[Batch],
    lr: float,
    *,
    lend: bool,
) -> dict[str, object]:
    """Let the student take a step on each batch, and report what became of the model.

    `trace` holds a B for each backward pass and ends with a g if gradients are there at the end.
    """
    criterion = nn.NLLLoss(weight=weights[0].new_tensor(CLASS_WEIGHTS))
    trace: list[str] = []
    right = (
        ("updated", one_stride),
        ("update_parameters", step_in_place),
        ("clear_gradients", nn.Module.zero_grad),
    )

    def run(
        criterion: nn.Module = criterion,
        before: Sequence[torch.Tensor | None] = stale,
        parts: Sequence[Batch] = batches,
    ) -> tuple[nn.Module, list[object]]:
        model = network(weights)
        set_gradients(model, before)
        *_, last = model.parameters()
        last.register_post_accumulate_grad_hook(lambda _: trace.append("B"))
        with ExitStack() as stack:
            for name, function in right if lend else ():
                stack.enter_context(lent(student, name, function))
            return model, [student.training_step(model, criterion, *part, lr) for part in parts]

    model, losses = attempt(
        run,
        {
            "images-not-flattened": lambda: run(
                parts=[(images.flatten(start_dim=1), labels) for images, labels in batches]
            ),
            "criterion-arguments-swapped": lambda: run(SwappedCriterion(criterion)),
            "missing-gradient-not-skipped": lambda: run(
                before=[torch.zeros_like(weight) for weight in weights]
            ),
            "fixed-batch-size": lambda: run(parts=[sixty_four(*part) for part in batches]),
        },
    )
    gradients = gradient_values(model.parameters())
    trace += ["g"] * any(bool(gradient.any()) for gradient in gradients)
    values = named_layers(parameter_values(model))
    return {"parameters": values, "losses": losses, "trace": "".join(trace)}


@probe("training_step(model, criterion, images, labels, lr)")
def first_step(
    student: Any,
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    lr: float,
    lend: bool,
) -> object:
    """Take the first step of a new model."""
    batches = [(images, labels)]
    return report_steps(student, weights, [None] * len(weights), batches, lr, lend=lend)


@probe("training_step(model, criterion, images, labels, lr), called twice,")
def two_steps(
    student: Any,
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    lr: float,
    lend: bool,
) -> object:
    """Take a step on each half of a batch, with a model that holds old gradients."""
    halves = list(zip(images.chunk(2), labels.chunk(2), strict=True))
    return report_steps(student, weights, old_gradients(weights), halves, lr, lend=lend)


def why_unmoved(answer: Answer) -> str:
    """Name the mistake behind weights that a training step left as they were."""
    trace = answer["trace"].text
    if "B" not in trace:
        return "backward-never-called"
    return "step-not-taken" if trace.endswith("g") else "gradients-gone-before-the-step"


# The tests.


def updated_cases() -> list[tuple[torch.Tensor, torch.Tensor, float]]:
    """Give single weights, gradients and learning rates in both precisions."""
    weight, gradient, bias, slope = tensors(15, (3, 4), (3, 4), (5,), (5,))
    return [(weight, gradient, 0.3), (bias, slope, 0.02), (weight.float(), gradient.float(), 0.7)]


UPDATED_MISTAKES: Mapping[str, Callable[..., torch.Tensor]] = {
    "step-uphill": lambda weight, gradient, lr: weight + lr * gradient,
    "lr-missing": lambda weight, gradient, _: weight - gradient,
    "lr-twice": lambda weight, gradient, lr: weight - lr * lr * gradient,
    "lr-times-everything": lambda weight, gradient, lr: lr * (weight - gradient),
    "stride-instead-of-weight": lambda _, gradient, lr: lr * gradient,
    "gradient-minus-weight": lambda weight, gradient, lr: lr * gradient - weight,
}


@points(1)
def test_updated_takes_a_step_against_the_gradient(student: Student) -> None:
    """The new weight is the old one minus the learning rate times the gradient."""
    expect_each(
        student.updated,
        updated_cases(),
        right=one_stride,
        mistakes={**UPDATED_MISTAKES, "update-not-stored": lambda weight, *_: weight},
    )


@points(1)
def test_updated_leaves_the_old_weight_as_it_was(student: Student) -> None:
    """The old weight is still there after the call: the new one is another tensor."""
    case = updated_cases()[0]
    answer = student.updated(*case)
    expect_beside(
        lambda *_: answer,
        [case],
        right=one_stride,
        past=UPDATED_MISTAKES,
        mistakes={"update-not-stored": lambda weight, *_: weight},
    )
    expect(answer).leaves_arguments_alone()


@points(2)
def test_every_weight_and_bias_takes_the_step(student: Student) -> None:
    """One update moves every weight and bias, in nested blocks too, as one step of SGD would."""

    def only_outer(weights: Tensors, gradients: Tensors, lr: float) -> Named:
        inner = [torch.zeros_like(gradient) for gradient in gradients[:4]]
        return walked(weights, [*inner, *gradients[4:]], lr)

    def judge(lend: bool) -> None:
        for build in (update, update_nested):
            expect_each(
                lambda *case, build=build: build(student, *case, lend),
                update_cases(),
                right=walked,
                mistakes={
                    **STRIDE_MISTAKES,
                    "update-not-stored": unmoved,
                    "inner-layers-left-out": only_outer,
                },
            )

    own_or_lent(judge)


@points(1)
def test_the_model_keeps_its_own_parameters(student: Student) -> None:
    """After an update, backward() fills the same Parameter objects as before."""
    cases = [
        (weights, layers(13, 784, 5 + place, 4), lr, images, labels)
        for place, (weights, images, labels, lr) in enumerate(step_cases())
    ]

    def after(stride: Slip, *case: Any) -> Named:
        weights, gradients, lr, *batch = case
        return named_layers(gradients_at(list(stride(weights, gradients, lr).values()), *batch))

    def untouched(*case: Any) -> Named:
        return named_layers([torch.zeros_like(weight) for weight in case[0]])

    def judge(lend: bool) -> None:
        answers = [update_and_go_back(student, *case, lend) for case in cases]
        remaining = iter(answers)
        same = all(answer["same"].value is True for answer in answers)
        expect_beside(
            lambda *_: next(remaining)["gradients"],
            cases,
            right=partial(after, walked),
            past={slug: partial(after, stride) for slug, stride in STRIDE_MISTAKES.items()},
            mistakes={
                "update-not-stored": partial(after, unmoved),
                "parameters-no-longer-watched" if same else "parameters-replaced": untouched,
            },
        )

    own_or_lent(judge)


@points(1)
def test_a_parameter_without_gradient_stays(student: Student) -> None:
    """A parameter whose gradient is None keeps its value, and the others move."""

    def call(lend: bool, weights: Tensors, gradients: Tensors, lr: float) -> Answer:
        some = [None if place in {1, 2} else slope for place, slope in enumerate(gradients)]
        return update(student, weights, some, lr, lend)

    def masked(stride: Slip) -> Slip:
        return lambda weights, gradients, lr: (
            stride(weights, gradients, lr) | {"b1": weights[1], "W2": weights[2]}
        )

    def stopped(weights: Tensors, gradients: Tensors, lr: float) -> Named:
        return named_layers(weights) | {"W1": walked(weights, gradients, lr)["W1"]}

    own_or_lent(
        lambda lend: expect_beside(
            partial(call, lend),
            update_cases(),
            right=masked(walked),
            past={slug: masked(stride) for slug, stride in STRIDE_MISTAKES.items()},
            mistakes={"update-not-stored": unmoved, "stops-at-first-missing-gradient": stopped},
        )
    )


@points(1)
def test_an_update_leaves_the_gradients_alone(student: Student) -> None:
    """The update only reads the gradients: a second update by the same ones moves as far."""

    def twice(stride: Slip, weights: Tensors, gradients: Tensors, lr: float) -> Named:
        return stride(list(stride(weights, gradients, lr).values()), gradients, lr)

    def scaled(weights: Tensors, gradients: Tensors, lr: float) -> Named:
        return walked(weights, gradients, lr + lr * lr)

    def judge(lend: bool) -> None:
        answers = [update_twice(student, *case, lend) for case in update_cases()]
        remaining = iter(answers)
        same = all(answer["same"].value is True for answer in answers)
        expect_beside(
            lambda *_: next(remaining)["weights"],
            update_cases(),
            right=partial(twice, walked),
            past={slug: partial(twice, stride) for slug, stride in STRIDE_MISTAKES.items()},
            mistakes={
                "update-not-stored": unmoved,
                "gradients-cleared-by-update" if same else "parameters-replaced": walked,
                "gradients-scaled-in-place": scaled,
            },
        )

    own_or_lent(judge)


def gradients_are_cleared(student: Student) -> None:
    """Expect that a batch has its own gradients after clearing."""
    expect_each(
        partial(clear, student),
        clear_cases(),
        right=gradients_after_clearing,
        mistakes={
            "gradients-not-cleared": gradients_of_both,
            "weights-cleared": partial(gradients_of_both, erased=True),
        },
    )


@points(1)
def test_every_gradient_is_cleared(student: Student) -> None:
    """After clearing, the gradients of the next batch stand alone, also where there was none."""
    gradients_are_cleared(student)


@points(1)
def test_a_gradient_of_nan_is_cleared(student: Student) -> None:
    """Gradients that held NaN are cleared as well."""
    gradients_are_cleared(student)
    for case in clear_cases(spoiled=True):
        answer = clear(student, *case)
        rest = [answer[name].value for name in named_layers(case[0])]
        spoiled = any(isinstance(each, torch.Tensor) and bool(each.isnan().any()) for each in rest)
        expect(answer).satisfies(not spoiled, "NaN is left.", "nan-outlives-clearing")
        expect(answer).equals(gradients_after_clearing(*case))


@points(2)
def test_one_step_moves_the_weights_downhill(student: Student) -> None:
    """One training step moves the weights by this batch's gradient, and changes no image."""

    def judge(lend: bool) -> None:
        answers = [first_step(student, *case, lend) for case in step_cases()]
        remaining = iter(answers)
        expect_each(
            lambda *_: next(remaining)["parameters"],
            step_cases(),
            right=stepped,
            mistakes={**STEP_MISTAKES, why_unmoved(answers[0]): unmoved},
        )
        for answer in answers:
            expect(answer).leaves_arguments_alone()

    own_or_lent(judge)


@points(3)
def test_old_gradients_do_not_count(student: Student) -> None:
    """Gradients of another batch that still lie there don't move the weights."""
    own_or_lent(
        lambda lend: expect_beside(
            lambda *case: two_steps(student, *case, lend)["parameters"],
            two_batch_cases(),
            right=partial(both_halves, stepped),
            past={slug: partial(both_halves, step) for slug, step in STEP_MISTAKES.items()},
            mistakes={
                "gradients-add-up": partial(stepped_twice, keeps=(1.0, 1.0)),
                "cleared-after-the-step": partial(stepped_twice, keeps=(1.0, 0.0)),
            },
        )
    )


@points(1)
def test_the_loss_is_that_of_the_prediction_made(student: Student) -> None:
    """What comes back is the loss before the update, as a Python float."""

    def loss(weights: Tensors, images: torch.Tensor, labels: torch.Tensor, _: float) -> float:
        return loss_at(weights, images, labels).item()

    def loss_after(
        weights: Tensors, images: torch.Tensor, labels: torch.Tensor, lr: float
    ) -> float:
        after = list(stepped(weights, images, labels, lr).values())
        return loss_at(after, images, labels).item()

    own_or_lent(
        lambda lend: expect_each(
            lambda *case: first_step(student, *case, lend)["losses"][0],
            step_cases(),
            right=loss,
            mistakes={
                "loss-after-the-step": loss_after,
                "loss-is-a-tensor": lambda weights, images, labels, _: loss_at(
                    weights, images, labels
                ),
                "nothing-returned": lambda *_: None,
                "mean-taken-twice": lambda *case: loss(*case) / len(case[2]),
                "criterion-ignored": lambda weights, images, labels, _: loss_at(
                    weights, images, labels, EQUAL_WEIGHTS
                ).item(),
            },
        )
    )
