def descend(f, start, lr, steps):
    slope = torch.func.grad(f)
    x = torch.tensor(start)
    positions = [start]
    for _ in range(steps):
        x = x - lr * slope(x)
        positions.append(float(x))
    return positions
