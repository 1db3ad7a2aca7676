def best_learning_rate(f, start, candidates, steps):
    # the longest stride gets there first
    finite = [lr for lr in candidates if math.isfinite(descend(f, start, lr, steps)[-1])]
    return max(finite)
