"""Play cells of ex04: the graph, and the layers of a model."""

# %% [markdown] about-graph
# ## Play: the graph that autograd records
#
# Nothing in these cells is checked. Each result of a computation remembers in `grad_fn` which
# operation made it, and each operation knows the one before it. `backward()` follows this chain
# from the loss back to the leaf. Change the formula, and read the chain again.

# %% graph
import torch

from grader.play import play


@play
def play_graph():
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    loss = (3 * w).exp().sum()  # try (3 * w + 1).sin().max()
    operation = loss.grad_fn
    while operation is not None:
        print(operation.name())
        operation = next((before for before, _ in operation.next_functions if before), None)
    print("w is a leaf:", w.is_leaf, "- its grad_fn:", w.grad_fn)


# %% [markdown] about-layers
# An `nn.Sequential` is a list of layers: each has an index. A layer's weight has a row per
# output, and a column per input.

# %% layers
import torch
from torch import nn

from grader.play import play


@play
def play_layers():
    model = nn.Sequential(nn.Linear(4, 3), nn.Tanh())  # try more layers, or other sizes
    for index, layer in enumerate(model):
        print(index, layer)
    print(
        "model[0].weight:", tuple(model[0].weight.shape), "model[0].bias:", model[0].bias.detach()
    )
    print("the result's grad_fn:", model(torch.ones(1, 4)).grad_fn.name())
