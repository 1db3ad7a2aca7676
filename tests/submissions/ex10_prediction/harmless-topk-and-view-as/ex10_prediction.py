"""Looking at what was learned."""

import torch
from torch import nn


def predict(model, image):
    was_training = model.training
    model.eval()
    with torch.no_grad():
        log_ps = model(image.view(1, 784))
    model.train(was_training)
    return torch.exp(log_ps)[0]


def accuracy(model, loader):
    was_training = model.training
    model.eval()
    right = []
    with torch.no_grad():
        for images, labels in loader:
            ps = torch.exp(model.forward(images.flatten(1)))
            top_p, top_class = ps.topk(1, dim=1)
            equals = top_class == labels.view(*top_class.shape)
            right.append(equals.float().flatten())
    if was_training:
        model.train()
    return torch.cat(right).mean().item()


def confusion_matrix(model, loader):
    was_training = model.training
    model.eval()
    matrix = torch.zeros(10, 10, dtype=torch.int64)
    with torch.no_grad():
        for images, labels in loader:
            guesses = model(images.view(images.shape[0], -1)).argmax(dim=1)
            for label, guess in zip(labels, guesses):
                matrix[label.item(), guess.item()] += 1
    model.train(was_training)
    return matrix
