from torch import nn


class Hiker:
    def __init__(self, f, start):
        self.f, self.x = f, nn.Parameter(torch.as_tensor(float(start)))
        self.way = [start]

    def step(self, lr):
        self.x.grad = None
        self.f(self.x).backward()
        self.x.data = self.x.data - lr * self.x.grad
        self.way.append(float(self.x))

    def walked(self, lr, steps):
        for _ in range(steps):
            self.step(lr)
        return self

    def end(self):
        with torch.no_grad():
            return float(self.x), float(self.f(self.x))


def descend(f, start, lr, steps):
    return Hiker(f, start).walked(lr, steps).way


def best_learning_rate(f, start, candidates, steps):
    ends = {lr: Hiker(f, start).walked(lr, steps).end() for lr in candidates}
    fit = {lr: height for lr, (x, height) in ends.items() if math.isfinite(x + height)}
    return min(fit, key=fit.get)
