import math

import torch


def descend(f, start, lr, steps):
    path = [float(start)]
    x = torch.tensor(path[-1], dtype=torch.float64, requires_grad=True)
    slope = torch.autograd.grad(f(x), x)[0]
    for step in range(steps):
        path.append(path[-1] - lr * slope.item())
    return path


def best_learning_rate(f, start, candidates, steps):
    best_lr = None
    best_height = math.inf
    for lr in candidates:
        end = descend(f, start, lr, steps)[-1]
        height = f(torch.tensor(end)).item()
        if not math.isfinite(end) or not math.isfinite(height):
            continue
        if height < best_height:
            best_height = height
            best_lr = lr
    return best_lr
