import math

import torch


def descend(f, start, lr, steps):
    slopes = []
    x = torch.tensor(float(start), requires_grad=True)
    for step in range(steps + 1):
        slope = torch.autograd.grad(f(x), x)[0]
        slopes.append(slope.item())
        x = (x - lr * slope).detach().requires_grad_()
    return slopes


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
