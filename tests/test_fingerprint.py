"""What a wrong answer without a name is known by: the same for the same, and nothing to be read."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.answers.fingerprint import fingerprint
from grader.guest.crossing.values import Foreign

if TYPE_CHECKING:
    from collections.abc import Callable

CHANCE = torch.Generator().manual_seed(7)
CASES = [
    (torch.randn(rows, 5, generator=CHANCE), torch.randint(5, (rows,), generator=CHANCE))
    for rows in (9, 4)
]
RIGHT = [F.cross_entropy(*case) for case in CASES]


def known_by(way: Callable[..., object]) -> str:
    """Return the fingerprint of what a function computes of the cases."""
    return fingerprint([way(*case) for case in CASES], RIGHT)


WAYS: dict[str, Callable[..., object]] = {
    "sum": lambda z, y: F.cross_entropy(z, y, reduction="sum"),
    "no mean": lambda z, y: F.cross_entropy(z, y, reduction="none"),
    "over the batch": lambda z, y: F.nll_loss(F.log_softmax(z, 0), y),
    "half": lambda z, y: F.cross_entropy(z, y) / 2,
    "wrong sign": lambda z, y: -F.cross_entropy(z, y),
    "probabilities": lambda z, y: F.nll_loss(z.softmax(1), y),
    "softmax twice": lambda z, y: F.cross_entropy(z.softmax(1), y),
    "divided by classes": lambda z, y: F.cross_entropy(z, y, reduction="sum") / 5,
    "one too few": lambda z, y: F.cross_entropy(z, y, reduction="sum") / (len(y) - 1),
    "as a number": lambda z, y: F.cross_entropy(z, y, reduction="sum").item(),
    "in double": lambda z, y: F.cross_entropy(z, y, reduction="sum").double(),
    "in a list": lambda z, y: [F.cross_entropy(z, y, reduction="sum")],
    "its input": lambda z, _: z,
    "classes": lambda z, _: z.argmax(1),
}


def test_what_differs_has_different_ones() -> None:
    """Also where only the kind of the answer differs, or the number that a sum is divided by."""
    found = {name: known_by(way) for name, way in WAYS.items()}
    assert all(found.values())
    alike = [pair for pair in combinations(found, 2) if found[pair[0]] == found[pair[1]]]
    assert alike == []


def test_a_small_part_is_seen_beside_a_large_one() -> None:
    """Mistakes in a bias differ, however large the weights are."""
    chance = torch.Generator().manual_seed(7)
    large, small = (torch.randn(*shape, generator=chance) for shape in ((784, 10), (10,)))
    large, small = large * 1e4, small / 1e4
    right = [{"W": large, "b": small}]
    found = [
        fingerprint([{"W": large, "b": wrong}], right) for wrong in (2 * small, -small, large[0])
    ]
    assert len({*found, ""}) == 4


def test_the_place_of_a_fault_is_seen() -> None:
    """The same fault in another number is another answer."""
    ones = torch.ones(300)
    found = {fingerprint([ones + F.one_hot(torch.tensor(n), 300)], [ones]) for n in range(40)}
    assert len(found) == 40


def test_the_order_of_a_sum_does_not_count() -> None:
    """The last bits of float32 differ then."""

    def by_hand(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        rows = [z[row].logsumexp(0) - z[row, y[row]] for row in reversed(range(len(y)))]
        return torch.stack(rows).sum()

    sums = [by_hand(*case) for case in CASES]
    assert any(mine != WAYS["sum"](*case) for mine, case in zip(sums, CASES, strict=True))
    assert known_by(by_hand) == known_by(WAYS["sum"])


def test_noise_rarely_changes_it() -> None:
    """Most of those who share an answer are counted together, whatever they add up first."""
    together = 0
    for seed in range(10):
        noise = np.random.default_rng(seed)
        wrong = noise.normal(size=(30, 7)) * 10.0 ** noise.integers(-3, 4)
        right = torch.zeros(30, 7, dtype=torch.float64)
        noisy = [wrong * (1 + 1e-6 * noise.normal(size=wrong.shape)) for _ in range(10)]
        found = [fingerprint([torch.from_numpy(each)], [right]) for each in noisy]
        assert "" not in found
        together += max(found.count(each) for each in found)
    assert together > 90


@pytest.mark.parametrize(
    "answers",
    [
        [None, None],
        [torch.zeros(9, 5), torch.zeros(4, 5)],
        [torch.full((3,), torch.nan), torch.full((3,), torch.inf)],
        [torch.tensor(1.0), torch.tensor(1.0)],
        [3, 3],
        ["text", "text"],
    ],
)
def test_what_tells_nothing_has_none(answers: list[object]) -> None:
    """Nothing, no finite number, and the same for several inputs."""
    assert fingerprint(answers, RIGHT) == ""


def test_whoever_does_not_know_what_is_right_finds_nothing_by_trying() -> None:
    """A short answer could be found by trying all of them, if the right one were not hashed too."""
    wrong = 0.5
    mine = fingerprint([wrong], [RIGHT[0]])
    tried = [fingerprint([wrong], [torch.tensor(0.1 * step)]) for step in range(30)]
    assert mine not in tried
    assert str(wrong) not in mine


def test_what_was_asked_counts_too() -> None:
    """So the many answers that one number may be are not tried; the last bits do not count."""
    asked = torch.arange(45.0).sin().view(9, 5)
    noise = 1 + 1e-7 * asked.flip(0)
    cases = [asked, asked * noise, asked + 0.1, {"x": asked}, list(range(100_000))]
    found = [fingerprint([0.5], [1.0], [(case, 0.1)]) for case in cases]

    assert found[0] == found[1]
    assert len({*found, fingerprint([0.5], [1.0])}) == len(cases)


@settings(max_examples=40)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text()
        | st.binary()
        | st.lists(st.floats(width=32)).map(torch.tensor)
        | st.lists(st.floats(width=16)).map(lambda row: torch.tensor(row, dtype=torch.bfloat16))
        | st.lists(st.booleans()).map(torch.tensor)
        | st.lists(st.integers(0, 3)).map(np.array),
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
    )
)
def test_whatever_was_returned_is_taken(answer: object) -> None:
    """Of any kind and any depth, and the same has the same."""
    found = fingerprint([answer], [torch.ones(3)])
    assert found == "" or len(found) == 16
    assert found == fingerprint([answer], [torch.ones(3)])


@pytest.mark.parametrize(
    "answer",
    [
        10**5000,
        {10**5000: 1.0, (1, -(10**5000)): 2},
        [1.7e308, 1.7e308],
        torch.full((9,), 1.7e308, dtype=torch.float64),
        torch.tensor([1e-45, 2 + 3j]),
        torch.ones(2, dtype=torch.bfloat16),
        Foreign("numpy.ndarray", "shape (2, 3)"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_python_or_numpy_refuse_is_taken_too(answer: object) -> None:
    """Numbers with thousands of digits, sums beyond float64, and dtypes that NumPy lacks."""
    assert len(fingerprint([answer], [torch.ones(3)])) == 16
    assert len(fingerprint([torch.ones(3)], [answer])) == 16
