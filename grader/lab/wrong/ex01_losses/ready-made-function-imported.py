from torch.nn.functional import one_hot as ready_made


def one_hot(labels, num_classes):
    return ready_made(labels, num_classes).float()
