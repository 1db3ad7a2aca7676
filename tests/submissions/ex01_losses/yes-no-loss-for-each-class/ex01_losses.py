import torch


def mean_squared_error(predictions, targets):
    targets = targets.view(predictions.shape)
    n = predictions.shape[0]
    return torch.sum((targets - predictions) ** 2) / (2 * n)


def one_hot(labels, num_classes):
    rows = torch.zeros(len(labels), num_classes, device=labels.device)
    rows[torch.arange(len(labels)), labels] = 1.0
    return rows


def log_softmax(logits):
    return logits - torch.logsumexp(logits, dim=-1, keepdim=True)


def cross_entropy(logits, labels):
    log_p = log_softmax(logits)
    n = len(labels)
    y = one_hot(labels, logits.shape[1])
    p = torch.exp(log_p)
    return -(y * log_p + (1 - y) * torch.log(1 - p)).sum(dim=1).mean()
