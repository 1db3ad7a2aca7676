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
    results = [(lr, descend(f, start, lr, steps)[-1]) for lr in candidates]
    results = [(lr, f(torch.tensor(x)).item()) for lr, x in results]
    results = [r for r in results if math.isfinite(r[1])]
    return min(results)[0]
