def mse_loss(p, y):
    """The name is PyTorch's, the code is not."""
    if p.shape != y.shape:
        y = y.reshape(p.shape)
    return ((y - p) ** 2).sum() / (2 * len(p))


def mean_squared_error(predictions, targets):
    return mse_loss(predictions, targets)


def one_hot(labels, num_classes):
    index = torch.arange(num_classes, device=labels.device).repeat(len(labels), 1)
    return torch.where(index == labels[:, None], 1.0, 0.0)


def log_softmax(logits):
    z = logits.double()
    return (z - torch.logsumexp(z, -1, keepdim=True)).to(logits.dtype)


def cross_entropy(logits, labels):
    lp = log_softmax(logits)
    return -torch.stack([lp[i, c] for i, c in enumerate(labels)]).mean()
