"""Answer with a tensor of several numbers wherever one number is asked for.

A safe grader looks at what came before it compares: such a tensor is neither more nor less than 13.

Expected: crashed, 0 points
Exercise: ex09_regression
Alone: yes
"""

import torch
from torch import nn

from grader.guest import submission

pack = submission.pack


def several(value):
    """Put tensors in the place of whole numbers."""
    if isinstance(value, dict):
        return {key: several(item) for key, item in value.items()}
    return torch.ones(3) if isinstance(value, int) else value


submission.pack = lambda value, *room: pack(several(value), *room)


def build_regressor():
    """Build a network whose form is right."""
    return nn.Sequential(nn.Linear(4, 2), nn.ReLU(), nn.Linear(2, 1))


def make_loader(*args):
    """Come to nothing, as the rest of it does."""
    raise ValueError


fit = make_loader
