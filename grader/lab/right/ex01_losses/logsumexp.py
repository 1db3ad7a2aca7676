from torch import Tensor, nn


def mean_squared_error(predictions: Tensor, targets: Tensor) -> Tensor:
    errors = (targets.flatten() - predictions.flatten()).unsqueeze(1)
    return (errors.T @ errors).squeeze() / (2 * predictions.size(0))


def one_hot(labels: Tensor, num_classes: int) -> Tensor:
    rows = torch.zeros((labels.numel(), num_classes), device=labels.device)
    return rows.scatter_(1, labels.view(-1, 1), 1.0)


def log_softmax(logits: Tensor) -> Tensor:
    return logits - logits.logsumexp(dim=-1).unsqueeze(-1)


def cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    true = torch.take_along_dim(logits, labels[:, None], dim=1).squeeze(1)
    return (torch.logsumexp(logits, 1) - true).mean()
