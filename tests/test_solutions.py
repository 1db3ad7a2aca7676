"""Every solution keeps its contract, and its docstrings tell the truth."""

from __future__ import annotations

import doctest
import importlib.util
import re
import sys
from inspect import getdoc, getmembers, isfunction, signature
from pathlib import Path
from typing import Any

import pytest
import torch
from the_lab import EXERCISES
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

FOLDER = Path(__file__).resolve().parents[1] / "solutions"
NAMES = sorted(path.stem for path in FOLDER.glob("ex*.py"))
SIGNATURES = {
    "ex01_losses": {
        "mean_squared_error": "predictions, targets",
        "one_hot": "labels, num_classes",
        "log_softmax": "logits",
        "cross_entropy": "logits, labels",
    },
    "ex02_heads": {
        "binary_classifier": "in_features, hidden",
        "multiclass_classifier": "in_features, hidden, num_classes",
        "regressor": "in_features, hidden",
        "predicted_classes": "probabilities",
    },
    "ex03_log_softmax": {
        "build_model": "",
        "build_criterion": "",
        "batch_loss": "model, criterion, images, labels",
        "probabilities": "log_probabilities",
    },
    "ex04_autograd": {
        "gradient_of_mean_square": "x",
        "parameter_gradients": "model, criterion, images, labels",
        "predict_without_tracking": "model, images",
    },
    "ex05_backprop": {
        "forward": "x, W1, b1, W2, b2",
        "loss": "L2, y",
        "backward": "x, y, W1, b1, W2, b2",
    },
    "ex06_manual_update": {
        "updated": "weight, gradient, lr",
        "update_parameters": "model, lr",
        "clear_gradients": "model",
        "training_step": "model, criterion, images, labels, lr",
    },
    "ex07_descent": {
        "descend": "f, start, lr, steps",
        "best_learning_rate": "f, start, candidates, steps",
    },
    "ex08_training_loop": {
        "build_optimizer": "model, lr",
        "train_epoch": "model, loader, criterion, optimizer",
        "train": "model, loader, criterion, optimizer, epochs",
    },
    "ex09_regression": {
        "make_loader": "features, targets, batch_size",
        "build_regressor": "",
        "fit": "model, loader, lr, epochs",
    },
    "ex10_prediction": {
        "predict": "model, image",
        "accuracy": "model, loader",
        "confusion_matrix": "model, loader",
    },
}
every_solution = pytest.mark.parametrize("name", NAMES)


def load(name: str) -> Any:
    """Import a solution from its file; a module's functions are not known to the type checker."""
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def functions(module: Any) -> dict[str, Any]:
    """Return the functions that a solution defines itself."""
    members = getmembers(module, isfunction)
    return {name: value for name, value in members if value.__module__ == module.__name__}


def classifier(seed: int) -> nn.Module:
    """Build a small float64 classifier of 784 numbers into 3 classes."""
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(784, 5), nn.Tanh(), nn.Linear(5, 3)).double()


def batch(seed: int, n: int = 4) -> tuple[Tensor, Tensor]:
    """Draw n images `(n, 1, 28, 28)` in float64 and their labels."""
    generator = torch.Generator().manual_seed(seed)
    images = torch.randn(n, 1, 28, 28, dtype=torch.float64, generator=generator)
    return images, torch.randint(3, (n,), generator=generator)


def sgd_steps(model: nn.Module, batches: list[tuple[Tensor, Tensor]], lr: float) -> list[float]:
    """Train by PyTorch's own optimizer and return the loss before each step."""
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for images, labels in batches:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images.flatten(1)), labels)
        torch.autograd.backward(loss)
        optimizer.step()
        losses.append(loss.item())
    return losses


def assert_same_parameters(expected: nn.Module, model: nn.Module) -> None:
    """Compare two models number by number."""
    torch.testing.assert_close(model.state_dict(), expected.state_dict(), rtol=0, atol=1e-12)


def test_every_exercise_of_the_lab_has_a_solution() -> None:
    """The lab's table and the folder name the same exercises."""
    names = sorted(path.stem for path in FOLDER.glob("*.py"))

    assert sorted(exercise.name for exercise in EXERCISES) == names


@every_solution
def test_functions_have_the_signatures_of_the_contract(name: str) -> None:
    """Names and parameters, in order, are what students were promised."""
    found = {key: ", ".join(signature(f).parameters) for key, f in functions(load(name)).items()}

    assert found == SIGNATURES[name]


@every_solution
def test_docstring_examples_are_right(name: str) -> None:
    """Each function has an example, and the solution does what the examples show."""
    module = load(name)
    examples = [test for test in doctest.DocTestFinder().find(module, name) if test.examples]
    result = doctest.testmod(module)

    assert len(examples) == len(SIGNATURES[name])
    assert result.failed == 0


@every_solution
def test_docstrings_name_the_parameters_in_order(name: str) -> None:
    """What stands under Args is the signature."""
    for function in functions(load(name)).values():
        _, _, text = (getdoc(function) or "").partition("Args:\n")
        documented = re.findall(r"^    (\w+): ", text.partition("\n\n")[0], re.MULTILINE)

        assert documented == list(signature(function).parameters)


@every_solution
def test_the_card_says_what_a_student_needs(name: str) -> None:
    """Goal, time, difficulty, what it builds on, and how to check."""
    card = getdoc(load(name)) or ""

    assert re.search(r"\*\*Goal\.\*\*", card)
    assert re.search(r"\d+ minutes, difficulty [1-5] of 5\.\sYou should know: (ex|tensors)", card)
    assert f"`grader check {name[:4]}` in a terminal" in card
    assert "nox" not in card  # students have no need of it


def test_log_softmax_model_stays_finite() -> None:
    """Scores far more than 1,000 apart still give finite log-probabilities that sum to 1."""
    model = load("ex03_log_softmax").build_model()
    output = model(1e5 * torch.randn(3, 784, generator=torch.Generator().manual_seed(0)))

    assert (output.max(dim=1).values - output.min(dim=1).values > 1000).all()
    assert output.isfinite().all()
    torch.testing.assert_close(output.exp().sum(dim=1), torch.ones(3))


def test_batch_loss_is_the_mean_and_carries_its_graph() -> None:
    """The loss equals PyTorch's cross-entropy and reaches the weights."""
    model, (images, labels) = classifier(0), batch(0)
    loss = load("ex03_log_softmax").batch_loss(model, nn.CrossEntropyLoss(), images, labels)

    torch.testing.assert_close(
        loss, nn.functional.cross_entropy(model(images.flatten(1)), labels), rtol=0, atol=1e-12
    )
    assert loss.requires_grad


@pytest.mark.parametrize("shape", [(5,), (2, 3), (2, 1, 4)])
def test_gradient_of_mean_square_keeps_x_as_it_came(shape: tuple[int, ...]) -> None:
    """The gradient is 2x / N in x's dtype, and x is left without a trace."""
    x = torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    before = x.clone()
    gradient = load("ex04_autograd").gradient_of_mean_square(x)

    torch.testing.assert_close(gradient, 2 * before / before.numel(), rtol=0, atol=1e-12)
    assert torch.equal(x, before)
    assert not x.requires_grad
    assert x.grad is None


def test_parameter_gradients_keep_their_values() -> None:
    """Zeroing in place and a second call change nothing of the first one's answer."""
    module, model = load("ex04_autograd"), classifier(0)
    (first, labels), (second, others) = batch(1), batch(2)
    gradients = module.parameter_gradients(model, nn.CrossEntropyLoss(), first.flatten(1), labels)
    kept = {name: gradient.clone() for name, gradient in gradients.items()}
    model.zero_grad(set_to_none=False)
    module.parameter_gradients(model, nn.CrossEntropyLoss(), second.flatten(1), others)

    assert list(gradients) == [name for name, _ in model.named_parameters()]
    torch.testing.assert_close(gradients, kept, rtol=0, atol=0)


def test_parameter_gradients_ignore_stale_ones() -> None:
    """Gradients that were there before do not count."""
    module, model, (images, labels) = load("ex04_autograd"), classifier(0), batch(1)
    arguments = (model, nn.CrossEntropyLoss(), images.flatten(1), labels)
    clean = module.parameter_gradients(*arguments)
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)

    torch.testing.assert_close(module.parameter_gradients(*arguments), clean, rtol=0, atol=0)


@pytest.mark.parametrize("enabled", [True, False])
def test_predicting_leaves_grad_mode_as_it_was(enabled: bool) -> None:
    """The output has no graph, and autograd is on or off as before."""
    model, (images, _) = classifier(0), batch(1)
    with torch.set_grad_enabled(enabled):
        output = load("ex04_autograd").predict_without_tracking(model, images.flatten(1))
        after = torch.is_grad_enabled()

    assert not output.requires_grad
    assert after is enabled


def test_updated_leaves_the_old_weight_alone() -> None:
    """The step is a new tensor of the same dtype."""
    weight, gradient = torch.tensor([1.0, -2.0]).double(), torch.tensor([4.0, 4.0]).double()
    result = load("ex06_manual_update").updated(weight, gradient, 0.25)

    torch.testing.assert_close(result, torch.tensor([0.0, -3.0]).double(), rtol=0, atol=0)
    assert torch.equal(weight, torch.tensor([1.0, -2.0]).double())


def test_training_steps_equal_sgd_with_stale_gradients_present() -> None:
    """Two steps by hand and two of SGD give the same losses and weights, on the same leaves."""
    model, reference, batches = classifier(3), classifier(3), [batch(1), batch(2)]
    objects = list(model.parameters())
    for parameter in objects:
        parameter.grad = torch.ones_like(parameter)
    step = load("ex06_manual_update").training_step
    losses = [step(model, nn.CrossEntropyLoss(), *pair, 0.1) for pair in batches]

    assert losses == pytest.approx(sgd_steps(reference, batches, 0.1), rel=1e-12)
    assert_same_parameters(reference, model)
    assert all(a is b and b.is_leaf for a, b in zip(objects, model.parameters(), strict=True))


def test_update_spares_parameters_without_gradient() -> None:
    """Only what has a gradient moves, and the gradients stay."""
    model = nn.Linear(3, 2)
    weight, bias = model.weight.detach().clone(), model.bias.detach().clone()
    model.bias.grad = torch.tensor([1.0, -2.0])
    load("ex06_manual_update").update_parameters(model, 0.5)

    assert torch.equal(model.weight, weight)
    torch.testing.assert_close(model.bias.detach(), bias - torch.tensor([0.5, -1.0]))
    assert torch.equal(model.bias.grad, torch.tensor([1.0, -2.0]))


def test_optimizer_is_plain_sgd_over_all_parameters() -> None:
    """No momentum, no weight decay, no parameter forgotten."""
    model = classifier(0)
    optimizer = load("ex08_training_loop").build_optimizer(model, 0.05)
    (group,) = optimizer.param_groups

    assert type(optimizer) is torch.optim.SGD
    assert (group["lr"], group["momentum"], group["weight_decay"]) == (0.05, 0, 0)
    assert [id(p) for p in group["params"]] == [id(p) for p in model.parameters()]


def test_training_follows_the_reference_over_epochs() -> None:
    """Uneven batches, two epochs: each epoch's loss is the mean over batches, not over images."""
    images, labels = batch(5, n=7)
    batches = [(images[:3], labels[:3]), (images[3:6], labels[3:6]), (images[6:], labels[6:])]
    loader = DataLoader(TensorDataset(images, labels), batch_size=3)
    model, reference, module = classifier(4), classifier(4), load("ex08_training_loop")
    optimizer = module.build_optimizer(model, 0.1)
    losses = module.train(model, loader, nn.CrossEntropyLoss(), optimizer, 2)
    expected = sgd_steps(reference, batches * 2, 0.1)

    assert losses == pytest.approx([sum(expected[:3]) / 3, sum(expected[3:]) / 3], rel=1e-12)
    assert_same_parameters(reference, model)
