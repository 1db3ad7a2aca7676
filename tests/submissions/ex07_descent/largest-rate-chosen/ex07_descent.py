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
    # the longest stride gets there first
    finite = [lr for lr in candidates if math.isfinite(descend(f, start, lr, steps)[-1])]
    return max(finite)
