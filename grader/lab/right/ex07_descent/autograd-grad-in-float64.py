def descend(f, start, lr, steps):
    path = [float(start)]
    for step in range(steps):
        x = torch.tensor(path[-1], dtype=torch.float64, requires_grad=True)
        slope = torch.autograd.grad(f(x), x)[0]
        path.append(path[-1] - lr * slope.item())
    return path
