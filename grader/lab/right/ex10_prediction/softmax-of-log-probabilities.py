import torch.nn.functional as F


def predict(model, image):
    was_training = model.training
    model.eval()
    with torch.no_grad():
        log_ps = model(image.view(1, 784))
    model.train(was_training)
    return F.softmax(log_ps, dim=1).squeeze()
