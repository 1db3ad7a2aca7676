def one_hot(labels, num_classes):
    rows = torch.zeros(labels.shape[0], num_classes, device=labels.device)
    rows[:, labels] = 1
    return rows
