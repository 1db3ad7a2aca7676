def parameter_gradients(model, criterion, images, labels):
    for p in model.parameters():
        if p.grad is not None:
            p.grad.zero_()
    loss = criterion(model.forward(images.view(images.shape[0], -1)), labels)
    loss.backward()
    return {name: torch.clone(p.grad) for name, p in model.named_parameters()}


@torch.no_grad()
def predict_without_tracking(model, images):
    output = model.forward(images)
    return output
