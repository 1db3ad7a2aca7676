"""What is made of a case once."""

from __future__ import annotations

import torch

from kit.once_a_case import CASES, once_a_case


def test_the_same_arguments_make_one_thing() -> None:
    """A thing is made once for the same tensors, and again for others that are equal."""
    sum_of = once_a_case(lambda *tensors: [tensor.sum() for tensor in tensors])
    one, other = torch.ones(2), torch.ones(2)

    assert sum_of(one) is sum_of(one)
    assert sum_of(one) is not sum_of(other)
    assert sum_of(one, other) is not sum_of(one)


def test_the_cases_of_an_exercise_are_kept_and_no_more() -> None:
    """Cases that come in turn are made once each; one too many takes the place of the first."""
    made: list[torch.Tensor] = []
    keep = once_a_case(made.append)
    first, *others, last = cases = [torch.zeros(1) for _ in range(CASES + 1)]
    for case in [first, *others, first, *others, last, first]:
        keep(case)

    order = [next(place for place, case in enumerate(cases) if case is each) for each in made]
    assert order == [*range(CASES + 1), 0]
