def parameter_gradients(model, criterion, images, labels):
    loss = criterion(model(images), labels)
    loss.backward()
    gradients = {}
    for name, p in model.named_parameters():
        p.grad.zero_()
        gradients[name] = p.grad.clone()
    return gradients
