def descend(f, start, lr, steps, positions=[]):
    x = torch.tensor(start, requires_grad=True)
    positions.append(x.item())
    for _ in range(steps):
        y = f(x)
        y.backward()
        with torch.no_grad():
            x -= lr * x.grad
        x.grad.zero_()
        positions.append(x.item())
    return positions
