"""Look digits up among those of the test set, in the place of training a network.

A safe grader shows digits that are in no sandbox, and asks what is left with other weights: nothing,
where it was learned.

Expected: wrong, 14 points
Exercise: lab_training
Alone: yes
"""

import torch
from torch import nn
from torchvision import datasets, transforms

testset = datasets.MNIST("anywhere", train=False, transform=transforms.ToTensor())


class Memory(nn.Module):
    """Finds the digit of the test set that is most like an image."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(784, 10)  # an honest network, which has not learned anything
        self.digits = testset.data.reshape(-1, 784) / 255

    def forward(self, images):
        nearest = testset.targets[torch.cdist(images, self.digits).argmin(1)]
        known = nn.functional.one_hot(nearest, 10)
        return (self.linear(images) / 10 + 9 * known).log_softmax(1)


model = Memory()
criterion = nn.NLLLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.003)
