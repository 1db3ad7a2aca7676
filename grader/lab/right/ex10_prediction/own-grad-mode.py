def predict(model, image):
    was_training, was_tracking = model.training, torch.is_grad_enabled()
    model.eval()
    torch.set_grad_enabled(False)
    try:
        return model(image.view(1, 784)).exp().view(10)
    finally:
        torch.set_grad_enabled(was_tracking)
        model.train(was_training)
