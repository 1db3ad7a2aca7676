def loss(L2, y):
    n = y.shape[0]
    return ((L2 - y) ** 2).sum() / (2 * n)


def backward(x, y, W1, b1, W2, b2):
    m = len(x)
    hidden = 1 / (1 + torch.exp(-(torch.mm(x, W1) + b1)))
    out = torch.mm(hidden, W2) + b2

    # output layer
    delta2 = (out - y) / m
    grad_W2 = torch.mm(hidden.t(), delta2)
    grad_b2 = torch.sum(delta2, dim=0)

    # hidden layer
    delta1 = torch.mm(delta2, W2.t()) * hidden * (1 - hidden)
    grad_W1 = torch.mm(x.t(), delta1)
    grad_b1 = torch.sum(delta1, dim=0)

    return grad_W1, grad_b1, grad_W2, grad_b2
