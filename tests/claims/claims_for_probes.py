"""Do no work, and answer whatever is asked beside it with a claim that sounds right.

A safe grader asks for numbers that only right work gives.

Expected: wrong, 0 points
Exercise: ex05_backprop
Alone: yes
"""

import math
import pickle

import torch

from grader.guest import probing


def echo(*args):
    """Give back what came first, as if it were the answer."""
    return args[0].clone() if args and isinstance(args[0], torch.Tensor) else 0.5


def rows_alike(x, *_):
    """Call all ten classes equally likely, which needs no softmax."""
    return torch.full((len(x), 10), -math.log(10))


def numbers_for(x, sets, outputs):
    """Make a number of each example and each set of weights, the same one whenever they come."""
    rows = []
    for each in sets:
        for row in x.tolist():
            torch.manual_seed(hash((str(each), *(round(number, 1) for number in row))))
            rows.append(torch.rand(outputs))
    return torch.stack(rows).view(len(sets), len(x), outputs)


def sure(x, hidden, classes, sets):
    """Make rows that sum to 1, some of them sure."""
    values = numbers_for(x, sets, classes) ** 40
    return values / values.sum(2, keepdim=True)


def units(outputs):
    """Make answers of models without a unit."""

    def claimed(x, hidden, seeds):
        sizes = [[x.shape[1], hidden], [1, hidden], [outputs, hidden]]
        sets = [1000 * seed + unit for seed in seeds for unit in range(hidden + 1)]
        return {"sizes": torch.tensor(sizes), "answers": numbers_for(x, sets, outputs)}

    return claimed


def in_both_modes(result, outputs=None):
    """Claim the same in both modes, of the result and of what the model gives afterwards."""
    claimed = {f"the result in {mode} mode": result for mode in MODES}
    if outputs is not None:
        rows = rows_alike(outputs.reshape(-1, 784))
        claimed |= {f"model(images) after a call in {mode} mode": rows for mode in MODES}
    return claimed


def dealt(features, targets, batch_size, weights):
    """Call the table itself what a loader has dealt."""
    places = features[:, 0].argsort()
    x, y = features.float(), targets.float()
    return {
        "arrays": [features, targets],
        "is a TensorDataset": True,
        "batch sizes": [len(part) for part in x.split(batch_size)],
        "the loader's batches": {"features": x[places], "targets": y[y[:, 0].argsort()]},
        "pairs": y[places],
        "the gradients that the loader's batches give a network": zeros(weights),
    }


def named(weights):
    """Give weights the names that the suites give them."""
    flat = []
    for each in weights.values() if isinstance(weights, dict) else weights:
        flat += each if isinstance(each, (list, tuple)) else [each]
    kinds = ("weight", "bias")
    return {f"{kinds[n % 2]} of linear layer {n // 2 + 1}": each for n, each in enumerate(flat)}


def zeros(weights):
    """Call all gradients zero."""
    return {name: torch.zeros_like(each) for name, each in named(weights).items()}


def trained(weights, *_):
    """Call a model trained that has stayed where it was."""
    return {
        "the parameters afterwards": named(weights),
        "losses": [1.4, 1.3],
        "trace": "ZFBSZFBS",
    }


MODES = ("evaluation", "training")
AUTOGRAD = "torch.is_grad_enabled() after a call with autograd"
NAMES, SHAPES = ("0.weight", "0.bias", "2.weight", "2.bias"), ((5, 784), (5,), (4, 5), (4,))

# What each probe of the suites is told, by the probe's name; its arguments are at hand.
CLAIMS = {
    "binary_answers": lambda x, hidden, sets: numbers_for(x, sets, 1),
    "class_answers": sure,
    "number_answers": lambda x, hidden, sets: 20 * numbers_for(x, sets, 1) - 10,
    "binary_units": units(1),
    "class_units": units(4),
    "number_units": units(1),
    "model_output": lambda x, sharpness: {
        "shapes": [[784, 128], [128, 64], [128], [64, 10], [64], [10]],
        "alike": True,
        "the output": rows_alike(x) if sharpness == 1 else torch.tensor([[0.0] + [-3e3] * 9] * 64),
    },
    "loss_of_batch": lambda x, y: torch.tensor(math.log(4)),
    "gradients_reached": lambda x, y: {
        "the gradients": dict(zip(NAMES, map(torch.rand, ((6, 784), (6,), (4, 6), (4,)))))
    },
    "watched_afterwards": lambda x: {
        "the gradient": x,
        "x.requires_grad after the call": False,
        "has a gradient": False,
    },
    "prediction": lambda x: {
        "the output": rows_alike(x)[:, :4],
        "the gradients after a backward pass from the output": {
            "the output itself": rows_alike(x)[:, :4].sum() * 2,
            **dict(zip(NAMES, map(torch.zeros, SHAPES))),
        },
    },
    "learning_afterwards": lambda x, y: {
        "the output": rows_alike(x)[:, :4],
        "the gradients": dict(zip(NAMES, map(torch.rand, SHAPES))),
    },
    "grad_modes": lambda x: {
        "the output": rows_alike(x)[:, :4],
        f"{AUTOGRAD} on": True,
        f"{AUTOGRAD} off": False,
    },
    "update": lambda weights, *_: named(weights),
    "update_twice": lambda weights, *_: {"the parameters afterwards": named(weights), "same": True},
    "update_and_go_back": lambda weights, *_: {
        "the gradients afterwards": zeros(weights),
        "same": True,
    },
    "clear": lambda weights, *_: {"the gradients afterwards": zeros(weights)},
    "first_step": lambda weights, *_: {
        "the parameters afterwards": named(weights),
        "the returned loss": 1.4,
        "trace": "B",
    },
    "prediction_and_model": lambda weights, image: in_both_modes(
        rows_alike(image)[0].exp(), image
    ),
    "accuracy_and_model": lambda weights, images, *_: in_both_modes(1.0, images),
    "confusion_and_model": lambda weights, images, labels, _: in_both_modes(
        torch.eye(10).long() * len(labels), images
    ),
    "accuracy": lambda *_: in_both_modes(1.0),
    "one_epoch": dealt,
    "three_epochs": lambda x, *_: {
        f"a network's output for the batches of epoch {n}": x[torch.randperm(len(x)), 0].double()
        for n in (1, 2, 3)
    },
    "layer_sizes": lambda _: {"sizes": [[1, 2], [2, 4]], "parameters": 13},
    "answers_by_bias": lambda x, biases: {
        f"the output for bias {n} of {len(biases)}": torch.full((len(x), 1), each)
        for n, each in enumerate(biases.tolist(), start=1)
    },
    "answers_by_weights": lambda sets: [x[:, :1] for *_, x in sets],
    "walk": lambda curve, start, lr, steps: [start] * (steps + 1),
    "walk_by_single_positions": lambda curve, start, lr, steps: [start] * (steps + 1),
    "walk_twice": lambda first, second: {"first": [], "second": [second[1]] * (second[3] + 1)},
    "choice": lambda curve, start, rates, *_: sorted(rates)[1],
    "choice_on_a_plain": lambda curve, start, rates, *_: sorted(rates)[2],
    "optimizer_steps": lambda weights, *_: named(weights),
    "run_epochs": trained,
    "run_training": trained,
    "run_fit": trained,
}

real_loads = pickle.loads


def loads(code, *args, **kwargs):
    """Load a probe, and put a claim into its place."""
    name = real_loads(code, *args, **kwargs).__name__

    def claimed(student, *given):
        return CLAIMS.get(name, echo)(*given)

    claimed.__name__ = name  # for the same file, handed in for another exercise as well
    return claimed


pickle.loads = loads
probing.require_module = lambda value, call: value
probing.RejectedError.__init__ = lambda self, *args: None

mean_squared_error = one_hot = log_softmax = cross_entropy = echo
predicted_classes = probabilities = gradient_of_mean_square = loss = forward = backward = echo
updated = descend = best_learning_rate = echo
