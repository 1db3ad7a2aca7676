"""Hidden tests of ex09_regression: a loader over a table, a small regressor, and its training.

A loader deals in an order of its own, so its examples are put in the order of their first feature
before they are compared. What it deals is shown by what a known network makes of it: the slopes of
an epoch's loss, and the answer to each example, which tells which one it was. What `fit` leaves in
the model is compared with the path of a plain loop over the same batches, and with the paths of
known mistakes; where several leave the weights as they were, a record of what happened names the
mistake, and decides no points. A mistake that another test charges is looked past.
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

from beside.layers import answers_with
from grader.guest.probing import (
    RejectedError,
    attempt,
    gradient_values,
    named_layers,
    regression_network,
    require_module,
)
from grader.suite import F64_EXACT, difference, expect, expect_beside, points, probe
from kit.loop.trajectory import gradients_of
from kit.networks import layers, tensors
from kit.regression.bench import (
    by_loss,
    each_epoch,
    expect_part,
    expect_weights,
    means_by,
    run_fit,
)
from kit.regression.course import (
    Course,
    fit_case,
    loss_by,
    network_answers,
    on_course,
    table,
)
from kit.regression.known_layers import expect_known_answers, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.suite import Answer, Student
    from kit.loop.trajectory import Named, Settings
    from kit.regression.course import Case, Loss

    Tensors = list[torch.Tensor]
    Table = tuple[torch.Tensor, torch.Tensor, int, Tensors]
    EpochLoss = Callable[["Course", list[float]], object]

# The loader.

MAX_BATCHES = 1000  # a loader that never ends is a wrong one, too


def tables(*dtypes: torch.dtype) -> list[Table]:
    """Give features, targets, batch size and a network's weights, for two tables in turns.

    The tables are in each of some dtypes.
    """
    shapes = ((31, 11, 3, 4), (32, 7, 2, 3))
    cases: list[Table] = []
    for place, dtype in enumerate(dtypes):
        seed, n, d, batch_size = shapes[place % 2]
        columns = [column + 20 * (dtype == torch.uint8) for column in table(seed, n, d)]
        features, targets = (column.to(dtype) for column in columns)
        # so small that no two answers come close
        weights = [weight.double() / 4 for weight in layers(seed, d, 3, 1)]
        cases.append((features, targets, batch_size, weights))
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
    student: Any,
    features: torch.Tensor,
    targets: torch.Tensor,
    batch_size: int,
    weights: Tensors,
) -> dict[str, object]:
    """Go through the loader once; give each column in its own order, the pairs, and the slopes."""
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
        "slopes": slopes_of(batches, weights),
    }


def slopes_of(batches: Sequence[tuple[torch.Tensor, torch.Tensor]], weights: Tensors) -> object:
    """Give the gradients that all batches together leave in a network; None if it takes none."""
    model = regression_network(weights)
    for questions, answers in batches:
        rows = len(questions)
        if questions.shape != (rows, weights[0].shape[1]) or answers.shape != (rows, 1):
            return None
        if questions.dtype != torch.float32 or answers.dtype != torch.float32:
            return None
        (model(questions.double()) - answers.double()).square().sum().backward()
    return named_layers(gradient_values(model.parameters()))


@probe("make_loader(features, targets, batch_size)")
def three_epochs(
    student: Any,
    features: torch.Tensor,
    targets: torch.Tensor,
    batch_size: int,
    weights: Tensors,
) -> list[torch.Tensor]:
    """Go through the loader three times; give a network's answers as each epoch deals."""
    loader = loader_of(student, as_arrays(features, targets), batch_size)
    model = regression_network(weights)
    with torch.no_grad():
        return [
            model(joined([column for column, _ in dealt(loader)]).double()).flatten()
            for _ in range(3)
        ]


def in_order(column: torch.Tensor) -> torch.Tensor:
    """Give a column's rows in the order of their first numbers."""
    return column[column[:, 0].argsort()]


def columns(
    change: Callable[[torch.Tensor, torch.Tensor], tuple[torch.Tensor, torch.Tensor]],
) -> Callable[..., Named]:
    """Give both columns by name after a change of what the arrays hold."""

    def give(features: torch.Tensor, targets: torch.Tensor, *_: object) -> Named:
        changed = change(in_order(features), in_order(targets))
        return dict(zip(("features", "targets"), changed, strict=True))

    return give


as_float32 = columns(lambda features, targets: (features.float(), targets.float()))


def sizes(features: torch.Tensor, _: torch.Tensor, batch_size: int, *__: object) -> list[int]:
    """Give the sizes of the batches."""
    return [len(part) for part in torch.split(features, batch_size)]


def sum_of_squares(predictions: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Measure the squared errors of all examples."""
    return (predictions - targets).square().sum()


def slopes(features: torch.Tensor, targets: torch.Tensor, _: int, weights: Tensors) -> Named:
    """Give the gradients of a network's squared errors over a whole table."""
    whole = features.float().double(), targets.float().double()
    return named_layers(gradients_of(loss_by(sum_of_squares), weights, whole))


def repeats(answer: Answer) -> bool:
    """Whether some rows of a column come twice."""
    value = answer.value
    if not isinstance(value, torch.Tensor) or not value.dim() or not value.numel():
        return False
    return len(torch.unique(value, dim=0)) < len(value)


@points(1)
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
    for answer, (features, targets, *_) in zip(answers, cases, strict=True):
        together = not difference(answer["pairs"].value, targets[features[:, 0].argsort()])
        expect(answer).satisfies(
            together, "examples don't have the targets that belong to them.", "pairs-come-apart"
        )
        expect(answer["dataset"]).equals("TensorDataset", mistakes={"no-tensor-dataset": "other"})
    expect_part(answers, cases, "slopes", right=slopes)


@points(1)
def test_examples_become_float32(student: Student) -> None:
    """Features and targets become float32, whatever numbers the arrays hold."""
    cases = tables(torch.float64, torch.int32, torch.uint8, torch.float16)
    answers = [one_epoch(student, *case) for case in cases]
    expect_part(
        answers,
        cases,
        "columns",
        right=as_float32,
        mistakes={
            "dtype-of-the-arrays": columns(lambda x, y: (x, y)),
            "dtype-of-the-targets-kept": columns(lambda x, y: (x.float(), y)),
            "targets-as-class-indices": columns(lambda x, y: (x.float(), y.long())),
        },
    )
    expect_part(answers, cases, "slopes", right=slopes)


@points(1)
def test_each_epoch_has_an_order_of_its_own(student: Student) -> None:
    """Every epoch deals the examples in a new order."""
    (case,) = tables(torch.float32)
    features, *_, weights = case
    answer = three_epochs(student, *case)
    told = network_answers(weights, features.double()).flatten()
    came = []
    for place in range(3):
        each = expect(answer[place]).tensor(dtype=torch.float64).flatten()
        apart, examples = (each[:, None] - told).abs().min(dim=1)
        known = len(each) > 0 and bool((apart < F64_EXACT.relative).all())
        expect(answer).satisfies(known, "the loader deals examples that are not in the arrays.")
        came.append(examples.tolist())
    same = came[0] == came[1] == came[2]
    mistake = "never-shuffled" if came[0] == sorted(came[0]) else "shuffled-once"
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


@probe("build_regressor()(features)")
def answers_by_weights(student: Any, sets: list[Tensors]) -> list[torch.Tensor]:
    """Give the model's answers with sets of weights."""
    return answers_with(built(student, sets[0][-1]), sets)


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
    """Give the model's answers with each of some biases alone."""
    model = built(student, features)
    given = []
    with torch.no_grad():
        for bias in biases:
            set_answer(model, bias)
            given.append(model(features))
    return {"answers by bias": given}


@points(1)
def test_regressor_leads_over_two_layers_to_any_number(student: Student) -> None:
    """Two linear layers lead from 4 numbers over 2 to 1, with biases, and the 1 can be any."""
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
    answers_follow_the_bias(student)
    expect_known_answers(answers_by_weights(student, settings()))


def answers_follow_the_bias(student: Student) -> None:
    """Expect that a bias alone is the answer, whatever it is."""
    (features,) = tensors(41, (5, 4))
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
            "softmax-of-one-number": by(lambda column: column.softmax(dim=1)),
            "log-softmax-of-one-number": by(lambda column: column.log_softmax(dim=1)),
            "answer-flattened": by(torch.flatten),
        },
    )


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

COUNT_MISTAKES: Mapping[str, Callable[..., object]] = {
    "one-epoch-only": on_course(lambda course: course.after(course.batches)),
    "one-epoch-too-many": on_course(lambda course: course.after([*course.all, *course.batches])),
}

LOOP_MISTAKES: Mapping[str, Callable[..., object]] = {
    **COUNT_MISTAKES,
    "momentum-added": on_course(lambda course: course.after(course.all, momentum=0.9)),
    "gradients-add-up": on_course(lambda course: course.after(course.all, momentum=1.0)),
    "cleared-once-an-epoch": on_course(lambda course: course.after_epochs(momentum=1.0)),
    "first-batch-only": on_course(lambda course: course.after(course.batches[:1] * course.epochs)),
    "one-step-an-epoch": on_course(
        lambda course: course.after(course.batches[-1:] * course.epochs)
    ),
    "whole-table-at-once": on_course(lambda course: course.after([course.whole] * course.epochs)),
    "step-before-backward": on_course(lambda course: course.after(course.all[:-1])),
}


EPOCH_LOSS_MISTAKES: Mapping[str, EpochLoss] = {
    "losses-not-divided": lambda _, losses: sum(losses),
    "divided-by-dataset-size": lambda course, losses: sum(losses) / course.examples,
    "losses-divided-by-batch-size": lambda course, losses: sum(losses) / course.size,
    "last-loss-only": lambda _, losses: losses[-1],
    "first-batch-only": lambda _, losses: losses[0],
}


@points(2)
def test_a_batch_is_one_step_by_its_mean_squared_error(student: Student) -> None:
    """One batch moves the weights by one step along the gradient of its mean squared error."""
    expect_weights(
        student, one_batch_cases(), STEP_MISTAKES, "another-model-trained", past=COUNT_MISTAKES
    )


@points(2)
def test_fit_takes_one_step_a_batch_in_every_epoch(student: Student) -> None:
    """Training goes through the loader once an epoch and takes one plain step a batch."""
    expect_weights(student, fit_cases(), LOOP_MISTAKES, "another-model-trained", past=STEP_MISTAKES)


@points(1)
def test_fit_gives_one_mean_loss_an_epoch(student: Student) -> None:
    """Training gives a list of floats, one an epoch: the mean of its batches' losses."""
    cases = fit_cases(lr=0.0)
    answers = [run_fit(student, *case) for case in cases]
    # the loss of the whole table is the mean over examples, too
    once_an_epoch = answers[0]["trace"].text.count("F") == cases[0][3]["epochs"]
    flat = "b" in answers[0]["trace"].text  # a backward pass found slopes of 0
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
            **(
                {"loss-without-slope": on_course(lambda course: [0.0] * course.epochs)}
                if flat
                else {}
            ),
            "sum-not-reset": on_course(Course.means_added_up),
            "one-epoch-only": on_course(lambda course: course.means()[:1]),
            "one-epoch-too-many": on_course(lambda course: [*course.means(), course.means()[0]]),
            "last-epoch-only": on_course(lambda course: course.means()[-1]),
            "losses-of-all-batches": on_course(lambda course: list(chain(*course.losses()))),
            "loss-is-a-tensor": on_course(lambda course: list(torch.tensor(course.means()))),
            "nothing-returned": lambda *_: None,
        },
        past=LR_NOT_HANDED_OVER,
    )


def with_settings(change: Callable[[Settings], Settings]) -> Callable[..., object]:
    """Give the mean losses of the epochs of a loop with some other settings."""

    def means(*case: Any) -> list[float]:
        weights, features, targets, given = case
        return Course(weights, features, targets, given | change(given)).means()

    return means


LR_NOT_HANDED_OVER = {"lr-not-handed-over": with_settings(lambda _: {"lr": 1e-3})}

CHARGED_ELSEWHERE: Mapping[str, Callable[..., object]] = {
    **{slug: each_epoch(mistake) for slug, mistake in EPOCH_LOSS_MISTAKES.items()},
    **{slug: means_by(loss) for slug, loss in OTHER_LOSSES.items()},
    **LR_NOT_HANDED_OVER,
    "step-uphill": with_settings(lambda given: {"lr": -given["lr"]}),
    "two-steps-a-batch": with_settings(lambda given: {"lr": 2 * given["lr"]}),
    "one-epoch-only": on_course(lambda course: course.means()[:1]),
    "one-epoch-too-many": with_settings(lambda given: {"epochs": given["epochs"] + 1}),
    "last-epoch-only": on_course(lambda course: course.means()[-1]),
    "losses-of-all-batches": on_course(lambda course: list(chain(*course.losses()))),
    "loss-is-a-tensor": on_course(lambda course: list(torch.tensor(course.means()))),
}


@points(1)
def test_losses_are_measured_while_the_model_learns(student: Student) -> None:
    """Each batch's loss is taken before the step on that batch."""
    expect_beside(
        lambda *case: run_fit(student, *case)["losses"],
        fit_cases(),
        right=on_course(Course.means),
        past=CHARGED_ELSEWHERE,
        mistakes={
            "gradients-add-up": on_course(lambda course: course.means(momentum=1.0)),
            "momentum-added": on_course(lambda course: course.means(momentum=0.9)),
            "loss-after-the-step": on_course(lambda course: course.means(late=1)),
            "loss-after-the-epoch": on_course(Course.means_after_epochs),
        },
    )
