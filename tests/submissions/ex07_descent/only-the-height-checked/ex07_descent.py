"""Walking downhill."""

import math

import torch


def descend(f, start, lr, steps):
    x = torch.tensor(start, requires_grad=True)
    positions = [x.item()]
    for _ in range(steps):
        f(x).backward()
        with torch.no_grad():
            x -= lr * x.grad
        x.grad = None
        positions.append(x.item())
    return positions


def best_learning_rate(f, start, candidates, steps):
    best, lowest = None, math.inf
    for lr in candidates:
        end = torch.tensor(descend(f, start, lr, steps)[-1])
        height = f(end).item()
        if math.isfinite(height) and height < lowest:
            best, lowest = lr, height
    return best
