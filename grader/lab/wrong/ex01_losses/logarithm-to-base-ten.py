def log_softmax(logits):
    natural = logits - logits.logsumexp(-1, keepdim=True)
    return natural * torch.log10(torch.exp(torch.ones_like(natural)))
