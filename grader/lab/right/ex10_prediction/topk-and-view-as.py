def accuracy(model, loader):
    was_training = model.training
    model.eval()
    right = []
    with torch.no_grad():
        for images, labels in loader:
            ps = torch.exp(model.forward(images.flatten(1)))
            top_p, top_class = ps.topk(1, dim=1)
            equals = top_class == labels.view(*top_class.shape)
            right.append(equals.float().flatten())
    if was_training:
        model.train()
    return torch.cat(right).mean().item()
