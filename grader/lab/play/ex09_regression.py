"""Play cells of ex09: the size of a batch."""

# %% [markdown] about-batches
# ## Play: the size of a batch
#
# Nothing in this cell is checked. Each example has a gradient of its own, and a batch takes the
# mean of those in it. The line is the mean of all examples: the true direction. Change the size:
# how close to the line does a batch come, and how many steps does an epoch have then?

# %% batches
import torch

from grader.play import play, show_curves


@play
def play_batches():
    size = 4  # try 1, 16 and 60
    x = torch.randn(120)
    targets = 2 * x + torch.randn(120)
    gradients = -2 * targets * x  # of (w * x - target)^2, at w = 0
    numbers = torch.arange(120.0)
    means = [[part.mean() for part in each.split(size)] for each in (numbers, gradients)]
    line = {"all examples": ([0, 119], [gradients.mean()] * 2)}
    dots = {"one example": (numbers, gradients), "one batch": means}
    show_curves(line, dots=dots, x="example", y="gradient")
    print(f"An epoch has {len(means[0])} steps.")
