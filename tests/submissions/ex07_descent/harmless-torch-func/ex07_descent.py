import math

import torch


def descend(f, start, lr, steps):
    slope = torch.func.grad(f)
    x = torch.tensor(start)
    positions = [start]
    for _ in range(steps):
        x = x - lr * slope(x)
        positions.append(float(x))
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
            best_height = height
            best_lr = lr
    return best_lr
