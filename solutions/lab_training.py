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

In a picture
------------

    images      model      loss     gradients    step
    64 x 784 -> 64 x 10 -> 2.30 -> 109,386   -> lr 0.003
       ^                                           |
       +---------------- the next batch -----------+

Watch out
---------
- A first loss near log 64 = 4.16: softmax runs over the 64 images of a batch, not over the classes.
- An optimizer knows only the parameters that it was built with. After the cell that makes a new
  `model`, 5 epochs with an older optimizer leave the loss where it began.

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

# %% [markdown] about-opening
# ## First, a network that can do it
#
# Run the next cell: it shows ten digits, and below each what a trained network reads in it. It has
# never seen these images, and reads about nine of ten right. Run the cell a few times. Which digits
# does it take for each other? Then raise `noise`: can the network still read what you can read?
#
# At the end of this notebook, your own network reads ten digits. (This first network comes with
# the lab. Where the lab is not installed, the cell shows nothing.)

# %% lab-opening
with suppress(ImportError):
    from grader.digits import read_digits
    from grader.play import show_digits

    noise = 0.0  # try 0.5, 1.0 and 2.0
    unseen = datasets.MNIST("~/.pytorch/MNIST_data/", download=True, train=False)
    ten = torch.randperm(len(unseen))[:10]
    pixels = unseen.data[ten] / 255
    pixels += noise * torch.rand(10, 28, 28)
    show_digits(pixels, read_digits(pixels), unseen.targets[ten])

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
# $$\text{loss} = -\log p_{\text{true}} \qquad p_i = \frac{e^{z_i}}{e^{z_0} + \dots + e^{z_9}}$$
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
# Graded: `model` has two hidden layers with an activation after each, and gives log-probabilities;
# `criterion` turns them into the mean cross-entropy. The sizes of the hidden layers are not graded.

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
# hand:
#
# $$f(x) = \frac{x_1^2 + \dots + x_4^2}{4} \qquad \frac{\partial f}{\partial x_i} = \frac{x_i}{2}$$

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
# An optimizer takes the step for you: clear old gradients, forward, loss, backward, step. The last
# of them computes, for every weight and bias,
#
# $$W_{\text{new}} = W - \text{lr} \cdot \frac{\partial\, \text{loss}}{\partial W}$$
#
# Look at the loss on the same batch before and after.

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
# The next cell builds a fresh network, which has learned nothing. It is the first one from above:
# it outputs scores, and `nn.CrossEntropyLoss` does what log-softmax and your criterion do
# together. So this task works whatever you wrote in task 1. (You may train your own instead: put
# it in there.)
#
# Train the network for five epochs with stochastic gradient descent at a learning rate of 0.003:
# build `optimizer`, go through `trainloader` once per epoch, take one step per batch, and print
# each epoch's mean loss. It should fall from about 2.3 to less than 1.5. Add each epoch's mean
# loss to the list `losses`: the last picture of this notebook is made of it.
#
# Graded: `optimizer` holds the parameters of `model` and nothing else, `model` recognises new
# digits, and it was trained for five epochs or is as good. What you print and draw is for you.

# %% lab-new-model
# A new network for task 2.
model = nn.Sequential(
    nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)
)
criterion = nn.CrossEntropyLoss()
losses = []

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
    losses += [running_loss / len(trainloader)]
    print(f"epoch {epoch + 1}: mean loss {losses[-1]:.3f}")
### END SOLUTION

# %% [markdown] about-prediction
# ## What does it predict?
#
# An image of the test set, which was not used in training. Run the cell a few times.

# %% lab-prediction
testset = datasets.MNIST("~/.pytorch/MNIST_data/", download=True, train=False, transform=transform)
image, label = testset[int(torch.randint(len(testset), ()))]
with torch.no_grad():
    probabilities = model(image.flatten().unsqueeze(0)).softmax(dim=1).squeeze()

for digit, probability in enumerate(probabilities):
    print(digit, "#" * round(40 * float(probability)), f"{float(probability):.2f}")
print("It is a", label)

# %% [markdown] about-ten-digits
# ## Your network reads ten digits
#
# The same picture as at the beginning. This time it is your network that reads, and you have
# trained it. Above it stands how many of all test images are read right. Run the cell a few times.
# If the curve is empty, add each epoch's mean loss to `losses` in task 2.

# %% lab-ten-digits
images = torch.stack([image for image, _ in testset])
with torch.no_grad():
    answers = model(images.flatten(start_dim=1)).max(dim=1).indices
is_right = answers == testset.targets
print(f"{is_right.float().mean():.0%} of {len(testset)} test images are read right")

with suppress(ImportError):  # the pictures come with the lab
    from grader.play import show_curves, show_digits

    ten = torch.randperm(len(testset))[:10]
    show_digits(images[ten, 0], answers[ten], testset.targets[ten])
    show_curves({"mean loss": (range(1, len(losses) + 1), losses)}, x="epoch", y="loss")

# %% [markdown] about-the-end
# ## What was learned, and what you can try now
#
# You have gone the whole way: you measured how wrong a network is, let autograd find which way is
# down, took a step, repeated it 1,525 times, and looked at what came of it. Nothing in these
# steps knows about digits. With other images, or with numbers, they are the same.
#
# **Now try `lr=0.1`.** With 0.003 the loss is still falling after five epochs, and the network
# reads 65% to 70% of the lab's test images right. Change the number in task 2, and run the notebook
# again from the cell that builds the fresh network. The same five epochs then lead to about 90%.
# Two questions for the end: what would 0.001 do, and what would 10 do? Try them, and look at the
# curve.
