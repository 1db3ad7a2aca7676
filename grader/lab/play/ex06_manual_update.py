"""Play cells of ex06: what an optimizer does."""

# %% [markdown] about-optimizer
# ## Play: `optim.SGD`, and the same step with pencil and paper
#
# Nothing in this cell is checked. The loss is the sum of the squares of two weights, so that the
# gradient is twice each weight: 4 and -6. The optimizer takes one step. Below it stands the same
# step, worked out by hand from these numbers. Change `lr`: with which one does a single step
# reach 0?

# %% optimizer
import torch

from grader.play import play


@play
def play_optimizer():
    lr = 0.1  # try 0.01, 0.5 and 1.0
    weights = torch.tensor([2.0, -3.0], dtype=torch.float64, requires_grad=True)
    sgd = torch.optim.SGD([weights], lr=lr)
    weights.square().sum().backward()
    sgd.step()
    print("gradient: ", weights.grad.tolist())
    print("optim.SGD:", weights.tolist())
    print("by hand:  ", [2.0 - lr * 4.0, -3.0 - lr * -6.0])
