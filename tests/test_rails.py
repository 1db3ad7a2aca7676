"""Tests of `grader.guest.rails`: what ex01 asks for by hand is switched off while its code runs."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
import torch
from the_lab import exercise_named
from torch import Tensor, nn
from torch.nn import functional as F

from grader.guest.crossing.values import pack
from grader.guest.crossing.wire import Call, Load, Loaded, Raised, Reply, Returned
from grader.guest.rails import ReadyMadeError, rail, unknown_functions
from grader.guest.submission import Guest

if TYPE_CHECKING:
    from collections.abc import Callable

LOSSES = exercise_named("ex01_losses").switched_off
Z = torch.tensor([[2.0, -1.0, 0.5], [0.0, 3.0, -2.0]])
Y = torch.tensor([0, 2])
READY_MADE: dict[str, Callable[[], object]] = {
    "F.mse_loss": lambda: F.mse_loss(Z, Z),
    "F.one_hot": lambda: F.one_hot(Y, 3),
    "F.log_softmax": lambda: F.log_softmax(Z, dim=1),
    "torch.log_softmax": lambda: torch.log_softmax(Z, 1),
    "torch.special.log_softmax": lambda: torch.special.log_softmax(Z, 1),
    "Tensor.log_softmax": lambda: nn.Parameter(Z).log_softmax(dim=1),
    "F.cross_entropy": lambda: F.cross_entropy(Z, Y),
    "F.nll_loss": lambda: F.nll_loss(Z, Y),
}
MODULES: dict[str, Callable[[], object]] = {
    "F.mse_loss": lambda: nn.MSELoss()(Z, Z),
    "F.log_softmax": lambda: nn.LogSoftmax(dim=1)(Z),
    "F.cross_entropy": lambda: nn.CrossEntropyLoss()(Z, Y),
    "F.nll_loss": lambda: nn.NLLLoss()(Z, Y),
}
OPEN: dict[str, Callable[[], Tensor]] = {
    "logsumexp": lambda: torch.logsumexp(Z, 1),
    "exp": Z.exp,
    "log": lambda: torch.log(Z.abs()),
    "softmax": lambda: torch.softmax(Z, 1),
    "F.softmax": lambda: F.softmax(Z, 1),
    "nn.Softmax": lambda: nn.Softmax(1)(Z),
}
IMPORTED = (
    "from torch.nn.functional import log_softmax as ready\n\n\ndef f(z):\n    return ready(z, 1)\n"
)
CALLED_AT_IMPORT = "import torch\n\nLOSS = torch.nn.MSELoss()(torch.ones(2), torch.ones(2))\n"


@pytest.fixture(autouse=True)
def modules_do_not_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the modules that a guest in this process has loaded away again."""
    for exercise in ("ex01_losses", "ex03_log_softmax"):
        monkeypatch.setitem(sys.modules, exercise, ModuleType(exercise))


def load(guest: Guest, text: str, exercise: str = "ex01_losses") -> Reply:
    """Load a module into a guest."""
    entry = exercise_named(exercise)
    file = f"{exercise}.py", text.encode()
    rails = entry.switched_off, entry.instead
    return guest.handle(Load(exercise, *file, False, "cpu", False, (), *rails))


def call(guest: Guest) -> Reply:
    """Call the function `f` of the loaded module."""
    return guest.handle(Call("f", (pack(Z),), 0))


@pytest.mark.parametrize("function", READY_MADE)
def test_each_ready_made_function_raises_and_comes_back(function: str) -> None:
    """The error names the function; afterwards it is what it was."""
    before = READY_MADE[function]()
    with rail(LOSSES), pytest.raises(ReadyMadeError, match=f"{function} is switched off"):
        READY_MADE[function]()

    assert isinstance(before, Tensor)
    assert torch.equal(before, READY_MADE[function]())  # type: ignore[arg-type] # a tensor, as before


@pytest.mark.parametrize("function", MODULES)
def test_the_modules_that_wrap_them_raise_too(function: str) -> None:
    """An nn module can be made, and raises when it is called."""
    with rail(LOSSES), pytest.raises(ReadyMadeError, match=f"{function} is switched off"):
        MODULES[function]()


def test_the_table_of_this_file_is_complete() -> None:
    """Every function that is switched off is tried above, and is one of torch's."""
    assert set(LOSSES) == READY_MADE.keys()
    assert unknown_functions(LOSSES) == []


def test_a_function_that_torch_does_not_have_is_noticed() -> None:
    """A typo in a course switches nothing off, and harms nothing."""
    unknown = ["F.one_hott", "torch.nowhere.log", "Tensor", "os.system", "torch.pi"]
    with (
        rail(["F.one_hot", *unknown]),
        pytest.raises(ReadyMadeError, match=r"write it yourself\.$"),
    ):
        F.one_hot(Y, 3)

    assert unknown_functions(["F.one_hot", *unknown]) == unknown


@pytest.mark.parametrize("function", OPEN)
def test_the_pieces_stay_open(function: str) -> None:
    """What the losses are made of can be used."""
    with rail(LOSSES):
        given = OPEN[function]()

    assert torch.equal(OPEN[function](), given)


def test_nothing_is_left_on_the_tensor_class() -> None:
    """The method is inherited again, and not one of the class's own."""
    with rail(LOSSES):
        assert "log_softmax" in vars(Tensor)

    assert "log_softmax" not in vars(Tensor)


def test_other_exercises_have_no_rail() -> None:
    """What is switched off in ex01 is there in ex03."""
    with rail(exercise_named("ex03").switched_off):
        assert torch.equal(F.log_softmax(Z, 1), torch.log_softmax(Z, 1))


def test_the_rail_is_up_from_the_modules_import_on() -> None:
    """A module that calls a ready-made function while it is imported is told so."""
    reply = load(Guest(), CALLED_AT_IMPORT)

    assert isinstance(reply, Raised)
    assert (reply.type_name, reply.mistake) == ("ReadyMadeError", "ready-made-function")
    assert (reply.where, reply.line) == ("ex01_losses.py:3", 3)


def test_a_name_imported_at_the_top_is_switched_off_too() -> None:
    """`from torch.nn.functional import …` is no way around it; the judge has its own as ever."""
    guest = Guest()
    loaded, reply = load(guest, IMPORTED), call(guest)

    assert isinstance(loaded, Loaded)
    assert isinstance(reply, Raised)
    assert "F.log_softmax is switched off in this exercise" in reply.message
    assert F.log_softmax(Z, 1).shape == Z.shape


def test_the_rail_is_down_when_another_exercise_is_loaded() -> None:
    """A guest that had ex01 runs ex03 with everything that PyTorch has."""
    guest = Guest()
    load(guest, IMPORTED)
    load(guest, IMPORTED, exercise="ex03_log_softmax")
    reply = call(guest)

    assert isinstance(reply, Returned)
    assert pack(F.log_softmax(Z, 1)) == reply.value
