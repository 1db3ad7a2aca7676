import copy


def gradient_of_mean_square(x):
    return torch.func.grad(lambda t: (t**2).mean())(x)


def parameter_gradients(model, criterion, images, labels):
    twin = copy.deepcopy(model)
    twin.zero_grad()
    loss = criterion(twin(images), labels)
    loss.backward()
    return {name: p.grad for name, p in twin.named_parameters()}


def predict_without_tracking(model, images):
    with torch.set_grad_enabled(False):
        output = model(images)
    return output
