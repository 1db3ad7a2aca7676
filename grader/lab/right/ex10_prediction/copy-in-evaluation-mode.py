import copy


def predict(model, image):
    quiet = copy.deepcopy(model).eval()
    with torch.no_grad():
        return quiet(image.unsqueeze(0).flatten(1)).exp().squeeze(0)


def accuracy(model, loader):
    model = copy.deepcopy(model)
    model.eval()
    correct = 0
    total = 0
    with torch.no_grad():
        for images, labels in loader:
            log_ps = model(images.view(images.shape[0], -1))
            guesses = log_ps.argmax(dim=1)
            correct += (guesses == labels).sum().item()
            total += len(labels)
    return correct / total
