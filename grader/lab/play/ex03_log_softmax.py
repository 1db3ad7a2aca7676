"""Play cells of ex03: along which dimension a softmax runs."""

# %% [markdown] about-dimension
# ## Play: which numbers add up to 1?
#
# Nothing in this cell is checked. The table holds the softmax of the scores of two images. Look
# at the sums at its edges: do the probabilities of one image add up to 1? Then change `dim`.

# %% dimension
import torch

from grader.play import play, show_table


@play
def play_dimension():
    dim = 0  # try 1
    scores = torch.tensor([[3.0, 1.0, 0.0], [0.0, 2.0, 1.0]])  # try 9.0 for one of them
    classes = ["class 0", "class 1", "class 2"]
    show_table(scores.softmax(dim), rows=["image 0", "image 1"], columns=classes)
