"""Tests of running without torch's compiler, in a process of its own, as a guest has it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SCRIPT = """
import copy, json, sys
import torch
from torch.optim.optimizer import _use_grad_for_differentiable as torchs_own
from grader.guest.eager import import_torchvision, run_eagerly

def after_steps(kind):
    torch.manual_seed(0)
    weight = torch.nn.Parameter(torch.rand(3))
    optimizer = kind([weight], lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        (weight ** 2).sum().backward()
        optimizer.step()
    optimizer.load_state_dict(optimizer.state_dict())
    optimizer.add_param_group({"params": [torch.nn.Parameter(torch.ones(1))]})
    return [torch.is_grad_enabled(), *weight.tolist()]

run_eagerly()
import_torchvision()
import torchvision

x = torch.ones(3)
gradient = torch.func.grad(lambda v: (v ** 2).mean())(x).tolist()
boxes = torch.tensor([[0.0, 0, 0, 4, 4]])
torchvision.ops.roi_align(torch.rand(1, 3, 8, 8), boxes, 2)
kinds = [torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW, torch.optim.RMSprop,
         torch.optim.Adagrad, torch.optim.Adadelta, torch.optim.NAdam, torch.optim.Rprop]
torch.use_deterministic_algorithms(True, warn_only=True)
switched = torch.are_deterministic_algorithms_enabled()
torch.use_deterministic_algorithms(False)
eager = {kind.__name__: after_steps(kind) for kind in kinds}
compilers = ("torch._dynamo", "torch._inductor")
loaded = sorted(name for name in sys.modules if name.startswith(compilers))
for kind in kinds:
    if "step" in vars(kind):
        kind.step = torchs_own(kind.step.__wrapped__)
usual = {kind.__name__: after_steps(kind) for kind in kinds}
print(json.dumps([loaded, eager, usual, "torch._dynamo" in sys.modules, switched, gradient]))
"""


@pytest.fixture(scope="module")
def told() -> list[object]:
    """Return what the script says."""
    run = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    found: list[object] = json.loads(run.stdout)
    return found


def test_a_step_imports_no_compiler(told: list[object]) -> None:
    """Neither steps nor torchvision, `torch.func` or determinism do, and each of them works."""
    assert told[0] == []
    assert told[4] is True
    assert told[5] == pytest.approx([2 / 3] * 3)
    assert told[3] is True  # torch's own step did: the comparison below is one


def test_a_step_gives_what_torchs_own_gives(told: list[object]) -> None:
    """The parameters are the same bits, and autograd is on again."""
    assert told[1] == told[2]
