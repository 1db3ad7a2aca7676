import math

import torch


def descend(f, start, lr, steps):
    x = torch.tensor(start, requires_grad=True)
    positions = [x.item()]
    for _ in range(steps):
        y = f(x)
        y.backward()
        with torch.no_grad():
            x -= lr * x.grad
        x.grad.zero_()
        positions.append(x.item())
    return positions


def best_learning_rate(f, start, candidates, steps):
    best_lr = candidates[0]
    best_height = f(torch.tensor(descend(f, start, best_lr, steps)[-1])).item()
    for lr in candidates[1:]:
        height = f(torch.tensor(descend(f, start, lr, steps)[-1])).item()
        if height < best_height and height > -math.inf:
            best_lr, best_height = lr, height
    return best_lr
