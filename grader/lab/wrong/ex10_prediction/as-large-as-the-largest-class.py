def confusion_matrix(model, loader):
    was_training = model.training
    model.eval()
    true, predicted = [], []
    with torch.no_grad():
        for images, labels in loader:
            guesses = model(images.view(images.shape[0], -1)).argmax(dim=1)
            true += labels.tolist()
            predicted += guesses.tolist()
    model.train(was_training)
    size = max(true + predicted) + 1
    matrix = torch.zeros(size, size, dtype=torch.int64)
    for label, guess in zip(true, predicted):
        matrix[label, guess] += 1
    return matrix
