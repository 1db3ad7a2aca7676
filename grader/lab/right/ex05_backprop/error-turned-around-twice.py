def backward(x, y, W1, b1, W2, b2):
    n = x.shape[0]
    L1, S, L2 = forward(x, W1, b1, W2, b2)
    error = y - L2
    dL2 = -error / n
    dW2 = S.T @ dL2
    db2 = dL2.sum(0)
    dS = dL2 @ W2.T
    dL1 = dS * (S - S**2)
    dW1 = x.T @ dL1
    db1 = dL1.sum(0)
    return dW1, db1, dW2, db2
