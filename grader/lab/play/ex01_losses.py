"""Play cells of ex01: what an answer costs."""

# %% [markdown] about-cost
# ## Play: what does an answer cost?
#
# Nothing in this cell is checked. Change the scores or the true class, run the cell again, and
# watch the loss. Which is more expensive: to be unsure, or to be sure and wrong?
#
# PyTorch has this loss in two forms. `cross_entropy` takes the scores. `nll_loss` takes
# log-probabilities, which `log_softmax` makes of the scores. Both give the same number.

# %% cost
import torch
from torch.nn import functional as F

from grader.play import play, show_curves


@play
def play_cost():
    scores = torch.tensor([2.0, 1.0, -1.0])  # three classes: try 6.0 for one of them
    true = torch.tensor(0)  # the true class: try 1 and 2
    probability = scores.softmax(dim=-1)[true]
    loss = F.cross_entropy(scores, true)
    print("cross_entropy of the scores:   ", loss.item())
    print("nll_loss of their log_softmax: ", F.nll_loss(F.log_softmax(scores, -1), true).item())
    p = torch.linspace(0.005, 1, 200)
    every, yours = {"every probability": (p, -p.log())}, {"yours": ([probability], [loss])}
    show_curves(every, dots=yours, x="probability of the true class", y="loss")
