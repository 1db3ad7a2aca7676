import math

import torch


def descend(f, start, lr, steps):
    x = torch.tensor([start])
    history = torch.empty(steps + 1)
    history[0] = x[0]
    for i in range(steps):
        x = x.detach().requires_grad_(True)
        f(x).backward()
        x = x - lr * x.grad
        history[i + 1] = x.item()
    return history.tolist()


def best_learning_rate(f, start, candidates, steps):
    def height(lr):
        x = descend(f, start, lr, steps)[-1]
        value = f(torch.tensor([x]))
        return value.item() if math.isfinite(x) and value.isfinite() else math.inf

    return min(candidates, key=height)
