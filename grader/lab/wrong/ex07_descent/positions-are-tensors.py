def descend(f, start, lr, steps):
    x = torch.tensor(start, requires_grad=True)
    positions = [x.detach().clone()]
    for _ in range(steps):
        y = f(x)
        y.backward()
        with torch.no_grad():
            x -= lr * x.grad
        x.grad.zero_()
        positions.append(x.detach().clone())
    return positions
