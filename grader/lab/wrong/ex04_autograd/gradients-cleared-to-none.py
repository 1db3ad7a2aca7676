def parameter_gradients(model, criterion, images, labels):
    loss = criterion(model(images), labels)
    loss.backward()
    model.zero_grad()
    return {name: p.grad for name, p in model.named_parameters()}
