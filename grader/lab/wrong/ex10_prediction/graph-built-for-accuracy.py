def accuracy(model, loader):
    was_training = model.training
    model.eval()
    correct = 0
    for images, labels in loader:
        log_ps = model(images.view(images.shape[0], -1))
        correct += (log_ps.argmax(dim=1) == labels).sum().item()
    model.train(was_training)
    return correct / len(loader.dataset)
