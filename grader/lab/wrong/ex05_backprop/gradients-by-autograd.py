def backward(x, y, W1, b1, W2, b2):
    W1, b1, W2, b2 = [p.clone().requires_grad_() for p in (W1, b1, W2, b2)]
    _, _, L2 = forward(x, W1, b1, W2, b2)
    loss(L2, y).backward()
    return W1.grad, b1.grad, W2.grad, b2.grad
