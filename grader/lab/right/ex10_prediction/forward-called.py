def predict(model, image):
    was_training, was_tracking = model.training, torch.is_grad_enabled()
    model.eval()
    torch.set_grad_enabled(False)
    try:
        return model.forward(image.view(1, 784)).exp().view(10)
    finally:
        torch.set_grad_enabled(was_tracking)
        model.train(was_training)


def accuracy(model, loader):
    was_training = model.training
    model.eval()
    correct = 0
    total = 0
    with torch.no_grad():
        for images, labels in loader:
            log_ps = model.forward(images.view(images.shape[0], -1))
            guesses = log_ps.argmax(dim=1)
            correct += (guesses == labels).sum().item()
            total += len(labels)
    model.train(was_training)
    return correct / total


def confusion_matrix(model, loader):
    was_training = model.training
    model.eval()
    matrix = torch.zeros(10, 10, dtype=torch.int64)
    with torch.no_grad():
        for images, labels in loader:
            guesses = model.forward(images.view(images.shape[0], -1)).argmax(dim=1)
            for label, guess in zip(labels, guesses):
                matrix[label.item(), guess.item()] += 1
    model.train(was_training)
    return matrix
