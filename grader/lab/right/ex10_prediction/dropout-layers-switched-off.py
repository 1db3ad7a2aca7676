def predict(model, image):
    layers = [m for m in model.modules() if isinstance(m, nn.Dropout)]
    modes = [layer.training for layer in layers]
    for layer in layers:
        layer.eval()
    with torch.no_grad():
        ps = torch.exp(model(image.view(1, -1)))
    for layer, mode in zip(layers, modes):
        layer.train(mode)
    return ps[0]
