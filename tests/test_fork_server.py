"""Tests of what the fork server has ready for its children, in a process of its own."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys
from grader.guest.process.limits import Settings
from grader.guest.process.server import load_torch

load_torch(Settings(isolated=False, device="cpu", scratch=()))
before = set(sys.modules)

import cloudpickle, torch
from grader.guest.crossing.values import pack
from grader.guest.crossing.wire import Call, Load, Parse, Probe, frame
from grader.guest.submission import Guest

content = b'''import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

def train(x):
    model = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.LogSoftmax(dim=1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    labels = torch.zeros(len(x), dtype=torch.long)
    for inputs, targets in DataLoader(TensorDataset(x, labels), batch_size=2, shuffle=True):
        optimizer.zero_grad()
        nn.functional.nll_loss(model(inputs), targets).backward()
        optimizer.step()
    print("trained")
    return model(x)
'''
file, probe = ("train.py", content), cloudpickle.dumps(lambda student, x: student.train(x))
x = (pack(torch.ones(4, 2)),)
guest, replies = Guest(), []
for request in (
    Parse(*file, notebook=False),
    Load("train", *file, notebook=False, device="cpu"),
    Call("train", x, seed=0),
    Probe(probe, x, seed=0),
):
    replies.append(type(guest.handle(request)).__name__)
    frame(guest.handle(request))
print(*replies)
print(*sorted(set(sys.modules) - before))
"""


def test_a_child_imports_nothing_that_every_child_needs() -> None:
    """The server has done it: to import NumPy's generators takes as long as to fork, twice over."""
    run = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    *_, replies, imported = run.stdout.splitlines()

    assert replies.split() == ["Parsed", "Loaded", "Returned", "Returned"]
    assert imported == ""
