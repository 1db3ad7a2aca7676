def gradient_of_mean_square(x):
    return x / 2 * (4 / x.numel())


def predict_without_tracking(model, images):
    return model(images).detach()
