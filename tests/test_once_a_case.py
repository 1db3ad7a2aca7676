"""What is made of a case once."""

from __future__ import annotations

import torch

from kit.once_a_case import once_a_case


def test_the_same_arguments_make_one_thing() -> None:
    """A thing is made once for the same tensors, and again for others that are equal."""
    sum_of = once_a_case(lambda *tensors: [tensor.sum() for tensor in tensors])
    one, other = torch.ones(2), torch.ones(2)

    assert sum_of(one) is sum_of(one)
    assert sum_of(one) is not sum_of(other)
    assert sum_of(one, other) is not sum_of(one)


def test_the_cases_of_one_test_are_kept_and_no_more() -> None:
    """Two cases that come in turn are made once each; a third takes the place of the first."""
    made: list[torch.Tensor] = []
    keep = once_a_case(made.append)
    cases = [torch.zeros(1) for _ in range(3)]
    for case in [cases[0], cases[1], cases[0], cases[1], cases[2], cases[0]]:
        keep(case)

    order = [next(place for place, case in enumerate(cases) if case is each) for each in made]
    assert order == [0, 1, 2, 0]
