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
    return logits - logits.max(dim=-1, keepdim=True).values


def cross_entropy(logits, labels):
    picked = logits.gather(1, labels[:, None]).squeeze(1)
    return (logits.logsumexp(1) - picked).mean()
