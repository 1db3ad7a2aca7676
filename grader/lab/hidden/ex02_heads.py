"""Hidden tests of ex02: a probability, probabilities of classes, a number, and a decision.

The models may have any layers, so nothing is known about them but what they answer. Each is given
many sets of random weights, so large that its scores lie far apart, and the answers to all of them
are judged together. Then it is asked about examples on a line between two of these: the answers
at its ends are the same ones, and with small weights they change little by little on the way.
Nothing that a model says of itself is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from beside.layers import noted_scores, takes_hidden
from grader.guest.probing import RejectedError, attempt, draw_weights, require_module
from grader.suite import expect, expect_each, points, probe
from kit.heads import BINARY_HEADS, CLASS_HEADS, NUMBER_HEADS, head_mistake, mostly_sure

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.suite import Answer, Student, StudentModule
    from kit.heads import Heads

WEIGHT_SETS = 24  # all answers of a right model have the same sign once in 2**23 models
GENTLE_SETS = 6  # and as many of weights with which answers change little from step to step
UNIT, MODERATE, LARGE = 1.0, 2.0, 10.0  # weights; with large ones the scores lie far apart
LINE = 33  # examples on a line
GRADUAL = 0.5  # of the change along a line is the most that one step makes, with 8 of 10 sets
MOSTLY = 0.5  # of the sets must be as gentle as that; where answers jump at all, few are
OWN_EFFECT = 0.15  # of what units have in common; at least 0.3 for one of the sets in networks
BEND = 1e-3  # of what the scores of a line come to; 0.1 in most networks, 0 without activations
NOISE = (
    5e-7  # what float32 makes of a number; with seven sigmoids in a row a line bends by twice that
)
LEAST_EFFECT = 1e-5  # of a unit on some answer; 1e-3 at least in networks, 1e-6 by rounding

Scores = tuple[Tensor, Tensor]
Sets = list[list[float]]  # of weights: seed and scale of each


def examples(seed: int, n: int, in_features: int) -> Tensor:
    """Draw n examples of numbers of both signs."""
    return 1.5 * torch.randn(n, in_features, generator=torch.Generator().manual_seed(seed))


def line_between(start: Tensor, end: Tensor, n: int) -> Tensor:
    """Return n examples in even steps from one to another."""
    return torch.lerp(start, end, torch.linspace(0, 1, n).unsqueeze(1))


# What runs beside the submission.


def ready_model(build: Callable[[], object], x: Tensor, hidden: int, call: str) -> nn.Module:
    """Return a student's model in eval mode, with all of its weights there."""
    torch.manual_seed(0)  # what is drawn and is no parameter is the same in every call
    model = require_module(build(), call).to(x.device).eval()
    attempt(
        lambda: model(x),
        {"in-features-and-hidden-swapped": lambda: takes_hidden(model, x, hidden)},
    )
    if not list(model.parameters()):
        raise RejectedError("The model has no parameters.", "layers-not-registered")
    return model


def answers(model: nn.Module, x: Tensor, sets: Sets) -> dict[str, object]:
    """Return what the model gives for x with one set of weights after the other, and its scores."""
    given, scores = [], []
    with noted_scores(model) as seen:
        for seed, scale in sets:
            draw_weights(model, int(seed), scale)
            given.append(answer_of(model, x))
            scores += seen[-1:]
    return {"answers": torch.stack(given), "scores": torch.stack(scores) if scores else None}


def answer_of(model: nn.Module, x: Tensor) -> Tensor:
    """Return what the model gives for x."""
    with torch.no_grad():
        given = model(x)
    if not isinstance(given, Tensor):
        raise RejectedError(f"The model returned {type(given).__name__}, not a tensor.")
    return given


def without_each_unit(
    model: nn.Module, x: Tensor, hidden: int, seeds: list[int]
) -> dict[str, object]:
    """Return the parameters' sizes, and what the model gives without one unit after the other.

    The first answer to each set of weights is that of the whole model. A unit is what the
    parameters hold at one place of a dimension of size `hidden`.
    """
    given = []
    for seed in seeds:
        for unit in (None, *range(hidden)):
            draw_weights(model, seed, UNIT)
            for parameter in model.parameters() if unit is not None else ():
                for dim, size in enumerate(parameter.shape):
                    if size == hidden:
                        parameter.data.select(dim, unit).zero_()
            given.append(answer_of(model, x))
    sizes = [sorted([1, 1, *parameter.shape])[-2:] for parameter in model.parameters()]
    return {"sizes": torch.tensor(sizes), "answers": torch.stack(given)}


def binary_model(student: StudentModule, x: Tensor, hidden: int) -> nn.Module:
    """Build a model for a yes/no question."""
    build = partial(student.binary_classifier, x.shape[1], hidden)
    return ready_model(build, x, hidden, "binary_classifier(…)")


def class_model(student: StudentModule, x: Tensor, hidden: int, num_classes: int) -> nn.Module:
    """Build a model for one class of many."""
    build = partial(student.multiclass_classifier, x.shape[1], hidden, num_classes)
    return ready_model(build, x, hidden, "multiclass_classifier(…)")


def number_model(student: StudentModule, x: Tensor, hidden: int) -> nn.Module:
    """Build a model for a number."""
    build = partial(student.regressor, x.shape[1], hidden)
    return ready_model(build, x, hidden, "regressor(…)")


@probe("binary_classifier(in_features, hidden)(x)")
def binary_answers(student: StudentModule, x: Tensor, hidden: int, sets: Sets) -> dict[str, object]:
    """Ask a yes/no question."""
    return answers(binary_model(student, x, hidden), x, sets)


@probe("multiclass_classifier(in_features, hidden, num_classes)(x)")
def class_answers(
    student: StudentModule, x: Tensor, hidden: int, num_classes: int, sets: Sets
) -> dict[str, object]:
    """Ask for one class of many."""
    return answers(class_model(student, x, hidden, num_classes), x, sets)


@probe("regressor(in_features, hidden)(x)")
def number_answers(student: StudentModule, x: Tensor, hidden: int, sets: Sets) -> dict[str, object]:
    """Ask for a number."""
    return answers(number_model(student, x, hidden), x, sets)


@probe("binary_classifier(in_features, hidden)(x)")
def binary_units(
    student: StudentModule, x: Tensor, hidden: int, seeds: list[int]
) -> dict[str, object]:
    """Ask a yes/no question of a model that lacks a unit."""
    return without_each_unit(binary_model(student, x, hidden), x, hidden, seeds)


@probe("multiclass_classifier(in_features, hidden, num_classes)(x)")
def class_units(
    student: StudentModule, x: Tensor, hidden: int, seeds: list[int]
) -> dict[str, object]:
    """Ask a model that lacks a unit for one class of many."""
    return without_each_unit(class_model(student, x, hidden, 4), x, hidden, seeds)


@probe("regressor(in_features, hidden)(x)")
def number_units(
    student: StudentModule, x: Tensor, hidden: int, seeds: list[int]
) -> dict[str, object]:
    """Ask a model that lacks a unit for a number."""
    return without_each_unit(number_model(student, x, hidden), x, hidden, seeds)


# What the answers must show.


@dataclass(frozen=True)
class Asked:
    """What a model was asked, and what it gave.

    Attributes:
        answer: for the examples.
        along: for a line between the first and the last of them, in another order, with the sets of
            weights in reverse; None where there is only one.
        n: how many examples there are.
        mistake: the last step that gives this answer, where it is a mistaken one.
    """

    answer: Answer
    along: Answer | None
    n: int
    mistake: str | None

    def values(self, outputs: int, shapes: dict[str, tuple[int, ...]]) -> Tensor:
        """Return the answers (sets of weights, n, outputs), if nothing is wrong with their form.

        Args:
            outputs: how many numbers each example should get.
            shapes: mistake to the shape that it gives.
        """
        value, right = self.answer.value, (self.n, outputs)
        came = tuple(value.shape[1:]) if isinstance(value, Tensor) else None
        mistake = next((slug for slug, shape in shapes.items() if shape == came), None)
        sentence = f"expected the shape {right} for {self.n} examples."
        if came is not None:
            sentence = f"the answer has the shape {came}; {sentence}"
        expect(self.answer).satisfies(came == right, sentence, mistake)
        lost = isinstance(value, Tensor) and not torch.isfinite(value).all()
        expect(self.answer).satisfies(not lost, "it holds NaN or infinity.", self.mistake)
        return expect(self.answer).tensor((WEIGHT_SETS + GENTLE_SETS, *right), torch.float32)

    def depends_on_x(self, values: Tensor) -> None:
        """Require answers that differ between examples, and change with them little by little."""
        differs = bool((values.amax(1) > values.amin(1)).any())  # by little, through many sigmoids
        mistake = self.mistake or "examples-without-influence"
        expect(self.answer).satisfies(differs, "every example gets the same answer.", mistake)
        if self.along is None:
            return
        shape = (len(values), LINE, values.shape[2])
        line = expect(self.along).tensor(shape, torch.float32).flip(0)[:, SHUFFLED.argsort()]
        far = (line[:, [0, -1]] - values[:, [0, -1]]).abs() > 0.02 * (values.max() - values.min())
        sentence = "the same example gets a different answer the second time."
        expect(self.along).satisfies(not far.any(), sentence)
        sentence = (
            "the answers jump: two examples that are nearly equal get very different answers."
        )
        expect(self.along).satisfies(changes_gradually(line[WEIGHT_SETS:]), sentence)


SHUFFLED = torch.randperm(LINE, generator=torch.Generator().manual_seed(0))


def changes_gradually(line: Tensor) -> bool:
    """Whether answers (sets of weights, examples on a line, outputs) make no jump."""
    steps = line.diff(dim=1).abs().amax(1)
    spread = line.amax(1) - line.amin(1)
    return bool((steps <= GRADUAL * spread + 1e-5).double().mean() >= MOSTLY)


def asked(ask: Callable[[Tensor, Sets], Answer], x: Tensor, scale: float, heads: Heads) -> Asked:
    """Ask a model about examples, with weights of a scale and with gentle ones.

    `heads` are the last steps that are mistaken in this kind of model.
    """
    sets = [[seed, scale] for seed in range(WEIGHT_SETS)]
    sets += [[seed, UNIT] for seed in range(GENTLE_SETS)]
    answer = ask(x, sets)
    line = line_between(x[0], x[-1], LINE)[SHUFFLED]
    along = ask(line, sets[::-1])["answers"] if len(x) > 1 else None
    mistake = head_mistake(answer["answers"].value, answer["scores"].value, heads)
    return Asked(answer["answers"], along, len(x), mistake)


def binary(student: Student, n: int, scale: float) -> tuple[Asked, Tensor]:
    """Ask a yes/no question about n examples, and require probabilities."""
    found = asked(
        lambda x, sets: binary_answers(student, x, 7, sets), examples(n, n, 5), scale, BINARY_HEADS
    )
    two = {"two-outputs-for-yes-and-no": (n, 2), "answer-flattened": (n,)}
    values = found.values(1, two)
    inside = bool(((values >= 0) & (values <= 1)).all())
    expect(found.answer).satisfies(inside, "a probability must be between 0 and 1.", found.mistake)
    return found, values


@points(1)
def test_binary_classifier_gives_a_probability_for_each_example(student: Student) -> None:
    """binary_classifier: one probability from 0 to 1 per example."""
    for n in (6, 1):
        found, values = binary(student, n, MODERATE)
        unsure = bool(((values > 0) & (values < 1)).any()) or bool((values == 1).all())
        sentence = "every answer is exactly 0 or 1; a probability can lie between."
        expect(found.answer).satisfies(unsure, sentence, found.mistake)
        if n > 1:
            found.depends_on_x(values)


@points(1)
def test_binary_classifier_can_be_sure_of_yes_and_of_no(student: Student) -> None:
    """binary_classifier: answers close to 0 and close to 1 are possible."""
    found, values = binary(student, 6, LARGE)
    found.depends_on_x(values)
    low, high = values.min().item(), values.max().item()
    for sure, bound in ((low < 0.05, 0), (high > 0.95, 1)):
        sentence = f"no answer comes near {bound}, however far apart the scores are."
        expect(found.answer).satisfies(sure, sentence, found.mistake)


def has_hidden_layer(
    student: Student,
    ask: Callable[..., Answer],
    in_features: int,
    hidden: int,
    outputs: int,
    scores_of: Callable[[Tensor], Scores],
) -> None:
    """Require a layer of as many units as were asked for, each with an effect of its own."""
    seeds, corners = [1, 2, 3, 4], examples(3, 8, in_features)
    lines = [line_between(corners[at], corners[at + 1], LINE) for at in range(0, len(corners), 2)]
    x = torch.cat(lines)
    answer = ask(student, x, hidden, seeds)
    sizes = sizes_in(answer)
    asked_for = bool((sizes == hidden).any())
    mistake = None if asked_for else why_another_size(student, ask, x, hidden, sizes, outputs)
    sentence = f"no parameter of the model has a size of {hidden}, the number of hidden units."
    expect(answer).satisfies(asked_for, sentence, mistake)
    came = answer["answers"].value
    shape = tuple(came.shape[1:]) if isinstance(came, Tensor) else None
    sentence = f"the answer has the shape {shape}; expected {(len(x), outputs)}."
    expect(answer).satisfies(shape == (len(x), outputs), sentence)
    values = expect(answer["answers"]).tensor((len(seeds) * (1 + hidden), len(x), outputs))
    gradual = all(changes_gradually(line) for line in values.split(LINE, dim=1))
    expect(answer).satisfies(
        gradual, "the answers jump: two examples that are nearly equal get very different answers."
    )
    by_unit = values.double().reshape(len(seeds), 1 + hidden, len(x), outputs)
    acting = each_acts(by_unit.flatten(2))
    sentence = (
        "most hidden units change no answer, or all of them change the answers in the same way."
    )
    expect(answer).satisfies(acting, sentence)
    scores, noise = (part.reshape(-1, LINE, outputs) for part in scores_of(by_unit[:, 0]))
    straight = is_straight(scores, noise.amax(1))
    sentence = "its scores change along a straight line, as those of a single linear layer do."
    expect(answer).satisfies(not straight, sentence, "no-activation-between")


def sizes_in(answer: Answer) -> Tensor:
    """Return the sizes of a model's parameters, in pairs."""
    sizes = expect(answer["sizes"]).tensor(dtype=torch.int64)
    expect(answer["sizes"]).satisfies(sizes.shape[1:] == (2,), "expected pairs of sizes.")
    return sizes


def why_another_size(
    student: Student,
    ask: Callable[..., Answer],
    x: Tensor,
    hidden: int,
    sizes: Tensor,
    outputs: int,
) -> str | None:
    """Name why no layer has the size asked for, if all sizes stay the same for another one."""
    others = sizes_in(ask(student, x, hidden + 2, [1]))
    if sizes.tolist() != others.tolist():
        return None
    inputs = x.shape[1]
    straight = [1, inputs], sorted([inputs, outputs]), [1, 1], [1, outputs]
    layers = any(pair not in straight for pair in sizes.tolist())
    return "hidden-size-fixed" if layers else "no-hidden-layer"


def is_straight(lines: Tensor, noise: Tensor) -> bool:
    """Whether scores (lines, LINE, outputs) go the straight way from end to end on every line.

    Those that stay where they are go no way: another test charges that.
    """
    way = torch.linspace(0, 1, LINE, dtype=lines.dtype).reshape(1, LINE, 1)
    apart = (lines - torch.lerp(lines[:, :1], lines[:, -1:], way)).abs().amax(1)
    length = lines.amax(1) - lines.amin(1)
    return bool((length > noise).any() and (apart <= BEND * length + noise).all())


# The scores behind answers, but for what is added to all of a row, and how far rounding moves them.
# What is no probability may be a score itself; another test charges that.


def scores_of_numbers(answers: Tensor) -> Scores:
    """Give the answers as they are."""
    return answers, NOISE * answers.abs()


def scores_of_classes(answers: Tensor) -> Scores:
    """Give scores that softmax turns into these answers (…, classes)."""
    if (answers < 0).any():
        return scores_of_numbers(answers)
    logs = answers.clamp(min=1e-30).log()
    return logs - logs.mean(-1, keepdim=True), NOISE * (1 + logs.abs())


def scores_of_yes(answers: Tensor) -> Scores:
    """Give scores that sigmoid turns into these answers."""
    if (answers < 0).any() or (answers > 1).any():
        return scores_of_numbers(answers)
    return answers.logit(eps=1e-9), NOISE / (answers * (1 - answers)).clamp(min=1e-9)


def each_acts(values: Tensor) -> bool:
    """Whether most of a network's units have an effect, and not all the same one.

    Args:
        values: answers (sets of weights, 1 + units, …), first of the whole network and then without
            one unit after the other.
    """
    effects = values[:, 1:] - values[:, :1]
    effects = effects - effects.mean(2, keepdim=True)  # what it does to all answers alike
    alive = (effects.abs().amax(2) > LEAST_EFFECT).any(0).double().mean() >= MOSTLY
    strengths = torch.linalg.svdvals(effects)
    return bool(alive and (strengths[:, 1] > OWN_EFFECT * strengths[:, 0]).any())


@points(0.5)
def test_binary_classifier_has_a_hidden_layer_of_the_size_asked_for(student: Student) -> None:
    """binary_classifier: has a hidden layer with `hidden` units."""
    has_hidden_layer(student, binary_units, 5, hidden=7, outputs=1, scores_of=scores_of_yes)


@points(0.5)
def test_multiclass_classifier_has_a_hidden_layer_of_the_size_asked_for(student: Student) -> None:
    """multiclass_classifier: has a hidden layer with `hidden` units."""
    has_hidden_layer(student, class_units, 3, hidden=11, outputs=4, scores_of=scores_of_classes)


@points(0.5)
def test_regressor_has_a_hidden_layer_of_the_size_asked_for(student: Student) -> None:
    """regressor: has a hidden layer with `hidden` units."""
    has_hidden_layer(student, number_units, 4, hidden=9, outputs=1, scores_of=scores_of_numbers)


def multiclass(student: Student, n: int, num_classes: int, scale: float) -> tuple[Asked, Tensor]:
    """Ask for one class of many; require rows that sum to 1 and differ between examples."""
    found = asked(
        lambda x, sets: class_answers(student, x, 7, num_classes, sets),
        examples(n, n, 5),
        scale,
        CLASS_HEADS,
    )
    values = found.values(num_classes, {"classes-fixed-at-ten": (n, 10)})
    sums = values.sum(2)
    right = bool(((sums - 1).abs() < 1e-4).all() and (values >= 0).all())
    sentence = "each row should hold probabilities that add up to 1."
    expect(found.answer).satisfies(right, sentence, found.mistake)
    if n > 1:
        found.depends_on_x(values)
    return found, values


@points(1.5)
def test_each_row_of_the_multiclass_classifier_sums_to_1(student: Student) -> None:
    """multiclass_classifier: the probabilities of each row add up to 1."""
    for n, num_classes, scale in ((6, 4, MODERATE), (1, 4, MODERATE), (5, 3, LARGE)):
        multiclass(student, n, num_classes, scale)


@points(1)
def test_multiclass_classifier_can_be_sure(student: Student) -> None:
    """multiclass_classifier: if scores are far apart, one probability is close to 1."""
    found, values = multiclass(student, 6, 6, LARGE)
    low, high = values.min().item(), values.max().item()
    for certain, bound in ((high > 0.99, 1), (low < 0.01, 0)):
        sentence = f"no probability comes near {bound}, however far apart the scores are."
        expect(found.answer).satisfies(certain, sentence, found.mistake)
    sure = mostly_sure(values[:WEIGHT_SETS])
    sentence = "most rows have no probability near 1, though their scores are far apart."
    expect(found.answer).satisfies(sure, sentence, found.mistake)


def regression(student: Student, n: int, scale: float) -> tuple[Asked, Tensor]:
    """Ask for numbers for n examples, and require the form of an answer."""
    found = asked(
        lambda x, sets: number_answers(student, x, 9, sets),
        examples(20 + n, n, 4),
        scale,
        NUMBER_HEADS,
    )
    return found, found.values(1, {"answer-flattened": (n,)})


@points(1)
def test_regressor_gives_a_number_for_each_example(student: Student) -> None:
    """regressor: one number per example."""
    for n in (6, 1):
        found, values = regression(student, n, MODERATE)
        if n > 1:
            found.depends_on_x(values)


@points(1)
def test_answers_of_the_regressor_have_no_bounds(student: Student) -> None:
    """regressor: answers can be any number, also below 0 and above 1."""
    found, values = regression(student, 5, LARGE)
    low, high = values.min().item(), values.max().item()
    for free, side in ((low < -3, "below"), (high > 3, "above")):
        sentence = f"no answer is far {side} 0; a regressor can answer any number."
        expect(found.answer).satisfies(free, sentence, found.mistake)
    found.depends_on_x(values)


def shares(seed: int, n: int, classes: int, dtype: torch.dtype) -> Tensor:
    """Draw rows of probabilities, most of them without one above 1/2."""
    generator = torch.Generator().manual_seed(seed)
    return torch.softmax(torch.randn(n, classes, generator=generator, dtype=dtype), 1)


@points(1)
def test_predicted_class_is_the_most_probable_of_its_row(student: Student) -> None:
    """predicted_classes: the column of the largest probability in each row."""
    expect_each(
        student.predicted_classes,
        [(shares(41, 5, 4, torch.float64),), (shares(42, 3, 6, torch.float32),)],
        right=lambda p: p.argmax(1),
        mistakes={
            "argmax-over-batch": lambda p: p.argmax(0),
            "argmax-of-the-whole-batch": torch.argmax,
            "largest-probability-itself": lambda p: p.amax(1),
            "probability-and-class": lambda p: tuple(p.max(1)),
            "least-probable-class": lambda p: p.argmin(1),
            "classes-as-a-column": lambda p: p.argmax(1, keepdim=True),
            "classes-not-whole-numbers": lambda p: p.argmax(1).to(p.dtype),
            "classes-numbered-from-one": lambda p: p.argmax(1) + 1,
            "classes-as-a-list": lambda p: p.argmax(1).tolist(),
            "above-one-half": lambda p: (p > 0.5).long(),
        },
    )


@points(1)
def test_one_row_gets_one_class_and_the_probabilities_stay(student: Student) -> None:
    """predicted_classes: works for a single row, and does not modify the probabilities."""
    for seed in (43, 45):
        row = shares(seed, 1, 5, torch.float32)
        answer = student.predicted_classes(row)
        expect(answer).equals(row.argmax(1))
        expect(answer).leaves_arguments_alone()
