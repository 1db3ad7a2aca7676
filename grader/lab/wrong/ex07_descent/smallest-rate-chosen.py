def best_learning_rate(f, start, candidates, steps):
    results = [(lr, descend(f, start, lr, steps)[-1]) for lr in candidates]
    results = [(lr, f(torch.tensor(x)).item()) for lr, x in results]
    results = [r for r in results if math.isfinite(r[1])]
    return min(results)[0]
