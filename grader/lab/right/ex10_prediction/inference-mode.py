@torch.inference_mode()
def predict(model, image):
    mode = model.training
    model.eval()
    ps = model(image.reshape(-1, 784)).exp()
    model.train(mode)
    return ps[0]


def accuracy(model, loader):
    was_training = model.training
    model.eval()
    correct = 0
    total = 0
    with torch.inference_mode():
        for images, labels in loader:
            log_ps = model(images.view(images.shape[0], -1))
            guesses = log_ps.argmax(dim=1)
            correct += (guesses == labels).sum().item()
            total += len(labels)
    model.train(was_training)
    return correct / total
