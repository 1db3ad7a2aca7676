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
    best_lr = None
    best_height = math.inf
    for lr in candidates:
        end = descend(f, start, lr, steps)[-1]
        height = f(torch.tensor(end)).item()
        if not math.isfinite(end) or not math.isfinite(height):
            continue
        if height < best_height:
            best_lr = lr
    return best_lr
