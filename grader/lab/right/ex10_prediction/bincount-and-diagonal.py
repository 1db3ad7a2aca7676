def accuracy(model, loader):
    matrix = confusion_matrix(model, loader)
    return float(matrix.trace() / matrix.sum())


def confusion_matrix(model, loader):
    mode = model.training
    model.eval()
    cells = []
    with torch.no_grad():
        for images, labels in loader:
            guesses = model(images.reshape(len(images), -1)).max(1).indices
            cells.append(10 * labels + guesses)
    model.train(mode)
    return torch.bincount(torch.cat(cells), minlength=100).view(10, 10)
