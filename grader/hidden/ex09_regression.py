"""Hidden tests of ex09_regression: a loader over a table, a small regressor, and its training.

A loader deals in an order of its own, so its examples are put in the order of their first feature
before they are compared. What `fit` leaves in the model is compared with the path of a plain loop
over the same batches, and with the paths of known mistakes; where several leave the weights as they
were, a record of what happened names the mistake, and decides no points.
"""

from __future__ import annotations

from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any
from unittest import mock

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from grader.guest.probing import (
    RejectedError,
    attempt,
    require_module,
)
from grader.judge.difference import difference
from grader.judge.expect import expect
from grader.judge.networks import tensors
from grader.judge.regression import Course, fit_case, on_course, table
from grader.judge.regression_bench import (
    by_loss,
    each_epoch,
    expect_part,
    expect_weights,
    means_by,
    run_fit,
)
from grader.judge.suite import points, probe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.judge.regression import Case, Loss, Named
    from grader.judge.student import Answer, Student

    Table = tuple[torch.Tensor, torch.Tensor, int]
    EpochLoss = Callable[["Course", list[float]], object]

# The loader.

MAX_BATCHES = 1000  # a loader that never ends is a wrong one, too


def tables(*dtypes: torch.dtype) -> list[Table]:
    """Give features, targets and batch size of two tables in turns, in each of some dtypes."""
    shapes = ((31, 11, 3, 4), (32, 7, 2, 3))
    cases: list[Table] = []
    for place, dtype in enumerate(dtypes):
        seed, n, d, batch_size = shapes[place % 2]
        columns = [column + 20 * (dtype == torch.uint8) for column in table(seed, n, d)]
        features, targets = (column.to(dtype) for column in columns)
        cases.append((features, targets, batch_size))
    return cases


def dealt(loader: DataLoader[Any]) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Go through a loader once.

    Raises:
        RejectedError: it gives something else than pairs of tensors with rows.
    """
    batches = list(islice(loader, MAX_BATCHES))
    for batch in batches:
        if not isinstance(batch, list | tuple) or len(batch) != 2:
            raise RejectedError("A batch of the loader is no pair of features and targets.")
        if not all(isinstance(column, torch.Tensor) and column.numel() for column in batch):
            raise RejectedError("A batch of the loader holds something else than two tensors.")
        if not all(column.dim() for column in batch):
            raise RejectedError("A batch of the loader holds a single number, and not rows.")
    if not batches:
        raise RejectedError("The loader gave no batch at all.")
    return [(features, targets) for features, targets in batches]


def loader_of(student: Any, arrays: Sequence[Any], batch_size: int) -> DataLoader[Any]:
    """Let the student make a loader.

    Raises:
        RejectedError: what came back is no DataLoader.
    """
    original = TensorDataset.__init__

    def cut(dataset: TensorDataset, *columns: torch.Tensor) -> None:
        original(dataset, *(column[: min(map(len, columns))] for column in columns))

    def converting(dataset: TensorDataset, *columns: Any) -> None:
        original(dataset, *map(torch.as_tensor, columns))

    def make() -> object:
        return student.make_loader(*arrays, batch_size)

    def make_with(init: Callable[..., None]) -> object:
        with mock.patch.object(TensorDataset, "__init__", init):
            return make()

    loader = attempt(
        make,
        {
            "lengths-differ": partial(make_with, cut),
            "arrays-not-tensors": partial(make_with, converting),
        },
    )
    if isinstance(loader, DataLoader):
        return loader
    raise RejectedError(f"it gave back {type(loader).__name__}; expected a DataLoader.")


def as_arrays(*columns: torch.Tensor) -> list[Any]:
    """Make NumPy arrays of some tensors."""
    return [column.cpu().numpy().copy() for column in columns]


def first_numbers(column: torch.Tensor) -> torch.Tensor:
    """Give the first number of each row."""
    return column.reshape(len(column), -1)[:, 0].double()


def joined(columns: Sequence[torch.Tensor]) -> torch.Tensor:
    """Put the rows of several batches one below the other.

    Raises:
        RejectedError: the rows differ in shape or dtype.
    """
    if len({(column.shape[1:], column.dtype) for column in columns}) != 1:
        raise RejectedError("The batches of the loader differ in more than their length.")
    return torch.cat(list(columns))


@probe("make_loader(features, targets, batch_size)")
def one_epoch(
    student: Any, features: torch.Tensor, targets: torch.Tensor, batch_size: int
) -> dict[str, object]:
    """Go through the loader once; give each column in its own order, and the pairs."""
    arrays = as_arrays(features, targets)
    loader = loader_of(student, arrays, batch_size)
    batches = dealt(loader)
    questions, answers = (joined(columns) for columns in zip(*batches, strict=True))
    order, own_order = (first_numbers(column).argsort() for column in (questions, answers))
    return {
        "arrays": [torch.from_numpy(array) for array in arrays],
        "dataset": "TensorDataset" if isinstance(loader.dataset, TensorDataset) else "other",
        "batch sizes": [len(column) for column, _ in batches],
        "columns": {"features": questions[order], "targets": answers[own_order]},
        "pairs": answers[order] if len(answers) == len(questions) else None,
    }


@probe("make_loader(features, targets, batch_size)")
def three_epochs(
    student: Any, features: torch.Tensor, targets: torch.Tensor, batch_size: int
) -> list[torch.Tensor]:
    """Go through the loader three times; give the first features as each epoch deals them."""
    loader = loader_of(student, as_arrays(features, targets), batch_size)
    return [first_numbers(joined([column for column, _ in dealt(loader)])) for _ in range(3)]


def in_order(column: torch.Tensor) -> torch.Tensor:
    """Give a column's rows in the order of their first numbers."""
    return column[column[:, 0].argsort()]


def columns(
    change: Callable[[torch.Tensor, torch.Tensor], tuple[torch.Tensor, torch.Tensor]],
) -> Callable[..., Named]:
    """Give both columns by name after a change of what the arrays hold."""

    def give(features: torch.Tensor, targets: torch.Tensor, _: int) -> Named:
        changed = change(in_order(features), in_order(targets))
        return dict(zip(("features", "targets"), changed, strict=True))

    return give


as_float32 = columns(lambda features, targets: (features.float(), targets.float()))


def sizes(features: torch.Tensor, _: torch.Tensor, batch_size: int) -> list[int]:
    """Give the sizes of the batches."""
    return [len(part) for part in torch.split(features, batch_size)]


def repeats(answer: Answer) -> bool:
    """Whether some rows of a column come twice."""
    value = answer.value
    if not isinstance(value, torch.Tensor) or not value.dim() or not value.numel():
        return False
    return len(torch.unique(value, dim=0)) < len(value)


@points(2)
def test_an_epoch_deals_every_example_once(student: Student) -> None:
    """An epoch deals every example once, with its own target, in batches of the size asked for."""
    cases = tables(torch.float32, torch.float32)
    answers = [one_epoch(student, *case) for case in cases]
    for answer, case in zip(answers, cases, strict=True):
        unchanged = not difference(answer["arrays"].value, list(case[:2]))
        expect(answer).satisfies(unchanged, "an array has changed.", "changes-its-arguments")
    expect_part(
        answers,
        cases,
        "batch sizes",
        right=sizes,
        mistakes={
            "last-batch-dropped": lambda *case: sizes(*case)[:-1],
            "batch-size-ignored": lambda features, *_: [1] * len(features),
            "whole-table-at-once": lambda features, *_: [len(features)],
        },
    )
    for answer in answers:
        twice = repeats(answer["columns"]["features"])
        sentence = "some examples came twice in one epoch, and others not at all."
        expect(answer).satisfies(not twice, sentence, "examples-drawn-with-replacement")
    expect_part(
        answers,
        cases,
        "columns",
        right=as_float32,
        mistakes={
            "features-and-targets-swapped": columns(lambda x, y: (y, x)),
            "targets-flattened": columns(lambda x, y: (x, y.flatten())),
            "features-standardised": columns(lambda x, y: ((x - x.mean(0)) / x.std(0), y)),
        },
    )
    for answer, (features, targets, _) in zip(answers, cases, strict=True):
        together = not difference(answer["pairs"].value, targets[features[:, 0].argsort()])
        expect(answer).satisfies(
            together, "examples don't have the targets that belong to them.", "pairs-come-apart"
        )
        expect(answer["dataset"]).equals("TensorDataset", mistakes={"no-tensor-dataset": "other"})


@points(1)
def test_examples_become_float32(student: Student) -> None:
    """Features and targets become float32, whatever numbers the arrays hold."""
    cases = tables(torch.float64, torch.int32, torch.uint8, torch.float16)
    expect_part(
        [one_epoch(student, *case) for case in cases],
        cases,
        "columns",
        right=as_float32,
        mistakes={
            "dtype-of-the-arrays": columns(lambda x, y: (x, y)),
            "dtype-of-the-targets-kept": columns(lambda x, y: (x.float(), y)),
            "targets-as-class-indices": columns(lambda x, y: (x.float(), y.long())),
        },
    )


@points(1)
def test_each_epoch_has_an_order_of_its_own(student: Student) -> None:
    """Every epoch deals the examples in a new order."""
    features, targets, batch_size = tables(torch.float32)[0]
    answer = three_epochs(student, features, targets, batch_size)
    epochs = [expect(answer[place]).tensor(dtype=torch.float64) for place in range(3)]
    original = features[:, 0].tolist()
    came = [epoch.flatten().tolist() for epoch in epochs]
    known = all(numbers and set(numbers) <= set(original) for numbers in came)
    expect(answer).satisfies(known, "the loader deals examples that are not in the arrays.")
    same = came[0] == came[1] == came[2]
    mistake = "never-shuffled" if came[0] == original[: len(came[0])] else "shuffled-once"
    expect(answer).satisfies(not same, "all epochs have the same order.", mistake)
    different = came[0] != came[1] != came[2] != came[0]
    expect(answer).satisfies(different, "two epochs have the same order.")


# The regressor.


def built(student: Any, features: torch.Tensor) -> nn.Module:
    """Let the student build a regressor, and show it some features: a lazy layer needs that.

    Raises:
        RejectedError: it is no module.
    """
    model = student.build_regressor()
    if isinstance(model, type):
        raise RejectedError(f"it gave back the class {model.__name__}.", "class-not-object")
    model = require_module(model, "build_regressor()").to(features.device).eval()
    model(features)
    return model


@probe("build_regressor()")
def layer_sizes(student: Any, features: torch.Tensor) -> dict[str, object]:
    """Give the different sizes of the model's weight matrices, and its number of parameters."""
    parameters = list(built(student, features).parameters())
    shapes = {tuple(sorted(weight.shape)) for weight in parameters if weight.dim() == 2}
    # a bias that is kept as a row is no layer
    matrices = [list(shape) for shape in sorted(shapes) if shape != (1, 1)]
    return {"layers": matrices, "parameters": sum(weight.numel() for weight in parameters)}


def set_answer(model: nn.Module, bias: torch.Tensor) -> None:
    """Take all weight off the answer's inputs, so that its bias is the answer.

    Raises:
        RejectedError: the answer has no bias.
    """
    lone = [parameter for parameter in model.parameters() if parameter.numel() == 1]
    if not lone:
        raise RejectedError("The layer that gives the answer has no bias.", "no-biases")
    with torch.no_grad():
        for parameter in model.parameters():
            if sorted(parameter.shape) == [1, 2]:
                parameter.zero_()
        for parameter in lone:
            parameter.fill_(bias.item())


@probe("build_regressor()(features)")
def answers_by_bias(
    student: Any, features: torch.Tensor, biases: torch.Tensor
) -> dict[str, object]:
    """Give the model's answers with positive weights, and with each of some biases alone."""
    model = built(student, features)
    with torch.no_grad():
        for parameter in model.parameters():
            # weights of one sign, so that a unit that passes only positive numbers passes some
            parameter.copy_(parameter.abs() + 0.1)
        first = model(features)
        given = []
        for bias in biases:
            set_answer(model, bias)
            given.append(model(features))
    return {"answers": first, "answers by bias": given}


@points(1)
def test_regressor_has_the_layers_4_2_1(student: Student) -> None:
    """The regressor's two linear layers lead from 4 numbers over 2 to 1, each with its biases."""
    answer = layer_sizes(student, torch.zeros(3, 4))
    expect(answer["layers"]).equals(
        [[1, 2], [2, 4]],
        mistakes={
            "one-linear-layer": [[1, 4]],
            "as-wide-as-the-input": [[1, 4], [4, 4]],
            "one-layer-too-many": [[1, 2], [2, 2], [2, 4]],
        },
    )
    count = answer["parameters"].value
    enough = isinstance(count, int) and count >= 13
    expect(answer).satisfies(
        enough, "there are fewer numbers to learn than weights and biases.", "no-biases"
    )


@points(1)
def test_regressor_can_answer_any_number(student: Student) -> None:
    """The regressor gives one number for each example, and it can be any number."""
    (features,) = tensors(41, (5, 4))
    features[:2] = torch.tensor([[1.0], [2.0]])  # every unit passes something of these
    biases = torch.tensor([-3.5, 0.25, 2.5])
    right = [torch.full((5, 1), bias) for bias in biases.tolist()]
    answer = answers_by_bias(student, features.float(), biases)

    def by(change: Callable[[torch.Tensor], torch.Tensor]) -> list[torch.Tensor]:
        return [change(column) for column in right]

    expect(answer["answers by bias"]).equals(
        right,
        mistakes={
            "relu-on-the-answer": by(torch.relu),
            "sigmoid-on-the-answer": by(torch.sigmoid),
            "tanh-on-the-answer": by(torch.tanh),
            "softmax-of-one-number": by(torch.ones_like),
            "log-softmax-of-one-number": by(torch.zeros_like),
            "answer-flattened": by(torch.flatten),
        },
    )
    free = expect(answer["answers"]).tensor(shape=(5, 1))
    differ = bool((free - free[0]).abs().max() > 0)
    expect(answer).satisfies(differ, "the answer is the same, whatever is asked.")


# The training.


ROUND = 1e-12  # under the root of a mean, so that its slope at 0 is finite


def fit_cases(lr: float = 0.1) -> list[Case]:
    """Give weights, features, targets and the settings of a loop, twice."""
    return [
        fit_case(51, (3, 5), n=10, batch_size=4, epochs=2, lr=lr),
        fit_case(61, (4, 3), n=7, batch_size=2, epochs=3, lr=lr / 2),
    ]


def one_batch_cases() -> list[Case]:
    """Give loops of a single batch, for a single epoch."""
    return [
        (weights, features, targets, settings | {"epochs": 1, "batch_size": len(features)})
        for weights, features, targets, settings in fit_cases()
    ]


OTHER_LOSSES: Mapping[str, Loss] = {
    "squared-error-halved": lambda p, y: F.mse_loss(p, y) / 2,
    "squares-summed": lambda p, y: F.mse_loss(p, y, reduction="sum"),
    "errors-of-all-pairs": lambda p, y: ((p - y.flatten()) ** 2).mean(),
    "distances-not-squares": F.l1_loss,
    "root-of-the-mean": lambda p, y: (F.mse_loss(p, y) + ROUND).sqrt(),
}

STEP_MISTAKES: Mapping[str, Callable[..., object]] = {
    **{slug: by_loss(loss) for slug, loss in OTHER_LOSSES.items()},
    "step-uphill": on_course(lambda course: course.after(course.all, lr=-course.lr)),
    "two-steps-a-batch": on_course(lambda course: course.after(course.all, lr=2 * course.lr)),
    "lr-not-handed-over": on_course(lambda course: course.after(course.all, lr=1e-3)),
    "adam-step": on_course(Course.after_adam),
}

LOOP_MISTAKES: Mapping[str, Callable[..., object]] = {
    **STEP_MISTAKES,
    "momentum-added": on_course(lambda course: course.after(course.all, momentum=0.9)),
    "gradients-add-up": on_course(lambda course: course.after(course.all, momentum=1.0)),
    "cleared-once-an-epoch": on_course(lambda course: course.after_epochs(momentum=1.0)),
    "first-batch-only": on_course(lambda course: course.after(course.batches[:1] * course.epochs)),
    "one-step-an-epoch": on_course(
        lambda course: course.after(course.batches[-1:] * course.epochs)
    ),
    "whole-table-at-once": on_course(lambda course: course.after([course.whole] * course.epochs)),
    "step-before-backward": on_course(lambda course: course.after(course.all[:-1])),
    "one-epoch-only": on_course(lambda course: course.after(course.batches)),
    "one-epoch-too-many": on_course(lambda course: course.after([*course.all, *course.batches])),
}


EPOCH_LOSS_MISTAKES: Mapping[str, EpochLoss] = {
    "losses-not-divided": lambda _, losses: sum(losses),
    "divided-by-dataset-size": lambda course, losses: sum(losses) / course.examples,
    "losses-divided-by-batch-size": lambda course, losses: sum(losses) / course.size,
    "last-loss-only": lambda _, losses: losses[-1],
    "first-batch-only": lambda _, losses: losses[0],
}


@points(1)
def test_a_batch_is_one_step_by_its_mean_squared_error(student: Student) -> None:
    """One batch moves the weights by one step along the gradient of its mean squared error."""
    expect_weights(student, one_batch_cases(), STEP_MISTAKES, "another-model-trained")


@points(1)
def test_fit_takes_one_step_a_batch_in_every_epoch(student: Student) -> None:
    """Training goes through the loader once an epoch and takes one plain step a batch."""
    expect_weights(student, fit_cases(), LOOP_MISTAKES, "another-model-trained")


@points(1)
def test_fit_gives_one_mean_loss_an_epoch(student: Student) -> None:
    """Training gives a list of floats, one an epoch: the mean of its batches' losses."""
    cases = fit_cases(lr=0.0)
    answers = [run_fit(student, *case) for case in cases]
    # the loss of the whole table is the mean over examples, too
    once_an_epoch = str(answers[0]["trace"].value).count("F") == cases[0][3]["epochs"]
    over_examples = "whole-table-at-once" if once_an_epoch else "weighted-by-batch-size"
    expect_part(
        answers,
        cases,
        "losses",
        right=on_course(Course.means),
        mistakes={
            **{slug: each_epoch(mistake) for slug, mistake in EPOCH_LOSS_MISTAKES.items()},
            **{slug: means_by(loss) for slug, loss in OTHER_LOSSES.items()},
            over_examples: on_course(Course.means_over_examples),
            "loss-without-slope": on_course(lambda course: [0.0] * course.epochs),
            "sum-not-reset": on_course(Course.means_added_up),
            "one-epoch-only": on_course(lambda course: course.means()[:1]),
            "one-epoch-too-many": on_course(lambda course: [*course.means(), course.means()[0]]),
            "last-epoch-only": on_course(lambda course: course.means()[-1]),
            "losses-of-all-batches": on_course(lambda course: list(chain(*course.losses()))),
            "loss-is-a-tensor": on_course(lambda course: list(torch.tensor(course.means()))),
            "nothing-returned": lambda *_: None,
        },
    )


@points(1)
def test_losses_are_measured_while_the_model_learns(student: Student) -> None:
    """Each batch's loss is taken before the step on that batch."""
    cases = fit_cases()
    expect_part(
        [run_fit(student, *case) for case in cases],
        cases,
        "losses",
        right=on_course(Course.means),
        mistakes={
            "gradients-add-up": on_course(lambda course: course.means(momentum=1.0)),
            "momentum-added": on_course(lambda course: course.means(momentum=0.9)),
            "loss-after-the-step": on_course(lambda course: course.means(late=1)),
            "loss-after-the-epoch": on_course(Course.means_after_epochs),
        },
    )
