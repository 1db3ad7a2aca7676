def descend(f, start, lr, steps):
    x = torch.tensor(start, requires_grad=True)
    positions = [x.item()]
    for _ in range(steps):
        y = f(x)
        torch.autograd.backward(y)
        x.data = x.data - lr * x.grad
        x.grad = None
        positions.append(x.item())
    return positions


def best_learning_rate(f, start, candidates, steps):
    finite = {}
    for lr in candidates:
        x = torch.as_tensor(descend(f, start, lr, steps)[-1])
        y = f(x)
        if torch.isfinite(x) and torch.isfinite(y):
            finite[lr] = y.item()
    return sorted(finite, key=finite.get)[0]
