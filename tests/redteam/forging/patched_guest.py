"""Rewrite the guest in its own process, so that it answers everything with "passed".

A safe grader lets the guest answer questions, and decides alone what has passed.

Expected: wrong, 0 points
"""

import torch

from grader.guest import probing, submission
from grader.guest.crossing import values
from grader.guest.crossing import wire

PASSED = wire.Returned("passed", ())


def passed(self, request):
    """Be loaded, and answer every question alike."""
    return wire.Loaded() if isinstance(request, wire.Load) else PASSED


submission.Guest.handle = submission.Guest._answer = passed
submission.Guest._run = submission.describe = lambda *args: PASSED
submission.pack = values.pack = lambda value, depth=0: "passed"
probing.require_module = lambda value, call: value
probing.RejectedError.__init__ = lambda self, *args: None


def fake(*args):
    """Return a tensor that is right nowhere."""
    return torch.zeros(2, 3)


gradient_of_mean_square = parameter_gradients = predict_without_tracking = fake
