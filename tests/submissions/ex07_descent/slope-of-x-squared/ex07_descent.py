import math

import torch


def descend(f, start, lr, steps):
    path = [float(start)]
    for step in range(steps):
        gradient = 2 * path[-1]
        path.append(path[-1] - lr * gradient)
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
