def backward(x, y, W1, b1, W2, b2):
    dW1, db1 = torch.zeros_like(W1), torch.zeros_like(b1)
    dW2, db2 = torch.zeros_like(W2), torch.zeros_like(b2)
    n = len(x)
    for xi, yi in zip(x, y):
        s = torch.sigmoid(xi @ W1 + b1)
        error = s @ W2 + b2 - yi
        back = (W2 @ error) * s * (1 - s)
        dW2 += torch.outer(s, error) / n
        db2 += error / n
        dW1 += torch.outer(xi, back) / n
        db1 += back / n
    return [dW1, db1, dW2, db2]
