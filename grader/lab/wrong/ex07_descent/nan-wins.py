def best_learning_rate(f, start, candidates, steps):
    best_lr = candidates[0]
    best_height = f(torch.tensor(descend(f, start, best_lr, steps)[-1])).item()
    for lr in candidates[1:]:
        height = f(torch.tensor(descend(f, start, lr, steps)[-1])).item()
        if height < best_height and height > -math.inf:
            best_lr, best_height = lr, height
    return best_lr
