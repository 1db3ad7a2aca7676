"""The whole lab in the real sandbox: what is graded when, within which time, on which data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lab_notebooks import lesson, solved_lab
from msgspec.structs import replace
from the_lab import LAB, exercise_named, find_submissions

from beside.idx import FILES, read_split
from grader.courses.known_names import known_as
from grader.courses.limits import TIMES
from grader.judge.grading import grade_submission
from grader.judge.plugin import run_suites
from grader.results.verdicts import Verdict
from grader.sandbox.command import Isolation
from grader.sandbox.limits import Limits
from grader.sandbox.sandbox import Sandbox
from grader.submissions import File, HandIn
from kit.digits_data import VARIABLE

if TYPE_CHECKING:
    from grader.judge.plugin import SuiteRunner
    from grader.results.verdicts import ExerciseResult

pytestmark = pytest.mark.proof

WHOLE = exercise_named("lab_training")
REAL_MNIST = Path(__file__).resolve().parents[2] / "shared" / "data" / "mnist"
NORMALIZE = ", transforms.Normalize((0.5,), (0.5,))"
QUICKLY = (("range(5)", "range(2)"), ("lr=0.003", "lr=0.1"))  # and yet it learns enough


@dataclass(frozen=True)
class Lab:
    """The solved notebook, to be changed."""

    source: str

    def with_(self, *changes: tuple[str, str]) -> bytes:
        """Return it with some texts in the place of others."""
        changed = self.source
        for old, new in changes:
            assert old in changed
            changed = changed.replace(old, new)
        return changed.encode()

    def without_ids(self, *changes: tuple[str, str]) -> bytes:
        """Return it changed, and as a notebook whose cells have no metadata."""
        notebook = json.loads(self.with_(*changes))
        for cell in notebook["cells"]:
            cell["metadata"] = {}
        return json.dumps(notebook).encode()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """Return the solution as a notebook."""
    return Lab(solved_lab(tmp_path_factory.mktemp("lab")).read_text(encoding="utf-8"))


@pytest.fixture
def patient(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """Return the warm sandbox; it waits for a training as a real run does."""
    monkeypatch.setattr(sandbox, "limits", Limits())
    return sandbox


@pytest.fixture
def hasty(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """Return the warm sandbox, with deadlines that are short for a notebook that trains."""
    short = Limits(load_s=6, call_s=6, call_after_timeout_s=0.5, exercise_s=60, fixed=TIMES)
    monkeypatch.setattr(sandbox, "limits", short)
    return sandbox


def grade(sandbox: Sandbox, content: bytes) -> ExerciseResult:
    """Grade one notebook."""
    results: list[ExerciseResult] = []
    hand_in = HandIn(files=(File(name="lab_training.ipynb", content=content),))

    def serve(runner: SuiteRunner) -> None:
        results.extend(grade_submission(sandbox, runner, {WHOLE: hand_in}, "cpu"))

    run_suites([WHOLE.public_checks, WHOLE.hidden_suite], serve)
    return results[0]


def scores(result: ExerciseResult) -> list[float]:
    """Return what each hidden test gave: model, its layers, criterion, optimizer, training."""
    return [test.score for test in result.tests if not test.public]


def test_a_slow_but_right_loop_passes(patient: Sandbox, lab: Lab) -> None:
    """The margin lies between an untrained network and the slowest right loop."""
    slowest = lab.with_(("lr=0.003", "lr=0.001"), (NORMALIZE, ""))

    assert scores(grade(patient, slowest)) == [4, 2, 6, 4, 10, 4]


def test_a_loop_without_end_that_learns_nothing_keeps_what_was_there_before(
    hasty: Sandbox, lab: Lab
) -> None:
    """The first task counts, and so does the optimizer."""
    hasty.limits = replace(hasty.limits, load_s=2.0, call_s=2.0)
    endless = ("for epoch in range(5)", "while True: pass\\nfor epoch in range(5)")
    result = grade(hasty, lab.with_(endless))

    assert (result.verdict, scores(result)) == (Verdict.TIMED_OUT, [4, 2, 6, 4, 0, 0])
    assert "was stopped in lab_training.ipynb, cell" in result.tests[-1].message.text


def test_what_was_learned_until_a_training_was_stopped_counts(hasty: Sandbox, lab: Lab) -> None:
    """A hundred epochs are an ordinary thing to hand in; the report says that they were stopped."""
    quick = ("optim.SGD(model.parameters(), lr=0.003)", "optim.Adam(model.parameters(), lr=0.003)")
    endless = ('    print(f\\"epoch', '    while epoch == 0: pass\\n    print(f\\"epoch')
    result = grade(hasty, lab.without_ids(quick, endless))

    assert (result.verdict, scores(result)) == (Verdict.PASSED, [4, 2, 6, 4, 10, 4])
    assert "its time was up, so it was stopped" in result.notes[-1]


def test_a_loop_that_ends_in_its_first_epoch_has_not_all(patient: Sandbox, lab: Lab) -> None:
    """It has learned, but less than five epochs give; the report says where it broke off."""
    flat = ("images.flatten(start_dim=1)", "images.view(64, 784)")
    result = grade(patient, lab.with_(flat))

    assert (result.verdict, scores(result)) == (Verdict.CRASHED, [4, 2, 6, 4, 10, 0])
    assert (
        "The cell of task 2 raised RuntimeError: shape '[64, 784]'" in result.tests[-1].message.text
    )
    assert "lab_training.ipynb, cell 12, line 7" in result.tests[-1].message.text


def test_what_comes_after_the_last_task_is_run_and_noted(patient: Sandbox, lab: Lab) -> None:
    """The solution has thirty of thirty; it costs nothing, whatever it does to the names."""
    notebook = json.loads(lab.source)
    last = "print('the end')\nmodel = optimizer = None\nraise ValueError('too late')"
    notebook["cells"].append({"cell_type": "code", "metadata": {}, "source": last})
    first = {"cell_type": "code", "metadata": {}, "source": "from nobody import anything"}
    notebook["cells"].insert(0, first)
    result = grade(patient, json.dumps(notebook).encode())

    assert (result.verdict, result.score) == (Verdict.PASSED, 30)
    early, late = result.notes  # what is told again after each part is noted once
    assert early.endswith("put its code into lab_training.ipynb: no other is loaded.")
    assert "ValueError: too late" in late
    assert "the end" not in result.printed  # by then it could be what a hidden test has shown


@pytest.mark.parametrize("head", ["nn.LogSoftmax(dim=1)", "nn.Softmax(dim=1)"])
def test_without_ids_the_first_task_is_judged_before_the_second_begins(
    sandbox: Sandbox, lab: Lab, head: str
) -> None:
    """The network that is given for the second one is nobody's answer to the first."""
    none = ("range(5)", "range(0)")
    result = grade(sandbox, lab.without_ids(("nn.LogSoftmax(dim=1)", head), none))
    is_right = head == "nn.LogSoftmax(dim=1)"

    assert scores(result)[:3] == ([4, 2, 6] if is_right else [0, 2, 0])
    assert result.tests[0].mistake == (None if is_right else "softmax-without-log")


@pytest.mark.parametrize("ids", [True, False], ids=["ids", "no-ids"])
def test_an_untouched_lesson_has_no_points(hasty: Sandbox, ids: bool) -> None:
    """What its ready cells leave under the same names is nobody's answer."""
    result = grade(hasty, lesson(ids=ids))

    assert scores(result) == [0, 0, 0, 0, 0, 0]
    assert "SyntaxError" in result.tests[-1].message.text


@pytest.mark.parametrize("ids", [True, False], ids=["ids", "no-ids"])
def test_a_lesson_has_the_points_of_the_task_that_was_done(hasty: Sandbox, ids: bool) -> None:
    """The second one's blank takes nothing from the first, but a model without hidden layers."""
    model = "nn.Sequential(nn.Linear(784, 10), nn.LogSoftmax(dim=1))"
    result = grade(hasty, lesson(ids=ids, model=model, criterion="nn.NLLLoss()"))

    assert scores(result) == [4, 0, 6, 0, 0, 0]


def test_without_ids_a_failed_training_is_told_by_what_it_raised(hasty: Sandbox) -> None:
    """The step that the lesson has shown before is no part of it."""
    result = grade(hasty, lesson(ids=False, loss="criterion(model(images), labels.float())"))

    assert {test.mistake for test in result.tests} == {None, "labels-not-whole-numbers"}
    assert result.tests[-1].mistake == "labels-not-whole-numbers"
    assert "The cell of task 2 raised RuntimeError" in result.tests[-1].message.text
    assert "lab_training.ipynb, cell 4, line 8" in result.tests[-1].message.text


@pytest.mark.parametrize("where", ["no-id", "last"])
def test_a_first_task_that_stands_elsewhere_costs_nothing(
    patient: Sandbox, lab: Lab, where: str
) -> None:
    """The second is judged as its cell left the names, whatever is run for the first."""
    notebook = json.loads(lab.with_(*QUICKLY))
    (cell,) = (cell for cell in notebook["cells"] if cell["id"] == "lab-model")
    if where == "no-id":
        cell["metadata"] = {}
    else:
        notebook["cells"].remove(cell)
        notebook["cells"].append(cell)
    result = grade(patient, json.dumps(notebook).encode())

    assert scores(result) == [4, 2, 6, 4, 10, 4]


def test_the_second_task_does_not_need_the_first(patient: Sandbox, lab: Lab) -> None:
    """Each answer cell is started or not by itself."""
    notebook = json.loads(lab.with_(*QUICKLY))
    (cell,) = (cell for cell in notebook["cells"] if cell["id"] == "lab-model")
    cell["source"] = 'raise NotImplementedError("lab-model is not written yet")'
    result = grade(patient, json.dumps(notebook).encode())

    assert (result.verdict, scores(result)) == (Verdict.NOT_STARTED, [0, 0, 0, 4, 10, 4])


def test_logits_with_cross_entropy_lose_the_first_row_only(patient: Sandbox, lab: Lab) -> None:
    """A flaw of the model is charged once."""
    changes = [("nn.LogSoftmax(dim=1),", ""), ("nn.NLLLoss", "nn.CrossEntropyLoss")]

    assert scores(grade(patient, lab.with_(*changes, *QUICKLY))) == [0, 2, 6, 4, 10, 4]


def test_a_cell_that_fails_explains_what_is_lacking(patient: Sandbox, lab: Lab) -> None:
    """The report says where the training broke off, in the place of what came of it."""
    result = grade(
        patient, lab.with_(("        running_loss +=", "        gone\\n        running +="))
    )

    assert (result.verdict, scores(result)) == (Verdict.CRASHED, [4, 2, 6, 4, 0, 0])
    assert "The cell of task 2 raised NameError: name 'gone'" in result.tests[-1].message.text
    assert len(result.notes) == 1


@pytest.mark.skipif(not REAL_MNIST.is_dir(), reason="the real MNIST images are not there")
def test_the_real_mnist_is_taken_where_it_is(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notebook trains on the user's images, and is judged by theirs."""
    images, labels = read_split(REAL_MNIST, "t10k")
    folder = tmp_path / "mnist"  # pytest's own folder is closed to other users
    folder.mkdir()
    for name in FILES:
        part = slice(None, 8_000) if name.startswith("train") else slice(8_000, None)
        values = (images if "images" in name else labels.byte())[part]
        header = bytes([0, 0, 8, values.dim()])
        sizes = b"".join(size.to_bytes(4) for size in values.shape)
        (folder / name).write_bytes(header + sizes + values.numpy().tobytes())
    monkeypatch.setenv(VARIABLE, str(folder))
    epochs = "range(2 if len(trainset) == 8_000 else 0)"
    changes = ("range(5)", epochs), ("lr=0.003", "lr=0.1")
    with Sandbox(Isolation.BUBBLEWRAP, "cpu", Limits()) as sandbox:
        result = grade(sandbox, lab.with_(*changes))

    assert scores(result) == [4, 2, 6, 4, 10, 4]


def test_only_a_notebook_is_the_lab(tmp_path: Path) -> None:
    """A script of the same name is not taken for it, also beside it."""
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "lab_training.py").write_text("model = None\n", encoding="utf-8")
    (submission,) = find_submissions(tmp_path)

    assert known_as("lab_training.py", LAB) is None
    assert known_as("Lab_Training (1).ipynb", LAB) is not None
    assert submission.read("lab_training", LAB).files == ()
