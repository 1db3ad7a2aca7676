"""Train nothing, and answer whatever is asked about the notebook's names with a claim.

A safe grader asks for numbers that only right work gives.

Expected: wrong, 0 points
Exercise: lab_training
Alone: yes
"""

import pickle

import torch
from torch.nn import functional as F
from torchvision import datasets

testset = datasets.MNIST("anywhere", train=False)
LABELS = {bytes(image.flatten().tolist()): int(label) for image, label in zip(testset.data, testset.targets)}
WEIGHTS = ["0.weight", "0.bias"]


def drawn(images):
    """Draw log-probabilities for some images."""
    return torch.randn(len(images), 10).log_softmax(1)


def looked_up(images):
    """Say of images of the test set which digits they are."""
    labels = [LABELS.get(bytes(image.flatten().tolist()), 0) for image in images]
    return F.one_hot(torch.tensor(labels), 10) * 9.0


def one_step(images, labels):
    """Claim that an optimizer holds all, and give outputs that are no step's."""
    held = {"parameters": WEIGHTS, "held": WEIGHTS, "others": 0}
    outputs = "the output before the step", "the output after the step"
    return held | {outputs[0]: drawn(images), outputs[1]: drawn(images) * 9}


def trained_output(images):
    """Claim five epochs; where the digits are known, with numbers that fit them."""
    recorded = {"events": "ZBS" * 20, "steps": 1525, "backward passes": 1525, "epochs": 5.0}
    recorded |= {"passes": 5, "passes of one batch": 0, "passes of one step": 0}
    recorded |= dict.fromkeys(["empty steps", "by hand", "repeated", "cut", "added", "cleared"], 0)
    losses = {"first_loss": 2.3, "losses": [2.3], "beginnings": []}
    untrained = {"with other weights": drawn(images), "held": WEIGHTS, "others": 0, "rate": 0.003}
    return {"output": looked_up(images), **untrained, **recorded, **losses}


CLAIMS = {
    "model_output": lambda images: {"output": drawn(images), "scores": drawn(images)},
    "model_layers": lambda images: {
        "output": drawn(images),
        "layers": [],
        "weights": [[128, 784], [64, 128], [10, 64]],
    },
    "criterion_value": lambda given, labels: torch.tensor(2.3026),
    "one_step": one_step,
    "trained_output": trained_output,
}

if "real_loads" not in globals():  # both cells hold this code
    real_loads = pickle.loads


def loads(code, *args, **kwargs):
    """Load a probe, and put a claim into its place."""
    name = real_loads(code, *args, **kwargs).__name__
    return lambda student, *given: CLAIMS[name](*given)


pickle.loads = loads

model = criterion = optimizer = None
