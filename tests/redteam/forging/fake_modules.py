"""Put modules of its own where torch and the grader are imported from.

A safe grader imports nothing where the submission runs.

Expected: crashed, 0 points
"""

import sys
import types

import torch


class Anything(types.ModuleType):
    """Is any module, and has every attribute."""

    def __getattr__(self, name):
        """Return a function that agrees."""
        return lambda *args, **kwargs: True


for name in ["grader", "grader.guest.probing", "msgspec", "pickle", "unittest.mock", "random"]:
    sys.modules[name] = Anything(name)
sys.path.insert(0, "/tmp")
sys.meta_path.clear()
zeros = torch.zeros(2, 3)
sys.modules["torch"] = sys.modules["torch.nn"] = Anything("torch")


def fake(*args):
    """Return a tensor that is right nowhere."""
    return zeros


gradient_of_mean_square = parameter_gradients = predict_without_tracking = fake
