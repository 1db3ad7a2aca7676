"""What a submission gets that does no work and rewrites what is asked beside it.

`tests/claims/claims_for_probes.py` is handed in for every exercise, in the real sandbox.
"""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest
from the_lab import EXERCISES, exercise_named

from grader.asking.probes import ProbeFunction
from grader.guest.crossing.wire import Load, Probe, Returned
from grader.judge.grading import grade_submission
from grader.judge.plugin import run_suites
from grader.submissions import File, HandIn

if TYPE_CHECKING:
    from grader.courses import Exercise
    from grader.judge.plugin import SuiteRunner
    from grader.sandbox.sandbox import Sandbox

pytestmark = pytest.mark.proof

CLAIMING = Path(__file__).resolve().parent / "claims" / "claims_for_probes.py"
MODULES = [exercise for exercise in EXERCISES if not exercise.cells]

# points for claims that nothing can prove; what SECURITY.md names
UNPROVEN: dict[str, float] = {}


@pytest.fixture(scope="module")
def scores(sandbox: Sandbox) -> dict[str, dict[str, float]]:
    """Hand the file in for all exercises; return the points of each of their tests."""
    found: dict[str, dict[str, float]] = {}
    content = CLAIMING.read_bytes()
    work = {each: HandIn((File(f"{each.name}.py", content),)) for each in MODULES}

    def serve(runner: SuiteRunner) -> None:
        for result in grade_submission(sandbox, runner, work, "cpu"):
            found[result.exercise] = {test.name: test.score for test in result.tests}

    run_suites([each.hidden_suite for each in MODULES], serve)
    return found


@pytest.mark.parametrize("exercise", MODULES, ids=lambda exercise: exercise.name)
def test_a_claim_alone_has_no_points(
    scores: dict[str, dict[str, float]], exercise: Exercise
) -> None:
    """A file that answers all probes with claims has no more than what can't be proven."""
    paid = {name: score for name, score in scores[exercise.name].items() if score}

    assert sum(paid.values()) <= UNPROVEN.get(exercise.name, 0.0), paid


def test_claims_are_made_for_probes_that_there_are() -> None:
    """A claim for a probe that is gone would show nothing."""
    probes = {name for exercise in MODULES for name in probes_of(exercise)}

    assert set() == claims() - probes


def test_a_claim_is_what_the_judge_hears(sandbox: Sandbox) -> None:
    """The file gets through to where it lies: the probe itself is never run."""
    session = sandbox.open()
    content = CLAIMING.read_bytes() + b"\nCLAIMS['clear'] = lambda: 'done'\n"
    session.ask(Load("ex06_manual_update", "ex06_manual_update.py", content, False, "cpu"), 10)
    code = probes_of(exercise_named("ex06"))["clear"].code
    reply = session.ask(Probe(code, (), 0), 10)
    session.end()

    assert Returned("done") == reply


def probes_of(exercise: Exercise) -> dict[str, ProbeFunction]:
    """Return the probes of an exercise's hidden suite, by name."""
    files = (PurePosixPath(file) for file in exercise.code.behind(exercise.hidden_suite))
    modules = [
        import_module(".".join(file.with_suffix("").parts))
        for file in files
        if file.stem == exercise.name or "kit" in file.parts
    ]
    found = {name: value for module in modules for name, value in vars(module).items()}
    return {name: value for name, value in found.items() if isinstance(value, ProbeFunction)}


def claims() -> set[str]:
    """Return the names of the probes that the file has a claim for."""
    tree = ast.parse(CLAIMING.read_text(encoding="utf-8"))
    (table,) = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "CLAIMS"
    ]
    assert isinstance(table, ast.Dict)
    return {ast.literal_eval(key) for key in table.keys if key}
