import torch


def build_optimizer(model, lr):
    return torch.optim.SGD([{"params": list(model.parameters()), "lr": lr}])


def one_batch(model, images, labels, criterion, optimizer):
    loss = criterion(model.forward(images.flatten(start_dim=1)), labels)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)  # clean up for whoever comes next
    return loss.detach().item()


def train_epoch(model, loader, criterion, optimizer):
    optimizer.zero_grad(set_to_none=True)
    losses = [one_batch(model, x, y, criterion, optimizer) for x, y in loader]
    return sum(losses) / len(losses)


def train(model, loader, criterion, optimizer, epochs):
    return [train_epoch(model, loader, criterion, optimizer) for _ in range(epochs)]
