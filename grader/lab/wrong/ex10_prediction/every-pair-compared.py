def accuracy(model, loader):
    was_training = model.training
    model.eval()
    result = 0
    with torch.no_grad():
        for images, labels in loader:
            ps = torch.exp(model(images.view(images.shape[0], -1)))
            top_p, top_class = ps.topk(1, dim=1)
            equals = top_class == labels
            result += torch.mean(equals.type(torch.FloatTensor)).item()
    model.train(was_training)
    return result / len(loader)
