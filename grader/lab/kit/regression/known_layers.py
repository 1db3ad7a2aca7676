"""Two linear layers whose weights are known, with something unknown between them.

A network 4 -> 2 -> 1 is given several sets of weights. Each comes with inputs that lead to the same
hidden numbers, in another order. What stands between the layers is the student's choice: what it
makes of these numbers follows from the answers to two of the sets, and the others' from that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from grader.suite import LOOSE, expect
from kit.networks import tensors

if TYPE_CHECKING:
    from grader.suite import Answer

    Tensors = list[torch.Tensor]

__all__ = ["WITHOUT_A_BIAS", "expect_known_answers", "settings"]

WITHOUT_A_BIAS = (10, 11, 12)  # numbers to learn: 8 + 2 weights, and one layer's biases or none
POINTS = 6
OUTGOING = ((1.0, 0.3), (-0.4, 1.0), (0.7, -0.8), (-1.0, -0.5))  # a set's weights of the answer


def order(place: int) -> torch.Tensor:
    """Give the order in which a set of weights meets the hidden numbers."""
    return torch.randperm(POINTS, generator=torch.Generator().manual_seed(40 + place))


def settings() -> list[Tensors]:
    """Give W1 (2, 4), b1 (2,), W2 (1, 2), b2 (1,) and inputs (n, 4), in float32, for each set."""
    (hidden,) = tensors(45, (POINTS, 2))
    hidden[::2] = hidden[::2].flip(1)  # either of the two is the larger one somewhere
    sets = []
    for place, outgoing in enumerate(OUTGOING):
        first, bias, shift, free = tensors(46 + place, (2, 4), (2,), (1,), (POINTS, 4))
        reached = first.pinverse() @ (hidden[order(place)] - bias).T
        unseen = free.T - first.pinverse() @ first @ free.T
        sets.append([first, bias, torch.tensor([outgoing]), shift, (reached + unseen).T])
    return [[tensor.float() for tensor in each] for each in sets]


def expect_known_answers(answers: Answer) -> None:
    """Require that a model's answers follow from its weights."""
    sets = settings()
    outgoing = [weights.double().T for _, _, weights, _, _ in sets]
    shifts = [shift.double() for _, _, _, shift, _ in sets]
    sorted_answers = []
    for place, shift in enumerate(shifts):
        came = expect(answers[place]).tensor(shape=(POINTS, 1), dtype=torch.float32)
        sorted_answers.append((came.double() - shift)[order(place).argsort()])
    both = torch.cat(sorted_answers[:2], dim=1)
    varies = bool((both - both[0]).abs().max() > LOOSE.absolute)
    expect(answers).satisfies(varies, "the answer is the same for every input.")
    between = both @ torch.cat(outgoing[:2], dim=1).inverse()
    for place in (2, 3):
        right = between @ outgoing[place] + shifts[place]
        expect(answers[place]).equals(right[order(place)].float(), tolerance=LOOSE)
