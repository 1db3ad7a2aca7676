"""Train a network on two rings.

**Goal.** Build a small network, train it until it tells two rings of points apart, and say what its
loss and its accuracy have to do with each other.

30 minutes, difficulty 2 of 5. You should know: `nn.Sequential`, a loss, an optimizer.

The idea
--------
Points of class 0 lie around the centre, points of class 1 in a ring around them. No straight line
separates the two classes, so a linear model gets about half of the points right. A hidden layer
with an activation function bends the line.

Run the cells from top to bottom. Three of them are yours.

How to check
------------
`grader check rings` in a terminal; in Jupyter, save the notebook and run the last cell.
"""

# %% rings-imports
import torch
from torch import nn, optim

# %% [markdown] about-points
# ## The points
#
# `points` is (400, 2) float32, and `labels` is (400,) int64. The seed makes them the same in every
# run.

# %% rings-points
torch.manual_seed(0)
labels = torch.arange(400) % 2
radius = 0.4 + labels + 0.2 * torch.randn(400)
angle = 2 * torch.pi * torch.rand(400)
points = torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1)
print(points[:3], labels[:3])

# %% [markdown] about-model
# ## Task 1: the model
#
# Build `model`, an `nn.Module` that takes points `(n, 2)` and returns two scores per point, `(n,
# 2)`. It needs at least one hidden layer. The scores are raw: no softmax at the end, for
# `nn.CrossEntropyLoss` takes them as they are.

# %% rings-model
### BEGIN SOLUTION
model = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 2))
### END SOLUTION

# %% rings-scores
print("scores of the first point:", model(points[:1]))

# %% [markdown] about-training
# ## Task 2: the training
#
# Train `model` on all the points, with any optimizer. Keep the loss of each step as a Python float
# in a list `losses`. 200 steps of Adam at a learning rate of 0.03 are enough.
#
# Your points depend on how many new points the trained model gets right: from 80 % on, and all of
# them from 97 %.

# %% rings-training
### BEGIN SOLUTION
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(model.parameters(), lr=0.03)
losses = []
for _ in range(200):
    optimizer.zero_grad()
    loss = criterion(model(points), labels)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
### END SOLUTION

# %% rings-accuracy
guesses = model(points).argmax(dim=1)
print("first loss:", losses[0], "last loss:", losses[-1])
print("right:", (guesses == labels).float().mean().item())

# %% [markdown] about-question
# ## Task 3: a question
#
# Somebody doubles the weights and the bias of the last layer of your trained model. What happens on
# the points?
#
# - a: Loss and accuracy stay the same.
# - b: The accuracy stays the same, the loss changes.
# - c: The loss stays the same, the accuracy changes.
# - d: Loss and accuracy change.
#
# Set `choice` to the letter: `choice = "a"`. You can try it out in a cell of your own.

# %% rings-question
### BEGIN SOLUTION
choice = "b"
### END SOLUTION
