"""Tests of `grader.runs.store`."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from the_lab import EXERCISES, exercise_named

import grader.runs.store
from grader.courses import PACKAGE, Exercise, carried_course
from grader.courses.declared.table import read_table
from grader.courses.mistakes import known_mistakes, with_sentence
from grader.errors import UsageError
from grader.guest.process.limits import GuestLimits
from grader.results.verdicts import ExerciseResult, SourceCode, TestResult, Verdict
from grader.runs.store import Store, result_key, suite_digest, work_digest
from grader.sandbox.limits import Limits
from grader.submissions import File, HandIn
from kit.digits_data import OWN, VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

EXERCISE, OTHER_EXERCISE = EXERCISES[:2]
LAB = exercise_named("lab_training")
NAMING = {"ex03_log_softmax", "lab_training"}  # of `softmax-without-log`
HAND_IN = HandIn((File("ex03_log_softmax.py", b"x = 1"),))


def result(verdict: Verdict = Verdict.PASSED, score: float = 2.0) -> ExerciseResult:
    """Return the result of an exercise with one test."""
    test = TestResult(
        name="test_x",
        title="The answer – é – is right.",
        public=False,
        verdict=verdict,
        score=score,
        max_score=2.0,
    )
    return ExerciseResult(
        exercise=EXERCISE.name,
        verdict=verdict,
        score=score,
        max_score=2.0,
        source="ex03_log_softmax.py",
        seconds=0.25,
        tests=(test,),
        notes=("A note.",),
        code=SourceCode(text="x = 1", marked_lines=(1,)),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a store can be."""
    return tmp_path / "store.sqlite3"


def test_what_was_put_comes_back(path: Path) -> None:
    """Every field of it, under its key alone."""
    with Store(path) as store:
        store.put({"one": result(), "two": result(Verdict.WRONG, 0.0)})

        assert store.get("one") == result()
        assert store.get("two") == result(Verdict.WRONG, 0.0)
        assert store.get("three") is None


def test_results_survive_reopening(path: Path) -> None:
    """The next run finds what this one graded."""
    with Store(path) as store:
        store.put({"one": result()})
    with Store(path) as store:
        assert store.get("one") == result()


def test_results_are_on_disk_before_put_returns(path: Path) -> None:
    """Whoever opens the file beside a running store sees them."""
    with Store(path) as running, Store(path) as beside:
        running.put({"one": result()})

        assert beside.get("one") == result()


def test_a_new_result_takes_the_place_of_the_old(path: Path) -> None:
    """`--fresh` writes over what is there."""
    with Store(path) as store:
        store.put({"one": result()})
        store.put({"one": result(Verdict.WRONG, 0.0)})

        assert store.get("one") == result(Verdict.WRONG, 0.0)


def test_a_grader_fault_is_not_kept(path: Path) -> None:
    """The next run tries again, and what is beside it is kept."""
    with Store(path) as store:
        store.put({"fault": result(Verdict.GRADER_FAULT, 0.0), "one": result()})

        assert store.get("fault") is None
        assert store.get("one") == result()


@pytest.mark.parametrize("content", [b"no database" * 100, b"\0" * 5000])
def test_a_file_that_is_no_database_is_refused_in_one_line(path: Path, content: bytes) -> None:
    """The line names the file and the way out, and the file stays as it is."""
    path.write_bytes(content)

    with pytest.raises(UsageError, match="put an earlier copy in its place") as refused:
        Store(path)

    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)
    assert path.read_bytes() == content


def test_a_path_that_can_not_be_a_file_is_refused(tmp_path: Path) -> None:
    """A folder in its place is a sentence, too."""
    with pytest.raises(UsageError, match="can't be used: unable to open database file"):
        Store(tmp_path)


LIMITS = Limits()


@dataclass(frozen=True)
class Circumstances:
    """All that a key is made of."""

    exercise: Exercise = EXERCISE
    hand_in: HandIn = HAND_IN
    suite: str = "suite"
    device: str = "cpu"
    isolation: str = "bubblewrap"
    limits: Limits = LIMITS

    @property
    def key(self) -> str:
        """The key of the result."""
        work = (self.exercise, self.hand_in, self.suite)
        return result_key(*work, self.device, self.isolation, self.limits)


def test_the_same_work_under_the_same_circumstances_has_the_same_key() -> None:
    """Whoever handed it in: nothing of a key is about a student."""
    again = HandIn((File("ex03_log_softmax.py", b"x = 1"),))

    assert Circumstances().key == Circumstances(hand_in=again).key


OTHERS = {
    "exercise": Circumstances(exercise=OTHER_EXERCISE),
    "content": Circumstances(hand_in=HandIn((File("ex03_log_softmax.py", b"x = 2"),))),
    "name": Circumstances(hand_in=HandIn((File("ex03_log_softmax.ipynb", b"x = 1"),))),
    "files": Circumstances(hand_in=HandIn((*HAND_IN.files, File("ex03_log_softmax.ipynb", b"")))),
    "notes": Circumstances(hand_in=HandIn(HAND_IN.files, notes=("Two were handed in.",))),
    "no files": Circumstances(hand_in=HandIn()),
    "problem": Circumstances(hand_in=HandIn(problem="It is too large.")),
    "suite": Circumstances(suite="another"),
    "device": Circumstances(device="cuda"),
    "isolation": Circumstances(isolation="none"),
    "limits": Circumstances(limits=Limits(exercise_s=120.0)),
    "limits of the guest": Circumstances(limits=Limits(guest=GuestLimits(processes=7))),
}


def test_another_circumstance_has_another_key() -> None:
    """Whatever could change a result is in its key."""
    keys = {name: other.key for name, other in {"same": Circumstances(), **OTHERS}.items()}

    assert len(set(keys.values())) == len(keys), keys


def test_the_same_work_is_known_whatever_judges_it() -> None:
    """By all of a key that is about what was handed in, and by nothing else."""
    same = work_digest(EXERCISE, HandIn((File("ex03_log_softmax.py", b"x = 1"),)))
    works = [work_digest(each.exercise, each.hand_in) for each in OTHERS.values()]
    used = work_digest(EXERCISE, HandIn(HAND_IN.files, used=(File("earlier.py", b""),)))

    assert same == work_digest(EXERCISE, HAND_IN)
    assert works.count(same) == 5  # suite, device, isolation and limits
    assert same != used


def test_a_key_holds_the_limits_of_its_exercise() -> None:
    """A changed limit grades what it may change: its exercise, and where nothing says otherwise."""
    own = replace(EXERCISE, limits={"call": 30.0})
    here = Circumstances(exercise=own)

    assert here.key != Circumstances().key
    assert here.key == Circumstances(limits=Limits(call_s=30.0)).key
    assert here.key == Circumstances(exercise=own, limits=Limits(call_s=20.0)).key
    assert suite_digest(own) == suite_digest(EXERCISE)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a copy of the package in the place of the one that results depend on."""
    copy = tmp_path / "grader"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "_lab"))
    monkeypatch.setenv(VARIABLE, str(OWN))
    monkeypatch.setattr(grader.runs.store, "PACKAGE", copy)
    return copy


def digest_in(package: Path, exercise: Exercise) -> str:
    """Return the digest of an exercise whose course lies in a copy of the package."""
    return suite_digest(replace(exercise, folder=package / "lab"))


def regraded(
    package: Path, *changes: Iterable[str], among: Sequence[Exercise] = EXERCISES
) -> list[set[Exercise]]:
    """Return which exercises are graded again after a comment in some files after the other."""
    found = []
    before = {exercise: digest_in(package, exercise) for exercise in among}
    for names in changes:
        for name in names:
            with (package / name).open("a", encoding="utf-8") as file:
                file.write("\n# changed\n")
        after = {exercise: digest_in(package, exercise) for exercise in among}
        found.append({each for each in among if after[each] != before[each]})
        before = after
    return found


OF_ALL = (
    "judge/plugin.py",
    "asking/student.py",
    "expecting/expect.py",
    "judge/pytest.ini",
    "guest/process/server.py",
    "guest/probing.py",
    "lab/beside/causes.py",
    "lab/beside/mnist.py",
    "lab/kit/digits_data.py",
    "sandbox/command.py",
    "results/verdicts.py",
    "suite.py",
)
OF_ONE = {
    f"lab/hidden/{EXERCISE.name}.py": {EXERCISE},
    f"lab/checks/{EXERCISE.name}.py": {EXERCISE},
    "lab/kit/regression/course.py": {exercise_named("ex09")},
    "lab/kit/regression/bench.py": {exercise_named("ex09")},
    "lab/kit/notebook/lab_mistakes.py": {LAB},
    "lab/beside/lab_names.py": {LAB},
    "lab/beside/loop_bench.py": {exercise_named("ex08")},
    "lab/kit/backprop/chain_rule.py": {exercise_named("ex05")},
}
OF_NONE = (
    "lab/mistakes.toml",
    "lab/wrong/ex06_manual_update/adam-step.py",
    "lab/right/ex06_manual_update/each-calls-another.py",
    "reports/pages.py",
    "judge/local.py",
    "lab/__init__.py",
)


def test_a_change_in_the_machine_grades_everything_again(package: Path) -> None:
    """It decides every verdict, or every suite needs it; so do the functions that hooks name.

    What the suites of one exercise import, directly or not, grades that one again. A page, a
    mistake in words and in code, what checks a student's own file and another's entry do nothing.
    """
    changes = [*([name] for name in OF_ONE), OF_NONE, [OF_ALL[0]]]
    expected = [*OF_ONE.values(), set(), set(EXERCISES)]
    others, two = [[name] for name in OF_ALL[1:]], EXERCISES[::10]

    assert regraded(package, *changes) == expected
    assert regraded(package, *others, among=two) == [set(two) for _ in others]


def test_a_better_hint_for_the_blank_page_grades_nothing_again(package: Path) -> None:
    """It is looked up when it is shown, as the words of a mistake are."""
    before, table = digest_in(package, EXERCISE), package / "lab" / "mistakes.toml"
    text = table.read_text(encoding="utf-8")
    (first, _, _) = read_table(PACKAGE / "lab").starts[EXERCISE.name]["mean_squared_error"]
    assert text.count(first) == 1

    table.write_text(text.replace(first, "One number."), encoding="utf-8")
    assert digest_in(package, EXERCISE) == before


@pytest.mark.parametrize(
    "change", [{"cells": ("lab-model",)}, {"switched_off": ("F.relu",)}], ids=str
)
def test_an_entry_in_the_lab_grades_its_exercise_again(change: dict[str, Any]) -> None:
    """A title changes none."""
    assert suite_digest(replace(LAB, **change)) != suite_digest(LAB)
    assert suite_digest(replace(LAB, title="Another")) == suite_digest(LAB)


def test_a_mistake_that_is_new_in_the_table_grades_who_names_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Results of the others would be what they are."""
    before = {exercise: suite_digest(exercise) for exercise in EXERCISES}
    monkeypatch.delitem(known_mistakes(carried_course()), "softmax-without-log")

    changed = {each.name for each in EXERCISES if suite_digest(each) != before[each]}
    assert changed == NAMING


def test_a_suite_that_is_not_there_or_broken_has_a_digest(package: Path) -> None:
    """The others are graded, and it is when it is there again."""
    whole = digest_in(package, EXERCISE)
    suite = package / "lab" / "hidden" / f"{EXERCISE.name}.py"
    suite.write_text("def test(:\n", encoding="utf-8")
    broken = digest_in(package, EXERCISE)
    suite.unlink()

    assert len({whole, broken, digest_in(package, EXERCISE)}) == 3


def test_a_result_that_an_earlier_version_kept_is_read(path: Path) -> None:
    """It had its hint inside, and the sentence of its mistake in the message."""
    old = msgspec.to_builtins(result(Verdict.WRONG, 0.0))
    known = known_mistakes(carried_course())["sum-not-mean"]
    said = f"It is 7.\n{known.sentence}\nyours: 7\nright: 3"
    kept = {"hint": "An old hint.", "mistake": known.slug, "message": said}
    old["tests"] = [old["tests"][0] | kept]
    with Store(path) as store:
        store.database.put("results", {"old": msgspec.json.encode(old)})
        read = store.get("old")

    assert read is not None
    (test,) = read.tests
    assert with_sentence(test.message, test.mistake, carried_course()).text == said


def test_a_package_that_is_installed_later_is_in_the_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What failed for want of it is graded anew."""
    before = suite_digest(EXERCISE)
    (tmp_path / "bars-1.0.dist-info").mkdir()
    (tmp_path / "bars-1.0.dist-info" / "METADATA").write_text("Name: bars\nVersion: 1.0\n")
    monkeypatch.syspath_prepend(tmp_path)
    grader.runs.store.installed.cache_clear()
    after = suite_digest(EXERCISE)
    grader.runs.store.installed.cache_clear()

    assert after != before


def test_every_exercise_has_a_digest_of_its_own() -> None:
    """And the same each time."""
    digests = [suite_digest(exercise) for exercise in EXERCISES]

    assert len(set(digests)) == len(EXERCISES)
    assert digests == [suite_digest(exercise) for exercise in EXERCISES]
