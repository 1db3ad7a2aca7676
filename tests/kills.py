"""What becomes of a term whose commands are killed: `python -m tests.kills --times 30`.

A class lives through a few steps of a term by the real command line. Each step's command is first
run to its end, which says how long its stages take and what it leads to. Then it is killed some
times in the state in which it began, each time at a random moment of another of its stages: every
run, result, decision and file of before must be there, and the command, run again, must lead to the
same. `--times` are shared out among the stages of all commands.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import cycle, islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent))

from rich.console import Console
from rich.table import Table
from term_class import EXERCISE, TermClass

from grader.files.output_folder import ASIDE, DECISIONS, LISTS, LOCK, STORE
from grader.runs.history.kept_runs import KeptRuns
from grader.runs.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

CLASS_SIZE = 200
ANSWERS = ("2 * x", "x + x", "3 * x", "x + 1", "x")
EARLY, LATER = "[(7,), (5,)]", "[(7,), (5,), (100,)]"
DECIDED = ("--exercise", EXERCISE, "--points", "2", "--reason", "Agreed in class.")
WRONG = f"def {EXERCISE}(x):\n    more = x + 1\n    return more\n"
POLL_S, GONE_S = 0.001, 30.0
ENDINGS = {".html": b"</html>", ".json": b"}"}
OVER = "after its end"
DONE = re.compile(r"s0\d+ +[\d.]+ of .*\n")  # how a student's line begins, when it is whole
WAL = f"{STORE}-"  # what SQLite has beside its file, and takes away itself


class Running:
    """A command that is under way, and how far it is."""

    def __init__(self, term: Folder, step: Step) -> None:
        command = [sys.executable, "-m", "grader", *step.command, "--course", str(term.course)]
        self._term, self._stages = term, step.stages
        self.begun = [time.perf_counter()]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def stage(self) -> str:
        """The stage that it is in."""
        return self._stages[len(self.begun) - 1].name

    @property
    def shown(self) -> int:
        """How many students it has shown as done."""
        return sum(bool(DONE.match(line)) for line in self.lines)

    @property
    def has_locked(self) -> bool:
        """Whether the reports are its own."""
        lock = self._term.reports / LOCK
        return lock.is_file() and lock.read_text("ascii") == str(self.process.pid)

    @property
    def writes_results(self) -> bool:
        """Whether it is writing the first of the files, while which it writes the pages."""
        return (self._term.reports / f".results.json.{self.process.pid}{ASIDE}").exists()

    def goes_on(self) -> bool:
        """Tell whether it still runs, and note which stages have begun."""
        while len(self.begun) < len(self._stages) and self._stages[len(self.begun)].begins(self):
            self.begun.append(time.perf_counter())
        return self.process.poll() is None

    def end(self) -> str:
        """Wait for its end; return what it printed."""
        self.process.wait()
        self._reader.join(GONE_S)
        return "".join(self.lines)

    @property
    def left_processes(self) -> bool:
        """Whether something of it goes on: who has its standard output keeps that open."""
        return self._reader.is_alive()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as said:
            self.lines.extend(said)


@dataclass(frozen=True)
class Stage:
    """A part of what a command does, and when it begins."""

    name: str
    begins: Callable[[Running], bool]


START = Stage("starting", lambda _: True)
WRITING = (
    Stage("writing pages", lambda running: running.writes_results),
    Stage("writing the rest", lambda running: not running.writes_results),
)
GRADING = (
    START,
    Stage("loading", lambda running: running.has_locked),
    Stage("grading", lambda running: running.shown > 0),
    Stage("keeping the run", lambda running: running.shown == CLASS_SIZE),
    *WRITING,
)
RESTORING = (START, Stage("keeping the run", lambda running: running.has_locked), *WRITING)
DECIDING = (START, Stage("writing it down", lambda running: running.has_locked))


@dataclass(frozen=True)
class Step:
    """A command of the term.

    Attributes:
        before: what people do before it.
        refused: whether it may say, when it is run again, that all of it is done.
    """

    name: str
    command: Sequence[str]
    stages: Sequence[Stage]
    before: Callable[[], None] = lambda: None
    refused: bool = False


class Folder(TermClass):
    """The class, and what there is of it at a moment."""

    def grading(self) -> list[str]:
        """Return the command that grades it."""
        hand_in, reports = str(self.folder / "hw"), str(self.reports)
        return ["grade", hand_in, "--output", reports, "--exercise", EXERCISE, "--jobs", "2"]

    def copy_to(self, place: Path) -> None:
        """Copy all of it."""
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.folder, place)

    def be_as(self, place: Path) -> None:
        """Be as a copy is."""
        shutil.rmtree(self.folder)
        shutil.copytree(place, self.folder)


@dataclass
class Kept:
    """What must not get lost.

    Attributes:
        runs: of each run, what every student had, and whether all results of it are there.
        results: how many there are.
        decisions: what people decided, as it stands in its file; likewise `mistakes`.
        files: the names of all files that no run removes.
    """

    runs: dict[int, dict[str, tuple[float, float, bool]]] = field(default_factory=dict)
    results: int = 0
    decisions: str = ""
    mistakes: str = ""
    files: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, term: Folder) -> Kept:
        """Return what there is now."""
        decisions, mistakes = term.reports / DECISIONS, term.course / "mistakes.toml"
        kept = cls(
            decisions=decisions.read_text() if decisions.exists() else "",
            mistakes=mistakes.read_text(),
            files={
                str(file)
                for file in term.folder.rglob("*")
                if not file.name.endswith(ASIDE)
                and not file.name.startswith(WAL)
                and file.parent.name != LISTS
            },
        )
        if (term.reports / STORE).exists():
            with Store(term.reports / STORE, read_only=True) as store:
                runs = KeptRuns(store.database)
                kept.runs = {each: dict(_standings(each, runs, store)) for each in runs.numbers()}
                kept.results = len(store.database.keys("results"))
        return kept

    def lost(self, now: Kept, anew: int) -> Iterator[str]:
        """Say what is not there any more; `anew` results were shown as done since."""
        for number, students in self.runs.items():
            if now.runs.get(number) != students:
                yield f"run {number} is not as it was"
        if not all(whole for run in now.runs.values() for *_, whole in run.values()):
            yield "a run is there without its results"
        if now.results < self.results + anew:
            yield f"{now.results} results, after {self.results} and {anew} more were shown"
        if not now.decisions.startswith(self.decisions):
            yield "decisions are not as they were"
        if not now.mistakes.startswith(self.mistakes):
            yield "mistakes are not as they were"
        yield from (f"{file} is gone" for file in sorted(self.files - now.files))


def _standings(
    number: int, runs: KeptRuns, store: Store
) -> Iterator[tuple[str, tuple[float, float, bool]]]:
    for student, key in runs.run(number).students.items():
        had = runs.had(key)
        assert had is not None
        marks = [runs.mark(each) for each in had.marks]
        rows = [
            mark and store.row_of(each, mark.result().tests)
            for each, mark in zip(had.place.keys, marks, strict=True)
        ]
        yield student, (had.score, had.max_score, all(rows))


def half_written(term: Folder) -> Iterator[str]:
    """Give the files of the reports that do not end as they should."""
    for file in sorted(term.reports.rglob("*")):
        ending = ENDINGS.get(file.suffix)
        if ending and not file.read_bytes().rstrip().endswith(ending):
            yield f"{file} is half written"


def published(term: Folder) -> dict[str, Any]:
    """Return what the reports say of everybody, but for times."""
    if not (term.reports / "results.json").exists():
        return {}
    return {
        student: (
            each["score"],
            each["max_score"],
            [(part["verdict"], part["score"]) for part in each["exercises"]],
            each.get("previous"),
        )
        for student, each in term.results.items()
    }


@dataclass
class Outcome:
    """What a step leads to."""

    kept: Kept
    published: dict[str, Any]

    @classmethod
    def of(cls, term: Folder) -> Outcome:
        """Return what it led to."""
        return cls(Kept.of(term), published(term))


def ran(term: Folder, step: Step) -> list[float]:
    """Run a command to its end; return how many seconds each of its stages took."""
    running = Running(term, step)
    while running.goes_on():
        time.sleep(POLL_S)
    said = running.end()
    assert running.process.returncode == 0, said
    assert len(running.begun) == len(step.stages), f"{step.name} ended in {running.stage}"
    moments = [*running.begun, time.perf_counter()]
    return [after - before for before, after in pairwise(moments)]


def killed(term: Folder, step: Step, stage: int, after_s: float) -> tuple[str, Running]:
    """Kill a command; return the stage that it was in, and the command."""
    running = Running(term, step)
    while running.goes_on():
        if len(running.begun) > stage and time.perf_counter() - running.begun[stage] >= after_s:
            running.process.kill()
            break
        time.sleep(POLL_S)
    running.end()
    is_killed = running.process.returncode < 0
    return running.stage if is_killed else OVER, running


def faults_after(
    term: Folder, step: Step, before: Kept, due: Outcome, was: Running
) -> Iterator[str]:
    """Give what is lost after a kill, and what is other than it should be after another run."""
    if was.left_processes:
        yield "processes of it go on"
    yield from before.lost(Kept.of(term), was.shown)
    yield from half_written(term)
    again = Running(term, step)
    said = again.end()
    code = again.process.returncode
    if code and not (step.refused and "already" in said):
        yield f"run again, it exits with {code}: {said}"
    found = Outcome.of(term)
    yield from half_written(term)
    if left := [str(each) for each in term.folder.rglob(f"*{ASIDE}")]:
        yield f"left behind: {', '.join(left)}"
    if found.published != due.published:
        yield "the results are not those of a run that was not killed"
    if found.kept != due.kept:
        different = [
            name for name, value in vars(due.kept).items() if value != vars(found.kept)[name]
        ]
        yield f"not as after a run that was not killed: {', '.join(different)}"


def steps(term: Folder) -> Iterator[Step]:
    """Give the term, one step after the other."""
    yield Step("grade", term.grading(), GRADING)
    for student in ("s0001", "s0002"):
        command = ["decide", student, *DECIDED, "--output", str(term.reports)]
        yield Step("decide", command, DECIDING, refused=True)

    def hand_in_again() -> None:
        for number in range(0, CLASS_SIZE, 3):
            term.hand_in(_name(number), f"2 * x  # again, {number}")
        term.suite(LATER, three_fold="3 * x")

    yield Step("grade again", term.grading(), GRADING, hand_in_again)
    yield _learning(term)
    yield Step("runs --restore", ["runs", str(term.reports), "--restore", "1"], RESTORING)
    file = term.folder / "wrong.py"
    command = ["new", "mistake", EXERCISE, "one-more", "--from", str(file)]
    yield Step("new mistake", command, (START,), lambda: _write(file, WRONG), refused=True)


def _learning(term: Folder) -> Step:
    """Return the step in which an answer that several gave gets a name."""
    said = ["--sentence", "It looks as if it is another number. Twice the number is right."]
    hints = [each for hint in ("One.", "Two.", "Three.") for each in ("--hint", hint)]
    command = ["learn", "", "--output", str(term.reports), "--slug", "another-number"]
    command += [*said, *hints, "--take-code", "--jobs", "1"]
    table = term.course / "mistakes.toml"
    earlier = []

    def choose() -> None:
        tests = [
            test
            for student in term.results.values()
            for part in student["exercises"]
            for test in part["tests"]
        ]
        command[1] = min(test["fingerprint"] for test in tests if test.get("fingerprint"))
        earlier.append(table.read_text())

    proving = Stage("proving", lambda _: table.read_text() not in earlier)
    return Step("learn", command, (START, proving), choose, refused=True)


def _name(number: int) -> str:
    return f"s{number:04}"


def _write(file: Path, text: str) -> None:
    file.write_text(text)


def dealt(all_steps: Sequence[Step], times: int) -> Counter[tuple[int, int]]:
    """Deal kills to the stages of the steps; those in which a command only starts come last."""
    places = [(at, stage) for at, step in enumerate(all_steps) for stage in range(len(step.stages))]
    return Counter(islice(cycle(sorted(places, key=lambda place: place[1] == 0)), times))


@dataclass
class Tried:
    """What became of one command.

    Attributes:
        seconds: how long it takes.
        fell: in which stages it was killed, and how often.
        faults: what was wrong after each kill, as sentences.
    """

    seconds: float = 0.0
    fell: Counter[str] = field(default_factory=Counter)
    faults: list[list[str]] = field(default_factory=list)


def tried(term: Folder, step: Step, kills: Sequence[int], moments: random.Random) -> Tried:
    """Do a step, and kill its command in some stages; the class is then as after all of it."""
    before, after = term.folder.with_name("before"), term.folder.with_name("after")
    step.before()
    term.copy_to(before)
    kept, lengths, found = Kept.of(term), ran(term, step), Tried()
    due, found.seconds = Outcome.of(term), sum(lengths)
    term.copy_to(after)
    for stage in kills:
        term.be_as(before)
        where, was = killed(term, step, stage, moments.uniform(0, lengths[stage]))
        found.fell[where] += 1
        wrong = faults_after(term, step, kept, due, was)
        found.faults.append([f"{step.name}, killed {where}: {each}" for each in wrong])
    term.be_as(after)
    return found


def main() -> None:
    """Kill the commands of a term, and say what was lost: exit 1 if anything was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    wanted = parser.parse_args()
    moments, console = random.Random(wanted.seed), Console(soft_wrap=True)
    table = Table("command", "s", "kills", "where they fell", "lost")
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        work = {_name(each): f"{ANSWERS[each % 5]}  # {each}" for each in range(CLASS_SIZE)}
        term = Folder(Path(name) / "term", work)
        term.suite(EARLY, three_times="3 * x")
        term.words("three_times", "three_fold")
        all_steps = list(steps(term))
        kills = dealt(all_steps, wanted.times)
        for at, step in enumerate(all_steps):
            found = tried(term, step, [n for (of, n) in kills.elements() if of == at], moments)
            where = ", ".join(f"{stage} {count}" for stage, count in found.fell.items())
            lost = [each for each in found.faults if each]
            row = (
                step.name,
                f"{found.seconds:.1f}",
                str(found.fell.total()),
                where,
                str(len(lost)),
            )
            print(*row, sep="; ", file=sys.stderr)
            table.add_row(*row)
            faults += [each for some in lost for each in some]
    console.print(table)
    for each in faults:
        console.print(each, markup=False, highlight=False)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
