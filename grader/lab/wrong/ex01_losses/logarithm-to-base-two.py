import math


def log_softmax(logits):
    natural = logits - logits.logsumexp(-1, keepdim=True)
    return natural / math.log(2)
