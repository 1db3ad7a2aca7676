def best_learning_rate(f, start, candidates, steps):
    ends = torch.tensor([descend(f, start, lr, steps)[-1] for lr in candidates])
    heights = torch.stack([f(x) for x in ends])
    heights[heights.isinf()] = math.inf
    return candidates[int(torch.argmin(heights))]
