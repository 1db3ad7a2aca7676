def log_softmax(logits):
    if logits.dim() == 1:
        return logits - logits.logsumexp(0)
    return logits - torch.logsumexp(logits, dim=1, keepdim=True)
