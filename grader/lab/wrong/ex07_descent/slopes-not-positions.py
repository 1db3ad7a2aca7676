def descend(f, start, lr, steps):
    slopes = []
    x = torch.tensor(float(start), requires_grad=True)
    for step in range(steps + 1):
        slope = torch.autograd.grad(f(x), x)[0]
        slopes.append(slope.item())
        x = (x - lr * slope).detach().requires_grad_()
    return slopes
