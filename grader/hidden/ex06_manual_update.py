"""Hidden tests of ex06_manual_update: one step of gradient descent, without an optimizer.

Right answers come from a plain loop in float64. The loss weighs its classes, which tells the
criterion that was handed over from any other. Where several mistakes leave the weights as they
were, what happened to the gradients names the mistake; it decides no points.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from grader.guest.probing import (
    SwappedCriterion,
    attempt,
    gradient_values,
    named_layers,
    network,
    parameter_values,
    set_gradients,
)
from grader.judge.beside import expect_beside
from grader.judge.expect import expect, expect_each
from grader.judge.networks import (
    CLASS_WEIGHTS,
    EQUAL_WEIGHTS,
    gradients_at,
    image_batch,
    layers,
    loss_at,
    mixed_pixels,
    tensors,
)
from grader.judge.suite import points, probe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.judge.student import Answer, Student

    Tensors = list[torch.Tensor]
    Named = dict[str, torch.Tensor]
    UpdateCase = tuple[Tensors, Tensors, float]
    StepCase = tuple[Tensors, torch.Tensor, torch.Tensor, float]
    Slip = Callable[[Tensors, Tensors, float], Named]

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


def stepped_twice(
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    lr: float,
    *,
    keeps: tuple[float, float] = (0.0, 0.0),
    stride: Slip = walked,
) -> Named:
    """Give the weights after one training step on each half of a batch.

    `keeps` says how much the gradients that lie there count in the first and in the second step.
    """
    before = old_gradients(weights)
    for kept, part, marks in zip(keeps, images.chunk(2), labels.chunk(2), strict=True):
        fresh = gradients_at(weights, part, marks)
        before = [new + kept * old for new, old in zip(fresh, before, strict=True)]
        weights = list(stride(weights, before, lr).values())
    return named_layers(weights)


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


def report_update(
    student: Any,
    build: Callable[[Tensors], nn.Module],
    weights: Tensors,
    gradients: list[torch.Tensor | None],
    lr: float,
) -> dict[str, object]:
    """Let the student update a model, and report what became of it."""

    def update(model: nn.Module, slopes: Sequence[torch.Tensor | None] = gradients) -> None:
        set_gradients(model, slopes)
        student.update_parameters(model, lr)

    filled = [
        torch.zeros_like(weight) if gradient is None else gradient
        for weight, gradient in zip(weights, gradients, strict=True)
    ]
    model = build(weights)
    before = list(model.parameters())
    attempt(
        lambda: update(model),
        {
            "update-outside-no-grad": lambda: torch.no_grad()(update)(build(weights)),
            "missing-gradient-not-skipped": lambda: update(build(weights), filled),
            "tensor-assigned-to-parameter": lambda: update(forgiving(build(weights))),
        },
    )
    after = list(model.parameters())
    return {
        "parameters": named_layers(parameter_values(model)),
        "gradients": named_layers(gradient_values(before)),
        "same": [id(parameter) for parameter in after] == [id(parameter) for parameter in before],
        "watched": all(parameter.is_leaf and parameter.requires_grad for parameter in after),
    }


@probe("update_parameters(model, lr)")
def update(
    student: Any,
    weights: Tensors,
    gradients: list[torch.Tensor | None],
    lr: float,
) -> object:
    """Update a network of three layers."""
    return report_update(student, network, weights, gradients, lr)


@probe("update_parameters(model, lr)")
def update_nested(
    student: Any,
    weights: Tensors,
    gradients: list[torch.Tensor | None],
    lr: float,
) -> object:
    """Update a network whose layers lie in blocks."""
    return report_update(student, Nested, weights, gradients, lr)


@probe("clear_gradients(model)")
def clear(
    student: Any,
    weights: Tensors,
    gradients: list[torch.Tensor | None],
) -> object:
    """Clear the gradients of a network."""

    def run(model: nn.Module, *, filled: bool = False) -> None:
        set_gradients(model, gradients)
        if filled:
            set_gradients(model, gradient_values(model.parameters()))
        student.clear_gradients(model)

    model = network(weights)
    attempt(
        lambda: run(model),
        {"missing-gradient-not-skipped": lambda: run(network(weights), filled=True)},
    )
    return {
        "parameters": named_layers(parameter_values(model)),
        "gradients": named_layers(gradient_values(model.parameters())),
    }


def sixty_four(images: torch.Tensor, labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Make a batch of 64 of the images of another."""
    places = torch.arange(64) % len(labels)
    return images[places], labels[places]


def report_steps(
    student: Any,
    weights: Tensors,
    stale: Sequence[torch.Tensor | None],
    batches: Sequence[tuple[torch.Tensor, torch.Tensor]],
    lr: float,
) -> dict[str, object]:
    """Let the student take a step on each batch, and report what became of the model.

    `trace` holds a B for each backward pass and ends with a g if gradients are there at the end.
    """
    criterion = nn.NLLLoss(weight=weights[0].new_tensor(CLASS_WEIGHTS))
    trace: list[str] = []

    def run(
        criterion: nn.Module = criterion,
        before: Sequence[torch.Tensor | None] = stale,
        parts: Sequence[tuple[torch.Tensor, torch.Tensor]] = batches,
    ) -> tuple[nn.Module, list[object]]:
        model = network(weights)
        set_gradients(model, before)
        *_, last = model.parameters()
        last.register_post_accumulate_grad_hook(lambda _: trace.append("B"))
        return model, [
            student.training_step(model, criterion, images, labels, lr) for images, labels in parts
        ]

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
            "fixed-batch-size": lambda: run(parts=[sixty_four(*batches[0])]),
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
) -> object:
    """Take the first step of a new model."""
    return report_steps(student, weights, [None] * len(weights), [(images, labels)], lr)


@probe("training_step(model, criterion, images, labels, lr), called twice,")
def two_steps(
    student: Any,
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    lr: float,
) -> object:
    """Take a step on each half of a batch, with a model that holds old gradients."""
    halves = list(zip(images.chunk(2), labels.chunk(2), strict=True))
    return report_steps(student, weights, old_gradients(weights), halves, lr)


def why_unmoved(answer: Answer) -> str:
    """Name the mistake behind weights that a training step left as they were."""
    trace = str(answer["trace"].value)
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


def one_stride(weight: torch.Tensor, gradient: torch.Tensor, lr: float) -> torch.Tensor:
    """Give the weight after one step."""
    return weight - lr * gradient


@points(2)
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


def require_stride(answer: Answer, case: UpdateCase) -> None:
    """Require a step, if only a mistaken one: who takes none has kept nothing in order either."""
    expect_beside(
        lambda *_: answer["parameters"],
        [case],
        right=walked,
        past=STRIDE_MISTAKES,
        mistakes={"update-not-stored": unmoved},
    )


@points(2)
def test_every_weight_and_bias_takes_the_step(student: Student) -> None:
    """One update moves every weight and bias as one step of SGD would."""
    expect_each(
        lambda *case: update(student, *case)["parameters"],
        update_cases(),
        right=walked,
        mistakes={**STRIDE_MISTAKES, "update-not-stored": unmoved},
    )


@points(1)
def test_parameters_in_nested_blocks_take_the_step(student: Student) -> None:
    """Layers inside of blocks inside of the model move, too."""

    def only_outer(weights: Tensors, gradients: Tensors, lr: float) -> Named:
        inner = [torch.zeros_like(gradient) for gradient in gradients[:4]]
        return walked(weights, [*inner, *gradients[4:]], lr)

    expect_beside(
        lambda *case: update_nested(student, *case)["parameters"],
        update_cases(),
        right=walked,
        past=STRIDE_MISTAKES,
        mistakes={"update-not-stored": unmoved, "inner-layers-left-out": only_outer},
    )


@points(1)
def test_the_model_keeps_its_own_parameters(student: Student) -> None:
    """After an update the model holds the same Parameter objects, still watched by autograd."""
    case = update_cases()[0]
    answer = update(student, *case)
    require_stride(answer, case)
    expect(answer).satisfies(
        answer["same"].value is True,
        "the model holds other Parameter objects than before.",
        "parameters-replaced",
    )
    expect(answer).satisfies(
        answer["watched"].value is True,
        "a parameter is no longer a leaf that requires a gradient.",
        "parameters-no-longer-watched",
    )


@points(1)
def test_a_parameter_without_gradient_stays(student: Student) -> None:
    """A parameter whose gradient is None keeps its value, and the others move."""

    def call(weights: Tensors, gradients: Tensors, lr: float) -> Answer:
        some = [None if place in {1, 2} else slope for place, slope in enumerate(gradients)]
        return update(student, weights, some, lr)["parameters"]

    def masked(stride: Slip) -> Slip:
        return lambda weights, gradients, lr: (
            stride(weights, gradients, lr) | {"b1": weights[1], "W2": weights[2]}
        )

    def stopped(weights: Tensors, gradients: Tensors, lr: float) -> Named:
        return named_layers(weights) | {"W1": walked(weights, gradients, lr)["W1"]}

    expect_beside(
        call,
        update_cases(),
        right=masked(walked),
        past={slug: masked(stride) for slug, stride in STRIDE_MISTAKES.items()},
        mistakes={"update-not-stored": unmoved, "stops-at-first-missing-gradient": stopped},
    )


@points(1)
def test_an_update_leaves_the_gradients_alone(student: Student) -> None:
    """The update reads the gradients; it neither changes nor clears them."""
    case = update_cases()[1]
    _, gradients, lr = case
    answer = update(student, *case)
    require_stride(answer, case)
    expect(answer["gradients"]).equals(
        named_layers(gradients),
        mistakes={
            "gradients-cleared-by-update": named_layers(
                [torch.zeros_like(slope) for slope in gradients]
            ),
            "gradients-scaled-in-place": named_layers([lr * slope for slope in gradients]),
        },
    )


@points(1)
def test_every_gradient_is_cleared(student: Student) -> None:
    """Afterwards each gradient is None or zeros, also where there was none before."""

    def call(weights: Tensors, gradients: Tensors, _: float) -> Answer:
        return clear(student, weights, [*gradients[:-1], None])

    def gives(weights: Tensors, gradients: Tensors) -> dict[str, Named]:
        gradients = [*gradients[:-1], torch.zeros_like(gradients[-1])]
        return {"parameters": named_layers(weights), "gradients": named_layers(gradients)}

    def zeros(values: Tensors) -> Tensors:
        return [torch.zeros_like(value) for value in values]

    expect_each(
        call,
        update_cases(),
        right=lambda weights, gradients, _: gives(weights, zeros(gradients)),
        mistakes={
            "gradients-not-cleared": lambda weights, gradients, _: gives(weights, gradients),
            "weights-cleared": lambda weights, gradients, _: gives(zeros(weights), gradients),
        },
    )


@points(2)
def test_one_step_moves_the_weights_downhill(student: Student) -> None:
    """One training step moves the weights by this batch's gradient."""
    answers = [first_step(student, *case) for case in step_cases()]
    remaining = iter(answers)
    expect_each(
        lambda *_: next(remaining)["parameters"],
        step_cases(),
        right=stepped,
        mistakes={
            **STEP_MISTAKES,
            why_unmoved(answers[0]): unmoved,
        },
    )


@points(1)
def test_old_gradients_do_not_count(student: Student) -> None:
    """Gradients of another batch that still lie there don't move the weights."""
    expect_beside(
        lambda *case: two_steps(student, *case)["parameters"],
        two_batch_cases(),
        right=stepped_twice,
        past={
            slug: partial(stepped_twice, stride=stride) for slug, stride in STRIDE_MISTAKES.items()
        },
        mistakes={
            "gradients-add-up": partial(stepped_twice, keeps=(1.0, 1.0)),
            "cleared-after-the-step": partial(stepped_twice, keeps=(1.0, 0.0)),
        },
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

    expect_each(
        lambda *case: first_step(student, *case)["losses"][0],
        step_cases(),
        right=loss,
        mistakes={
            "loss-after-the-step": loss_after,
            "loss-is-a-tensor": lambda weights, images, labels, _: loss_at(weights, images, labels),
            "nothing-returned": lambda *_: None,
            "mean-taken-twice": lambda *case: loss(*case) / len(case[2]),
            "criterion-ignored": lambda weights, images, labels, _: loss_at(
                weights, images, labels, EQUAL_WEIGHTS
            ).item(),
        },
    )


@points(1)
def test_a_step_leaves_the_batch_as_it_was(student: Student) -> None:
    """A training step changes the model, and nothing of the images and labels."""
    case = step_cases()[0]
    answer = first_step(student, *case)
    expect_beside(
        lambda *_: answer["parameters"],
        [case],
        right=stepped,
        past=STEP_MISTAKES,
        mistakes={why_unmoved(answer): unmoved},
    )
    expect(answer).leaves_arguments_alone()
