def descend(f, start, lr, steps):
    x = torch.tensor(start, requires_grad=True)
    positions = [x.item()]
    for _ in range(steps):
        y = f(x)
        y.backward()
        x = x - lr * x.grad
        positions.append(x.item())
    return positions
