"""What is right, and what known mistakes give, for the hidden tests."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import permutations
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from grader.errors import SubmissionError
from grader.suite import (
    difference,
    expect_beside,
    expect_each,
)
from kit.backprop.chain_rule import WayBack, network_case, right_gradients, slope_of_sigmoid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.suite import Answer, Student
    from kit.backprop.chain_rule import Case, Named

    Way = Callable[..., object]
from kit.backprop.probes import (
    GRADIENTS,
    LAYERS,
    gradients_on_right_forward,
    layers,
    own_gradients,
)

__all__ = [
    "FORWARD_MISTAKES",
    "FORWARD_ORDERS",
    "GRADIENT_ORDERS",
    "HIDDEN_LAYER_MISTAKES",
    "HIDDEN_MISTAKES",
    "LOSS_MISTAKES",
    "ORDERS_OF_THE_OUTPUT",
    "OUTPUT_LAYER",
    "OUTPUT_LAYER_MISTAKES",
    "OUTPUT_MISTAKES",
    "PAST_BACKWARD",
    "cases",
    "each_answer",
    "forward_cases",
    "forward_is_right",
    "half_mean_square",
    "only",
    "run_forward",
    "way_back",
    "way_back_of_output_layer",
]

OUTPUT_LAYER = ("dW2", "db2")


def cases() -> list[Case]:
    """Give two networks with their examples; no size occurs twice in one."""
    return [
        network_case(51, n=5, d=3, h=4, k=2),
        network_case(52, n=6, d=2, h=5, k=3, dtype=torch.float32),
    ]


def only(names: Sequence[str], compute: Callable[..., Named]) -> Callable[..., Named]:
    """Take some of what a function computes."""

    def taken(*case: Tensor) -> Named:
        found = compute(*case)
        return {name: found[name] for name in names}

    return taken


def linear(inputs: Tensor, weights: Tensor, bias: Tensor) -> Tensor:
    """Give what a linear layer gives."""
    return inputs @ weights + bias


def run_forward(
    *case: Tensor,
    first: Callable[[Tensor, Tensor, Tensor], Tensor] = linear,
    between: Callable[[Tensor], Tensor] = torch.sigmoid,
    second: Callable[[Tensor, Tensor, Tensor], Tensor] = linear,
) -> Named:
    """Run the network in float64, with steps that can be replaced."""
    x, W1, b1, W2, b2 = (tensor.double() for tensor in case)
    before = first(x, W1, b1)
    hidden = between(before)
    found = (before, hidden, second(hidden, W2, b2))
    return {name: value.to(case[0].dtype) for name, value in zip(LAYERS, found, strict=True)}


def without_bias(inputs: Tensor, weights: Tensor, _: Tensor) -> Tensor:
    """Give what a layer gives that forgets its bias."""
    return inputs @ weights


def bias_for_each_input(inputs: Tensor, weights: Tensor, bias: Tensor) -> Tensor:
    """Give what a layer gives that adds its bias to each product."""
    return (inputs.unsqueeze(2) * weights + bias).sum(1)


def bias_after_sigmoid(*case: Tensor) -> Named:
    """Run a network whose hidden layer adds its bias after the sigmoid."""
    bias = case[2].double()
    return run_forward(*case, first=without_bias, between=lambda z: torch.sigmoid(z) + bias)


def second_layer_on_first(*case: Tensor) -> Named:
    """Run a network whose second layer takes L1, while S is right."""
    right = run_forward(*case)
    return right | {"L2": run_forward(*case, between=lambda z: z)["L2"]}


def l1_holds_s(*case: Tensor) -> Named:
    """Run a network whose L1 is what the sigmoid has made of it."""
    right = run_forward(*case)
    return right | {"L1": right["S"]}


HIDDEN_LAYER_MISTAKES: Mapping[str, Callable[..., Named]] = {
    "bias-not-added": partial(run_forward, first=without_bias, second=without_bias),
    "bias-after-the-sigmoid": bias_after_sigmoid,
    "bias-for-each-input": partial(
        run_forward, first=bias_for_each_input, second=bias_for_each_input
    ),
    "l1-holds-s": l1_holds_s,
    "sigmoid-left-out": partial(run_forward, between=lambda z: z),
    "tanh-not-sigmoid": partial(run_forward, between=torch.tanh),
    "relu-not-sigmoid": partial(run_forward, between=torch.relu),
}

OUTPUT_LAYER_MISTAKES: Mapping[str, Callable[..., Named]] = {
    "second-bias-not-added": partial(run_forward, second=without_bias),
    "l2-made-from-l1": second_layer_on_first,
    "sigmoid-on-the-output": partial(
        run_forward, second=lambda hidden, W2, b2: torch.sigmoid(hidden @ W2 + b2)
    ),
}


def in_order(compute: Callable[..., Named], order: Sequence[int]) -> Callable[..., Named]:
    """Give what a function computes, under each other's names."""

    def reordered(*case: Tensor) -> Named:
        found = compute(*case)
        names = sorted(found, key=[*LAYERS, *GRADIENTS].index)
        values = [found[name] for name in names]
        return dict(zip(names, [values[place] for place in order], strict=True))

    return reordered


def other_orders(compute: Callable[..., Named], n: int) -> dict[str, Way]:
    """Give every order of n right values but the right one."""
    orders = list(permutations(range(n)))[1:]
    return {f"order {order}": in_order(compute, order) for order in orders}


FORWARD_MISTAKES = {
    **HIDDEN_LAYER_MISTAKES,
    **OUTPUT_LAYER_MISTAKES,
    "forward-in-reverse-order": in_order(run_forward, (2, 1, 0)),
}

FORWARD_ORDERS = other_orders(run_forward, len(LAYERS))

PAST_FORWARD: Mapping[str, Way] = {**FORWARD_MISTAKES, **FORWARD_ORDERS}


def forward_cases() -> list[tuple[Tensor, ...]]:
    """Give what the way forward needs of both networks."""
    return [(x, W1, b1, W2, b2) for x, _, W1, b1, W2, b2 in cases()]


def forward_is_right(student: Student) -> None:
    """Expect all three layers to be right."""
    expect_each(
        partial(layers, student),
        forward_cases(),
        right=run_forward,
        mistakes=FORWARD_MISTAKES,
    )


def way_back(student: Student, *case: Tensor, go: Callable[..., Answer] = own_gradients) -> Answer:
    """Go back through the student's network, or through a right one where theirs is wrong.

    Where forward gives its layers in another order and backward takes them so, the gradients are
    right as they are.
    """
    if forward_is_fine(student, *case):
        return go(student, *case)
    with suppress(SubmissionError):
        own = go(student, *case)
        if not difference(own.value, right_gradients(*case)):
            return own
    return gradients_on_right_forward(student, *case)


def forward_is_fine(student: Student, *case: Tensor) -> bool:
    """Whether the way forward is right for a case."""
    x, _, W1, b1, W2, b2 = case
    try:
        found = layers(student, x, W1, b1, W2, b2)
    except SubmissionError:
        return False
    return not difference(found.value, run_forward(x, W1, b1, W2, b2))


def way_back_of_output_layer(student: Student, *case: Tensor) -> Answer:
    """Go back, and take what the output layer got."""
    answer = way_back(student, *case)
    return replace(answer, value={name: answer[name].value for name in OUTPUT_LAYER})


def errors(output: Tensor, y: Tensor) -> Tensor:
    """Give the errors in float64."""
    return output.double() - y.double()


def half_mean_square(output: Tensor, y: Tensor) -> Tensor:
    """Give the loss."""
    return ((errors(output, y) ** 2).sum() / (2 * len(y))).to(y.dtype)


def slip(measure: Callable[[Tensor, int], Tensor]) -> Callable[[Tensor, Tensor], Tensor]:
    """Give what a mistaken loss makes of the errors and the number of examples."""
    return lambda output, y: measure(errors(output, y), len(y)).to(y.dtype)


LOSS_MISTAKES: Mapping[str, Callable[[Tensor, Tensor], Tensor]] = {
    "half-left-out": slip(lambda e, n: (e**2).sum() / n),
    "not-divided-by-n": slip(lambda e, _: (e**2).sum() / 2),
    "divided-by-all-numbers": slip(lambda e, _: (e**2).mean() / 2),
    "errors-not-squared": slip(lambda e, n: e.sum() / (2 * n)),
    "absolute-errors": slip(lambda e, n: e.abs().sum() / (2 * n)),
    "root-of-the-loss": slip(lambda e, n: ((e**2).sum() / (2 * n)).sqrt()),
    "squared-after-the-sum": slip(lambda e, n: e.sum() ** 2 / (2 * n)),
    "loss-of-each-example": slip(lambda e, _: (e**2).sum(1) / 2),
}


def changed(change: Callable[[Tensor, Case], Tensor]) -> Callable[..., Named]:
    """Give what the right gradients become when each is changed at the end."""
    return lambda *case: {
        name: change(value, case) for name, value in right_gradients(*case).items()
    }


def swapped(*case: Tensor) -> Named:
    """Give the gradients in the order in which the way back finds them."""
    right = right_gradients(*case)
    return dict(zip(right, [right[name] for name in GRADIENTS], strict=True))


OUTPUT_MISTAKES: Mapping[str, Callable[..., Named]] = {
    "not-divided-by-n": WayBack(error=lambda out, y: out - y),
    "half-left-out": WayBack(error=lambda out, y: 2 * (out - y) / len(y)),
    "divided-by-all-numbers": WayBack(error=lambda out, y: (out - y) / y.numel()),
    "divided-by-n-twice": changed(lambda value, case: value / len(case[0])),
    "error-turned-around": WayBack(error=lambda out, y: (y - out) / len(y)),
    "loss-not-differentiated": WayBack(error=lambda out, y: (out - y) ** 2 / (2 * len(y))),
    "slope-of-the-output": WayBack(error=lambda out, y: (out - y) * out * (1 - out) / len(y)),
    "sigmoid-slope-at-the-output": WayBack(
        error=lambda out, y: (out - y) * slope_of_sigmoid(out) / len(y)
    ),
    "l1-in-the-place-of-s": WayBack(inputs=lambda before, _: before),
    "one-number-for-all-biases": WayBack(bias=lambda delta: delta.sum()),
    "biases-not-summed": WayBack(bias=lambda delta: delta),
    "biases-summed-along-rows": WayBack(bias=lambda delta: delta.sum(1)),
    "biases-keep-a-dimension": WayBack(bias=lambda delta: delta.sum(0, keepdim=True)),
    "biases-averaged-again": WayBack(bias=lambda delta: delta.mean(0)),
    "biases-of-first-example": WayBack(bias=lambda delta: delta[0]),
    "biases-get-nothing": WayBack(bias=lambda delta: torch.zeros_like(delta[0])),
    "weights-transposed": changed(lambda value, _: value.T if value.dim() > 1 else value),
    "layers-in-another-order": swapped,
}


def slope_left_out_of_b1(*case: Tensor) -> Named:
    """Go back, and sum for b1 what comes back to S."""
    without = WayBack(slope=lambda _, hidden: torch.ones_like(hidden))
    return right_gradients(*case) | {"db1": without(*case)["db1"]}


HIDDEN_MISTAKES: Mapping[str, Callable[..., Named]] = {
    "slope-left-out": WayBack(slope=lambda _, hidden: torch.ones_like(hidden)),
    "slope-left-out-of-b1": slope_left_out_of_b1,
    "slope-at-s": WayBack(slope=lambda _, hidden: slope_of_sigmoid(hidden)),
    "slope-from-l1": WayBack(slope=lambda before, _: before * (1 - before)),
    "slope-is-s": WayBack(slope=lambda _, hidden: hidden),
    "slope-is-one-minus-s": WayBack(slope=lambda _, hidden: 1 - hidden),
    "slope-nested": WayBack(slope=lambda _, hidden: torch.sigmoid(1 - hidden)),
    "slope-of-tanh": WayBack(slope=lambda _, hidden: 1 - hidden**2),
    "slope-of-relu": WayBack(slope=lambda before, _: (before > 0).double()),
    "error-not-averaged-for-hidden": WayBack(across=lambda error, W2, _: len(error) * error @ W2.T),
    "hidden-averaged-again": WayBack(across=lambda error, W2, _: error @ W2.T / len(error)),
    "w2-updated-too-early": WayBack(across=lambda error, W2, dW2: error @ (W2 - dW2).T),
    "inputs-through-the-sigmoid": WayBack(entrance=torch.sigmoid),
    "dw2-in-the-place-of-w2": WayBack(across=lambda error, _, dW2: error @ dW2.T),
}

SIGN_MISTAKES: Mapping[str, Callable[..., Named]] = {  # these are charged wherever they show
    "slope-sign-turned": WayBack(slope=lambda _, hidden: hidden * (hidden - 1)),
}

GRADIENT_ORDERS = other_orders(right_gradients, len(GRADIENTS))
ORDERS_OF_THE_OUTPUT = {  # those that the output layer's test charges
    order: way for order, way in GRADIENT_ORDERS.items() if not order.endswith("2, 3)")
}

PAST_BACKWARD: Mapping[str, Way] = {**OUTPUT_MISTAKES, **HIDDEN_MISTAKES, **GRADIENT_ORDERS}


def each_answer(student: Student, case: Case) -> list[Answer]:
    """Ask each function once; the values must be right, or mistaken as another test charges."""
    x, y, W1, b1, W2, b2 = case
    measured = run_forward(x, W1, b1, W2, b2)["L2"], y
    asked: list[tuple[Answer, tuple[Tensor, ...], Way, Mapping[str, Way]]] = [
        (layers(student, x, W1, b1, W2, b2), (x, W1, b1, W2, b2), run_forward, PAST_FORWARD),
        (student.loss(*measured), measured, half_mean_square, LOSS_MISTAKES),
        (way_back(student, *case), case, right_gradients, PAST_BACKWARD),
    ]
    for answer, given, right, past in asked:
        expect_beside(lambda *_, answer=answer: answer, [given], right, past)
    return [answer for answer, *_ in asked]
