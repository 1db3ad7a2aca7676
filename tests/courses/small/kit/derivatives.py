"""Derivatives of expressions in a and b, by PyTorch's autograd."""

import torch


def differentiated(expression, a, b):
    """Return the value of an expression such as `a * b`, and its derivatives by a and b."""
    values = {"a": a, "b": b}
    names = {
        name: torch.tensor(value, dtype=torch.float64, requires_grad=True)
        for name, value in values.items()
    }
    out = eval(expression, names)  # noqa: S307 - the suite's own text
    out.backward()
    grads = {f"{name}.grad": value.grad.item() for name, value in names.items() if name in values}
    return {"out.data": out.item(), **grads}


def descended(slope, start, lr, steps):
    """Return the positions of gradient descent."""
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - lr * slope(path[-1]))
    return path
