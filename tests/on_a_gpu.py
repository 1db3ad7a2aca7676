"""Everything that needs a GPU, in one table: `python -m tests.on_a_gpu`.

The lab's solutions, its right and wrong works and the attacks are graded on the CPU and on the GPU,
and must come to the same. It needs no network, and nothing beyond what grading needs. With
`--device cpu` the table compares the CPU with itself, so that it can be tried on any machine.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace
from rich.console import Console
from rich.table import Table

from grader.authoring import handed_in, solved
from grader.courses import carried_course, works_of
from grader.errors import GraderError
from grader.guest.crossing.values import unpack
from grader.guest.crossing.wire import Call, Load, Raised, Returned
from grader.redteam import all_attacks, run_attacks
from grader.runs.devices import default_jobs, resolve_device
from grader.runs.engine import Plan, Progress, grade_class
from grader.runs.store import Store
from grader.sandbox.command import Isolation
from grader.sandbox.limits import Limits
from grader.sandbox.sandbox import Sandbox
from grader.submissions import find_class

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from grader.courses import Exercise
    from grader.guest.crossing.wire import Reply
    from grader.results.verdicts import ExerciseResult

LAB = carried_course()
PATIENCE_S = 120.0
NAMED = 20  # differences that are printed
GB = 2**30
CLOSE = GB // 20  # what free memory may differ by
SOLUTIONS = "solutions"

HOLDS = "import torch\nkept = torch.ones(2**28, device='cuda')\n"
SAYS_FREE = "import torch\ndef answer():\n    return torch.cuda.mem_get_info()[0]\n"
TAKES_ALL = "import torch\ndef answer():\n    return torch.empty(2**44, device={device!r})\n"
HARD_CODED = "import torch\ndef answer():\n    return torch.ones(2).cuda().sum()\n"

Results = dict[tuple[str, str], "ExerciseResult"]


class Row(NamedTuple):
    """A line of the table; `holds` is None for what could not be tried."""

    question: str
    answer: str
    holds: bool | None


@dataclass(frozen=True)
class Trial:
    """What is tried.

    Attributes:
        device: what is compared with the CPU.
        isolation: how submissions are kept apart.
        exercises: whose works are graded.
        folder: of the class.
    """

    device: str
    isolation: Isolation
    exercises: tuple[Exercise, ...]
    folder: Path

    def graded(self, device: str, jobs: int, *students: str) -> Results:
        """Grade the class, or some students of it; give the results by student and exercise."""
        plan = Plan(LAB, self.exercises, device, self.isolation, Limits(), jobs, fresh=True)
        chosen = find_class(self.folder, LAB).submissions
        chosen = [each for each in chosen if not students or each.student in students]
        with tempfile.TemporaryDirectory() as output, Store(Path(output, "store")) as store:
            run = grade_class(chosen, plan, store, Progress())
            every = tuple(replace(run, students=tuple(run.students)).students)
        return {(s.record.id, e.exercise): e for s in every for e in s.exercises if e.source}

    def asked(self, *sources: str) -> list[Reply]:
        """Load submissions one after another in one sandbox; give what their `answer()` does."""
        replies = []
        with Sandbox(self.isolation, self.device, Limits()) as sandbox:
            for source in sources:
                session = sandbox.open()
                load = Load("exercise", "exercise.py", source.encode(), False, self.device)
                reply = session.ask(load, PATIENCE_S)
                if "def answer" in source:
                    reply = session.ask(Call("answer", (), 0), PATIENCE_S)
                replies.append(reply)
                session.end()
        return replies


def write_class(folder: Path, exercises: tuple[Exercise, ...]) -> None:
    """Write the solutions as one student, and the works: the first of each exercise, and so on."""
    for exercise in exercises:
        hand_ins = {SOLUTIONS: solved(LAB, exercise)}
        for number, work in enumerate(works_of(LAB, exercise)):
            hand_ins[f"works-{number:02}"] = handed_in(LAB, work)
        for student, files in hand_ins.items():
            for name, text in files.items():
                place = folder / student / name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text, encoding="utf-8")


def machine(trial: Trial) -> Row:
    """Say what this is tried on."""
    import torch

    versions = f"Python {sys.version.split()[0]}, torch {torch.__version__}"
    if trial.device == "cpu":
        return Row("machine", f"{versions}, no GPU; sandbox: {trial.isolation}", None)
    name, size = torch.cuda.get_device_name(), torch.cuda.mem_get_info()[1] / GB
    return Row("machine", f"{name}, {size:.0f} GB; {versions}; sandbox: {trial.isolation}", True)


def solutions(trial: Trial) -> Row:
    """Grade the solutions alone, one job, on both; say what they have and how long they take."""
    taken = {}
    full = True
    for device in ("cpu", trial.device):
        start = time.monotonic()
        results = trial.graded(device, 1, SOLUTIONS)
        full = full and all(each.score == each.max_score for each in results.values())
        seconds = sum(each.seconds for each in results.values())
        taken[device] = f"{seconds:.1f} s ({time.monotonic() - start:.1f} s with the start)"
    times = ", ".join(f"{device} {seconds}" for device, seconds in taken.items())
    words = "full marks" if full else "points are lost"
    return Row("solutions", f"{words}; a submission takes: {times}", full)


def works(trial: Trial) -> Iterator[Row]:
    """Compare every test of every work, two jobs at once on the device."""
    here, there = trial.graded("cpu", default_jobs()), trial.graded(trial.device, 2)
    left, right = told(here), told(there)
    differing = sorted(key for key in left.keys() | right.keys() if left.get(key) != right.get(key))
    for key in differing[:NAMED]:
        print("differs:", *key, "cpu:", left.get(key), f"{trial.device}:", right.get(key))
    same = f"{len(left) - len(differing)} of {len(left)} tests in {len(here)} works"
    yield Row("verdicts, scores and names of mistakes as on the CPU", same, not differing)
    faults = [name for name, each in there.items() if each.verdict == "grader_fault"]
    yield Row("two jobs at once", f"{len(faults)} grader faults", not faults)


def told(results: Results) -> Mapping[tuple[str, str, str], tuple[str, str | None, float]]:
    """Return what each test came to."""
    return {
        (*whose, test.name): (test.verdict.value, test.mistake, test.score)
        for whose, each in results.items()
        for test in each.tests
    }


def attacks(trial: Trial) -> Row:
    """Run the red team with submissions on the device."""
    if trial.isolation is Isolation.NONE:
        return Row("attacks", "need a sandbox", None)
    found = list(run_attacks(all_attacks(), trial.isolation, default_jobs(), trial.device))
    through = [each.attack.file.stem for each in found if not each.held]
    for each in found:
        if not each.held:
            print("got through:", each.attack.file.stem, *each.broken)
    return Row("attacks", f"{len(found) - len(through)} of {len(found)} held", not through)


def memory(trial: Trial) -> Row:
    """Have a submission take a gigabyte of the GPU, and ask the ones before and after it."""
    question = "the GPU's memory is given back before the next submission"
    if trial.device == "cpu":
        return Row(question, "there is no GPU", None)
    before, inside, after = map(free, trial.asked(SAYS_FREE, HOLDS + SAYS_FREE, SAYS_FREE))
    words = (
        f"free: {before / GB:.2f} GB, while it is taken {inside / GB:.2f}, then {after / GB:.2f}"
    )
    return Row(question, words, inside < before - GB / 2 and abs(after - before) < CLOSE)


def free(reply: Reply) -> int:
    """Return what a submission says of free memory."""
    assert isinstance(reply, Returned), reply
    answer = unpack(reply.value)
    assert isinstance(answer, int)
    return answer


def too_much(trial: Trial) -> Row:
    """Ask for more memory than there is."""
    (reply,) = trial.asked(TAKES_ALL.format(device=trial.device))
    limit = reply.limit if isinstance(reply, Raised) else ""
    return Row(
        "too much memory", f"exceeded the limit of {limit}" if limit else repr(reply), bool(limit)
    )


def hard_coded(trial: Trial) -> Row:
    """Call `.cuda()`, which is right on a GPU and has a name without one."""
    (reply,) = trial.asked(HARD_CODED)
    if trial.device == "cpu":
        named = isinstance(reply, Raised) and reply.mistake == "gpu-not-there"
        return Row("`.cuda()` in the code", "named gpu-not-there" if named else repr(reply), named)
    works = isinstance(reply, Returned)
    return Row("`.cuda()` in the code", "runs" if works else repr(reply), works)


def rows(trial: Trial, *, attacked: bool) -> Iterator[Row]:
    """Try everything; what fails in itself is a row, too."""
    questions: list[Callable[[Trial], Row | Iterator[Row]]] = [machine, solutions, works]
    questions += [attacks] if attacked else []
    questions += [memory, too_much, hard_coded]
    for question in questions:
        print(f"{question.__name__} …", flush=True)
        try:
            found = question(trial)
            yield from [found] if isinstance(found, Row) else found
        except (GraderError, AssertionError, RuntimeError) as error:
            yield Row(question.__name__, f"{type(error).__name__}: {error}", holds=False)
    if not attacked:
        yield Row("attacks", "left out (--no-attacks)", None)


def main() -> None:
    """Print the table; exit 1 where anything does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.on_a_gpu")
    parser.add_argument("--device", default="cuda", choices=["cuda", "cpu"])
    parser.add_argument(
        "--sandbox", default="bubblewrap", choices=[each.value for each in Isolation]
    )
    parser.add_argument("--exercise", action="append", default=[])
    parser.add_argument("--attacks", action=argparse.BooleanOptionalAction, default=True)
    asked = parser.parse_args()
    exercises = LAB.exercises_named(asked.exercise) or LAB.exercises
    with tempfile.TemporaryDirectory() as folder:
        write_class(Path(folder), exercises)
        device = resolve_device(asked.device)
        trial = Trial(device, Isolation(asked.sandbox), exercises, Path(folder))
        found = list(rows(trial, attacked=asked.attacks))
    table = Table("what", f"on {device}", "holds", title="On a GPU")
    for row in found:
        table.add_row(
            row.question, row.answer, {True: "yes", False: "NO", None: "not tried"}[row.holds]
        )
    Console().print(table)
    sys.exit(any(row.holds is False for row in found))


if __name__ == "__main__":
    try:
        main()
    except GraderError as error:
        sys.exit(f"on_a_gpu: {error}")
