"""The whole lab: teach a network to read digits.

**Goal.** Build a classifier for handwritten digits, train it, and see what it predicts for a digit
that it has never seen.

25 minutes, difficulty 3 of 5.
You should know: ex03 (model, loss), ex04 (gradients), ex08 (the loop).

Where you are: **error** -> **gradient** -> **step** -> **loop** -> **digit**

You will need
-------------

    nn.Sequential        https://docs.pytorch.org/docs/stable/generated/torch.nn.Sequential.html
    nn.LogSoftmax        https://docs.pytorch.org/docs/stable/generated/torch.nn.LogSoftmax.html
    nn.NLLLoss           https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html
    optim.SGD            https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html
    Optimizer.zero_grad  https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.zero_grad.html
    Optimizer.step       https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.step.html

The idea
--------
All steps of the exercises come together here, in the order in which you use them:

    images  ->  model  ->  loss  ->  gradients  ->  step  ->  the same again  ->  a digit

Most cells are ready: run them from top to bottom, read what they print, and ask yourself before
each what it will be. Two cells are yours. They are marked as task 1 and task 2, and the cells after
them use the names that you define there: `model`, `criterion`, `optimizer`. How you write them is
up to you.

The lab brings its own handwritten digits, in the form of MNIST, and `datasets.MNIST` finds them.
Where the lab is not installed, torchvision fetches the real ones from the network.

Watch out
---------
- A first loss near log 64 = 4.16 instead of log 10 = 2.30: softmax runs over the batch of 64.
- An optimizer knows only the parameters that it was built with. After the cell that makes a new
  `model`, an old optimizer trains nothing: the loss stays near 2.30.

How to check
------------
`grader check lab` in a terminal; in Jupyter, save the notebook and run the last cell. It trains
your network as the notebook does, so it takes a few seconds.
"""

# %% lab-imports
from contextlib import suppress

import torch
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

with suppress(ImportError):  # the lab's own digits, so that nothing is downloaded
    from grader.digits import use_lab_digits

    use_lab_digits()

# %% [markdown] about-images
# ## The images
#
# Each image is 28 by 28 pixels of one channel. `ToTensor` makes them numbers from 0 to 1 and
# `Normalize` shifts these to -1 to 1. The loader gives them in batches of 64, in a new order each
# epoch.

# %% lab-data
transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
trainset = datasets.MNIST("~/.pytorch/MNIST_data/", download=True, train=True, transform=transform)
trainloader = DataLoader(trainset, batch_size=64, shuffle=True)

# %% lab-images
images, labels = next(iter(trainloader))
print("images:", tuple(images.shape), "labels:", tuple(labels.shape))

# The first image of the set, in characters: the darker the ink, the darker the character.
for row in trainset.data[0, ::2]:
    print("".join(" .:+#"[int(pixel) // 52] for pixel in row))
print("This is a", int(trainset.targets[0]))

# %% [markdown] about-scores
# ## How wrong is it?
#
# A linear layer ends in ten scores, which may be any numbers. `nn.CrossEntropyLoss` takes them as
# they are: it turns the scores of an image into probabilities that add up to 1, and takes minus the
# log of the true class's probability.
#
# An untrained network gives all classes about the same probability. What loss do you expect, with
# ten classes?

# %% lab-scores
model = nn.Sequential(
    nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)
)
cross_entropy = nn.CrossEntropyLoss()

images, labels = next(iter(trainloader))
scores = model(images.flatten(start_dim=1))
print("scores of the first image:", scores[0].detach())
print("loss:", cross_entropy(scores, labels).item())

# %% [markdown] about-task-1
# ## Task 1: a model that outputs log-probabilities
#
# Scores are hard to read. If a model ends in log-softmax, you can see how confident it is:
# `torch.exp` of its output is ten probabilities.
#
# Build `model`, an `nn.Module` of 784 → 128 → 64 → 10 with ReLU between the layers. It takes `(n,
# 784)` and gives `(n, 10)` log-probabilities, one row per image. Build `criterion`, the loss
# that fits such a model.
#
# Graded: `model` gives log-probabilities, and `criterion` turns them into the mean cross-entropy.
# The sizes of the hidden layers are not graded.

# %% lab-model
### BEGIN SOLUTION
model = nn.Sequential(
    nn.Linear(784, 128),
    nn.ReLU(),
    nn.Linear(128, 64),
    nn.ReLU(),
    nn.Linear(64, 10),
    nn.LogSoftmax(dim=1),
)
criterion = nn.NLLLoss()
### END SOLUTION

# %% [markdown] about-model
# The loss should be about the same as before: log-softmax has only moved from the criterion into
# the model. And the probabilities of an image add up to 1.

# %% lab-probabilities
log_probabilities = model(images.flatten(start_dim=1))
print("loss:", criterion(log_probabilities, labels).item())
print("sum of the first image's probabilities:", log_probabilities[0].exp().sum().item())

# %% [markdown] about-autograd
# ## Which way is down?
#
# Autograd records what is done to a tensor with `requires_grad=True` (the graph), and `backward()`
# goes back through this graph. For four numbers and the mean of their squares you can check it by
# hand: the gradient is x / 2.

# %% lab-autograd
x = torch.randn(2, 2, requires_grad=True)
mean_of_squares = (x**2).mean()
mean_of_squares.backward()
print("gradient:", x.grad)
print("x / 2:   ", x.detach() / 2)

# %% [markdown] about-gradients
# The same for the network: the loss depends on each weight, and after `backward()` each weight's
# `.grad` says how much. Before it, `.grad` is None.

# %% lab-gradients
layer = next(module for module in model.modules() if isinstance(module, nn.Linear))
print("before backward():", layer.weight.grad)
criterion(model(images.flatten(start_dim=1)), labels).backward()
print("after backward():", layer.weight.grad)

# %% [markdown] about-one-step
# ## One step
#
# An optimizer takes the step for you: clear old gradients, forward, loss, backward, step. Look at
# the loss on the same batch before and after.

# %% lab-one-step
optimizer = optim.SGD(model.parameters(), lr=0.01)

optimizer.zero_grad()
loss = criterion(model(images.flatten(start_dim=1)), labels)
loss.backward()
optimizer.step()
print("before the step:", loss.item())
print("after the step: ", criterion(model(images.flatten(start_dim=1)), labels).item())

# %% [markdown] about-task-2
# ## Task 2: the training loop
#
# The next cell builds a fresh network, which has learned nothing. Train it for five epochs with
# stochastic gradient descent at a learning rate of 0.003: build `optimizer`, go through
# `trainloader` once per epoch, take one step per batch, and print each epoch's mean loss. It should
# fall from about 2.3 to less than 1.5.
#
# Graded: `optimizer` holds the parameters of `model` and nothing else, `model` recognises new
# digits, and it was trained for five epochs or is as good. What you print is for you.

# %% lab-new-model
model = nn.Sequential(
    nn.Linear(784, 128),
    nn.ReLU(),
    nn.Linear(128, 64),
    nn.ReLU(),
    nn.Linear(64, 10),
    nn.LogSoftmax(dim=1),
)
criterion = nn.NLLLoss()

# %% lab-training
### BEGIN SOLUTION
optimizer = optim.SGD(model.parameters(), lr=0.003)

for epoch in range(5):
    running_loss = 0.0
    for images, labels in trainloader:
        optimizer.zero_grad()
        loss = criterion(model(images.flatten(start_dim=1)), labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
    print(f"epoch {epoch + 1}: mean loss {running_loss / len(trainloader):.3f}")
### END SOLUTION

# %% [markdown] about-prediction
# ## What does it predict?
#
# An image of the test set, which was not used in training. Run the cell a few times.

# %% lab-prediction
testset = datasets.MNIST("~/.pytorch/MNIST_data/", download=True, train=False, transform=transform)
image, label = testset[int(torch.randint(len(testset), ()))]
with torch.no_grad():
    probabilities = model(image.flatten().unsqueeze(0)).exp().squeeze()

for digit, probability in enumerate(probabilities):
    print(digit, "#" * round(40 * float(probability)), f"{float(probability):.2f}")
print("It is a", label)
