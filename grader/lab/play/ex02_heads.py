"""Play cells of ex02: what a hidden layer is for."""

# %% [markdown] about-bend
# ## Play: a curve that a small network bends to
#
# Nothing in this cell is checked. Each hidden unit with a ReLU adds one bend to a straight line.
# With enough of them, the network comes as close as you like to any smooth curve (universal
# approximation). Change the number of hidden units: how many do you need?
#
# The weights of the last layer are computed here with `torch.linalg.lstsq`. In the exercises to
# come, a network finds its weights by training.

# %% bend
import torch

from grader.play import play, show_curves


@play
def play_bend():
    units = 3  # hidden units: try 1, 6, 12 and 40
    x = torch.linspace(-3, 3, 200).unsqueeze(1)
    target = torch.sin(2 * x) + x / 3
    begins = torch.linspace(-3, 3, units + 1)[:-1]  # where each unit's bend is
    features = torch.cat([(x - begins).relu(), torch.ones_like(x)], dim=1)
    answers = features @ torch.linalg.lstsq(features, target).solution
    curves = {"target": (x[:, 0], target[:, 0]), "network": (x[:, 0], answers[:, 0])}
    show_curves(curves, x="x", y="y")
