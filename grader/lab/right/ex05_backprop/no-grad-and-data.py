def forward(x, W1, b1, W2, b2):
    L1 = torch.addmm(b1, x, W1)
    S = L1.sigmoid()
    return [L1, S, torch.addmm(b2, S, W2)]


@torch.no_grad()
def backward(x, y, W1, b1, W2, b2):
    n = x.shape[0]
    L1, S, L2 = forward(x, W1, b1, W2, b2)
    dL2 = (L2 - y) / n
    dW2 = S.detach().transpose(0, 1).matmul(dL2)
    db2 = dL2.sum(0)
    dS = dL2 @ W2.data.t()
    dL1 = dS * S * (1 - S)
    dW1 = x.T @ dL1
    db1 = dL1.sum(0)
    return dW1, db1, dW2, db2
