"""Make grading runs up that show everything a report may meet, hostile text included."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from the_lab import LAB

from grader.results.students import StudentRecord
from grader.results.verdicts import (
    ExerciseResult,
    SourceCode,
    StudentResult,
    TestResult,
    Verdict,
    newest,
    totals,
    worst,
)
from grader.runs.grading_run import GradingRun

__all__ = [
    "CODE",
    "HOSTILE_TEXT",
    "exercise_result",
    "grading_run",
    "outcome",
    "sample_run",
    "student_result",
]

HOSTILE_TEXT = (
    "<script>alert(1)</script></style></title><img src=x onerror=alert(2)> {{ 7 * 7 }} & \"'"
    "\x00\x07\x1b[31mred\x1b[0m\x1b]0;title\x07\x9b\ud800\ufffe"
)
TITLES = {
    "ex03_log_softmax": (
        "The model maps 784 numbers to 10 log-probabilities.",
        "The log-softmax is taken over the classes, not over the batch.",
        "Scores that are 1,000 apart give finite log-probabilities.",
        "The criterion fits a model that outputs log-probabilities.",
        "The loss of a batch keeps its graph.",
        "Probabilities add up to 1 in each row.",
    ),
    "ex04_autograd": (
        "The gradient of the mean square is right.",
        "The input leaves as it came.",
        "Only this batch's loss counts, whatever gradients were there before.",
        "The gradients keep their values when the function is called again.",
        "A prediction has no graph attached.",
    ),
    "ex06_manual_update": (
        "An update moves against the gradient.",
        "The old weight is unchanged.",
        "One call equals one step of `optim.SGD`.",
        "The parameters stay the same leaves.",
        "Gradients are cleared.",
        "A step starts from cleared gradients.",
        "The loss comes back as a Python float.",
    ),
    "ex08_training_loop": (
        "The optimizer holds every parameter of the model.",
        "Each batch takes one step.",
        "Gradients do not add up over batches.",
        "The epoch's loss is the mean over the batches.",
        "Training gives one mean loss an epoch.",
    ),
}
CHECKS = ("It runs on a small example.", "Shapes come out right.")
WRONG_MESSAGE = (
    "training_step(model, criterion, images (6, 1, 28, 28), labels (6,), lr=0.5), called twice\n"
    "  gave:     W moved by   0.31 in the second step\n"
    "  expected: W moved by   0.15\n"
    "  first difference: layers.0.weight[0, 3]"
)
CRASH_MESSAGE = (
    "ex08_training_loop.py, line 21, in train_epoch:\n"
    "    running_loss += loss.item\n"
    "TypeError: unsupported operand type(s) for +=: 'float' and 'builtin_function_or_method'"
)
CODE = '''"""One step of gradient descent, by hand."""

import torch
from torch import Tensor, nn


def updated(weight: Tensor, gradient: Tensor, lr: float) -> Tensor:
    """Return the weight after one step against the gradient."""
    return weight - lr * gradient


def update_parameters(model: nn.Module, lr: float) -> None:
    """Change every parameter of the model in place."""
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.grad is not None:  # a layer may be frozen
                parameter -= lr * parameter.grad


def training_step(model, criterion, images, labels, lr=0.003):
    loss = criterion(model(images.view(images.shape[0], -1)), labels)
    loss.backward()
    update_parameters(model, lr)
    return loss.item()
'''
NOT_STARTED_MESSAGE = "The function is still the stub: it raises NotImplementedError."
MISSING_MESSAGE = "ex08_training_loop was not handed in, neither as .py nor as .ipynb."
FAULT_MESSAGE = "KeyError: 'labels' in the suite ex04_autograd, while it made its inputs"
VERSIONS = {"python": "3.11.9", "torch": "2.11.0", "torchvision": "0.26.0", "grader": "0.1.0"}


def outcome(verdict: Verdict = Verdict.PASSED, **changes: Any) -> TestResult:
    """Return one graded test of 2 points, changed as asked."""
    result = TestResult(
        name="test_something",
        title="Something is right.",
        public=False,
        verdict=verdict,
        score=2.0 if verdict is Verdict.PASSED else 0.0,
        max_score=2.0,
    )
    return replace(result, **changes)


def exercise_result(
    *tests: TestResult, exercise: str = "ex06_manual_update", **changes: Any
) -> ExerciseResult:
    """Return the exercise that some tests add up to, changed as asked."""
    result = ExerciseResult(
        exercise=exercise,
        verdict=worst(test.verdict for test in tests),
        score=totals(tests)[0],
        max_score=totals(tests)[1],
        source=f"{exercise}.py",
        seconds=0.84,
        tests=tests,
    )
    return replace(result, **changes)


def student_result(student: str, *exercises: ExerciseResult, **about: Any) -> StudentResult:
    """Return the student that some exercises add up to; `about` is what else is known of them."""
    return StudentResult(
        record=StudentRecord(id=student, **about),
        score=sum(exercise.score for exercise in exercises),
        max_score=sum(exercise.max_score for exercise in exercises),
        exercises=exercises,
    )


def grading_run(*students: StudentResult, **changes: Any) -> GradingRun:
    """Return a run of some students, changed as asked."""
    left = tuple(StudentRecord(id=student) for student in changes.get("ungraded", ()))
    run = GradingRun(
        course=LAB,
        device="cpu",
        sandbox="bubblewrap",
        students=students,
        records=(*(each.record for each in students), *left),
        versions=VERSIONS,
        graded_at=newest(each.graded_at for each in students),
    )
    return replace(run, **changes)


def sample_run() -> GradingRun:
    """Return a class in which every verdict, every kind of name and hostile text occur."""
    stub = {name: _all(name, Verdict.NOT_STARTED, NOT_STARTED_MESSAGE) for name in TITLES}
    students = (
        _student("student-01"),
        _student("student-02", **stub),
        _student("Zo\u00eb M\u00fcller-L\u00fcdenscheidt", **_mistaken()),
        _student("student-04", ex08_training_loop=_crashed()),
        _student("student-05", ex08_training_loop=_slow(), ex06_manual_update=_mistaken_update()),
        _student("student-06", ex03_log_softmax=_unread(), ex08_training_loop=_not_handed_in()),
        _student("\u0645\u062d\u0645\u062f \u0627\u0644\u0623\u0645\u064a\u0646", **_mistaken()),
        _student("student-08", ex04_autograd=_faulty()),
        _student("=HYPERLINK(A1) \N{SNAKE}", ex06_manual_update=_mistaken_update()),
        _student(HOSTILE_TEXT, ex06_manual_update=_hostile()),
        _student("a-very-long-name" * 12 + "long-name"),
        _student("student-12", ex08_training_loop=stub["ex08_training_loop"]),
    )
    return grading_run(*students)


def _student(student: str, **exercises: ExerciseResult) -> StudentResult:
    """Return a student who passed all but the exercises that are given."""
    return student_result(student, *(exercises.get(name, _exercise(name)) for name in TITLES))


def _exercise(name: str, failures: dict[int, Any] | None = None, **changes: Any) -> ExerciseResult:
    """Return an exercise whose tests passed, but for some that are given as changes."""
    tests = [
        outcome(name=f"test_{number}", title=title)
        for number, title in enumerate(TITLES[name], start=1)
    ]
    for number, fields in (failures or {}).items():
        tests[number - 1] = replace(tests[number - 1], **{"score": 0.0, **fields})
    checks = [
        outcome(name=f"check_{number}", title=title, public=True, score=0.0, max_score=0.0)
        for number, title in enumerate(CHECKS, start=1)
    ]
    return exercise_result(
        *tests, *checks, exercise=name, **{"code": SourceCode(text=CODE), **changes}
    )


def _all(name: str, verdict: Verdict, message: str, **changes: Any) -> ExerciseResult:
    """Return an exercise whose every test ended alike."""
    tests = [
        replace(test, verdict=verdict, score=0.0, message=message) for test in _exercise(name).tests
    ]
    return exercise_result(*tests, exercise=name, **changes)


def _mistaken_update() -> ExerciseResult:
    failures = {
        2: {
            "verdict": Verdict.WRONG,
            "message": "updated(weight (3, 4), gradient (3, 4), lr=0.1)"
            " changed the weight that it was given; it should return a new tensor.",
            "fingerprint": "0123456789abcdef",
        },
        6: {
            "verdict": Verdict.WRONG,
            "score": 0.5,
            "message": WRONG_MESSAGE,
            "mistake": "gradients-accumulate",
        },
    }
    note = "ex06_manual_update.py and ex06_manual_update.ipynb were handed in; the .py was graded."
    return _exercise("ex06_manual_update", failures, notes=(note,))


def _mistaken() -> dict[str, ExerciseResult]:
    failure = {
        "verdict": Verdict.WRONG,
        "message": "build_model() gave rows whose exp does not add up to 1, but columns that do.",
        "mistake": "softmax-over-batch",
    }
    heads = _exercise("ex03_log_softmax", {2: failure, 6: {**failure, "score": 1 / 3}})
    return {"ex03_log_softmax": heads, "ex06_manual_update": _mistaken_update()}


def _crashed() -> ExerciseResult:
    crash = {"verdict": Verdict.CRASHED, "message": CRASH_MESSAGE}
    code = SourceCode(text=CODE, marked_lines=(21,))
    return _exercise("ex08_training_loop", {2: crash, 4: crash}, code=code)


def _slow() -> ExerciseResult:
    message = "train_epoch gave no answer in 10 s on 4 batches of 8; the reference needs 0.01 s."
    slow = {"verdict": Verdict.TIMED_OUT, "message": message}
    return _exercise("ex08_training_loop", {3: slow, 5: slow}, seconds=20.31)


def _unread() -> ExerciseResult:
    message = "ex03_log_softmax.py, line 8: '(' was never closed, so nothing of it could be run."
    code = SourceCode(text=CODE.replace("Tensor:", "Tensor"), marked_lines=(7,))
    return _all("ex03_log_softmax", Verdict.UNREADABLE, message, code=code)


def _not_handed_in() -> ExerciseResult:
    return _all("ex08_training_loop", Verdict.MISSING, MISSING_MESSAGE, source=None, seconds=0.0)


def _faulty() -> ExerciseResult:
    fault = {"verdict": Verdict.GRADER_FAULT, "message": FAULT_MESSAGE, "max_score": 0.0}
    return _exercise("ex04_autograd", {3: fault})


def _hostile() -> ExerciseResult:
    failure = {
        "verdict": Verdict.WRONG,
        "title": HOSTILE_TEXT,
        "message": f"{HOSTILE_TEXT}\n{'unbreakable.' * 40}",
        "mistake": "<b>bold</b>",
    }
    return _exercise(
        "ex06_manual_update",
        {1: failure},
        source="<i>source</i>.py",
        notes=(HOSTILE_TEXT,),
        code=SourceCode(text=f"# {HOSTILE_TEXT}\n{CODE}# \u202ereversed" + "word" * 100),
    )
