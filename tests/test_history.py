"""Runs that are kept, and what changed from one to the next: records alone, nothing is graded."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from kept_term import EXERCISE, Term, hw
from msgspec.structs import replace
from report_samples import exercise_result, outcome

from grader.courses.late_work import Amount, LatePolicy
from grader.errors import UsageError
from grader.results.changes import Cause
from grader.results.verdicts import Verdict
from grader.runs.deciding.applying import Decisions
from grader.runs.deciding.entries import Entry
from grader.runs.deciding.whose import Shared
from grader.runs.history.comparing import compare_runs
from grader.runs.manual import ManualPoints
from grader.runs.store import Store

if TYPE_CHECKING:
    from grader.results.verdicts import ExerciseResult
    from grader.runs.history.comparing import RunDiff

ALL, HALF, NONE = hw(True, True), hw(True, False), hw(False, False)
KILLS = 5


def seen(diff: RunDiff | None) -> dict[str, tuple[float, tuple[Cause, ...]]]:
    """Return who has something else now, by how many points, and why."""
    assert diff is not None
    return {each.student.id: (each.gain, each.causes) for each in diff.changes}


def test_the_first_run_has_nothing_to_be_compared_with(term: Term) -> None:
    """It is kept."""
    assert term.graded({"ana": ALL, "ben": HALF}) is None
    assert term.runs.numbers() == [1]


def test_a_run_in_which_all_is_as_before_is_no_new_run(term: Term) -> None:
    """What had changed in the one before is still what changed."""
    term.graded({"ana": ALL, "ben": HALF})
    assert term.graded({"ana": ALL, "ben": HALF}) is None

    term.works["ben"] = "second"
    first = term.graded({"ana": ALL, "ben": ALL})
    again = term.graded({"ana": ALL, "ben": ALL})
    assert seen(first) == seen(again) == {"ben": (2.0, (Cause.HAND_IN,))}
    assert term.runs.numbers() == [1, 2]


@pytest.mark.parametrize(
    ("what", "cause"),
    [
        ("tests", Cause.SUITE),
        ("limits", Cause.LIMIT),
        ("software", Cause.SOFTWARE),
        ("place", Cause.PLACE),
    ],
)
def test_a_change_has_the_cause_that_it_has(term: Term, what: str, cause: Cause) -> None:
    """Of whom nothing else came out, nothing is said."""
    term.graded({"ana": ALL, "ben": HALF})
    term.changed(**{what: "other"})

    assert seen(term.graded({"ana": NONE, "ben": HALF})) == {"ana": (-4.0, (cause,))}


def test_a_change_may_have_several_causes(term: Term) -> None:
    """Which of them it was can't be known without grading once more."""
    term.graded({"ana": NONE})
    term.works["ana"] = "second"
    term.changed(tests="other", limits="other")

    assert seen(term.graded({"ana": ALL})) == {
        "ana": (4.0, (Cause.HAND_IN, Cause.SUITE, Cause.LIMIT))
    }


def test_another_name_of_a_mistake_is_told_though_no_point_changes(term: Term) -> None:
    """Also where there was none before."""
    term.graded({"ana": hw(True, False), "ben": hw(False, False, mistake="sum-not-mean")})
    term.changed(tests="other")
    named = {"ana": hw(True, False, mistake="a-name"), "ben": hw(False, False, mistake="a-name")}
    diff = term.graded(named)

    causes = (Cause.SUITE, Cause.NAME)
    assert seen(diff) == {"ana": (0.0, causes), "ben": (0.0, causes)}
    assert diff is not None
    assert len(diff.named_otherwise) == 2


def decisions(*entries: Entry) -> Decisions:
    """Return decisions about Ana, who handed in in time."""
    return Decisions(Shared(own={"ana": entries}))


def test_a_new_decision_is_a_cause(term: Term) -> None:
    """Of a test, of an exercise, and an excuse; one that is as it was is none."""
    term.graded({"ana": HALF, "ben": HALF})
    term.decisions = decisions(Entry(student="ana", exercise=EXERCISE, test="test_b", add=1.0))
    given = term.graded({"ana": HALF, "ben": HALF})
    term.decisions = decisions(Entry(student="ana", exercise=EXERCISE, excused=True))
    excused = term.graded({"ana": HALF, "ben": HALF})

    assert seen(given) == {"ana": (1.0, (Cause.DECISION,))}
    assert seen(excused) == {"ana": (0.0, (Cause.DECISION,))}
    assert excused is not None
    assert [each.after for each in excused.decided] == [(0, 0)]


def test_a_decision_that_is_as_it_was_explains_nothing(term: Term) -> None:
    """Ana has three points by decision, whatever the tests say before and after."""
    term.decisions = decisions(Entry(student="ana", exercise=EXERCISE, points=3.0))
    term.graded({"ana": HALF})
    term.changed(tests="other")
    diff = term.graded({"ana": NONE})

    assert seen(diff) == {"ana": (0.0, (Cause.SUITE,))}
    assert term.scores() == {"ana": 3}


def test_points_on_top_are_the_same_decision_where_they_come_to_more(term: Term) -> None:
    """One point on top comes to nothing where the tests give all: nothing was decided anew."""
    term.decisions = decisions(Entry(student="ana", exercise=EXERCISE, add=1.0))
    term.graded({"ana": ALL})
    term.works["ana"] = "second"

    assert seen(term.graded({"ana": NONE})) == {"ana": (-3.0, (Cause.HAND_IN,))}


def test_points_given_by_hand_are_no_decision(term: Term) -> None:
    """They stand in another file, where their reader has to look for them."""
    diffs = []
    for score in (None, 3.0, 4.0, 4.0):
        given = {} if score is None else {("ana", EXERCISE, "q1"): (score, "")}
        term.manual = ManualPoints({EXERCISE: {"q1": 5.0}}, given)
        diffs.append(term.graded({"ana": HALF}))

    assert [each.by_hand if each else None for each in diffs] == [None, 1, 1, 1]
    assert [each.is_old for each in diffs if each] == [False, False, True]
    assert diffs[2] is not None
    assert [each.causes for each in diffs[2].changes] == [(Cause.BY_HAND,)]
    assert diffs[2].decided_anew == 0


def test_what_comes_out_otherwise_by_itself_is_said(term: Term) -> None:
    """`--fresh` graded the same work by the same tests, and a test is not sure."""
    term.graded({"ana": ALL, "ben": ALL})

    assert seen(term.graded({"ana": HALF, "ben": ALL}, fresh=True)) == {
        "ana": (-2.0, (Cause.AGAIN,))
    }


def test_an_earlier_score_counts_as_its_share_of_the_points_now(term: Term) -> None:
    """Who had all and has all lost nothing, and gained nothing."""
    term.graded({"ana": ALL, "ben": HALF})
    term.changed(tests="other")
    diff = term.graded({"ana": hw(True, True, True), "ben": hw(True, False, False)})

    assert diff is not None
    assert [(each.student.id, each.gain) for each in diff.losing] == [("ben", -1.0)]
    assert not diff.gaining


def test_a_fault_of_the_grader_is_no_loss(term: Term) -> None:
    """It is listed apart."""
    term.graded({"ana": ALL})
    term.changed(tests="other")
    diff = term.graded({"ana": exercise_result(outcome(Verdict.GRADER_FAULT), exercise=EXERCISE)})

    assert diff is not None
    assert (diff.losing, diff.gaining, len(diff.failed)) == ([], [], 1)


def test_who_came_and_who_is_gone_is_said(term: Term) -> None:
    """Nobody of them lost or gained."""
    term.graded({"ana": ALL, "ben": HALF})
    diff = term.graded({"ana": ALL, "cy": NONE})

    assert diff is not None
    assert [each.id for each in diff.new] == ["cy"]
    assert [each.id for each in diff.gone] == ["ben"]
    assert (diff.changes, diff.compared) == ([], 1)


def test_a_file_that_is_gone_is_no_new_hand_in(term: Term) -> None:
    """Nor is nothing that was nothing before; a file that lacks all functions is there."""
    tests = (outcome(Verdict.MISSING, name=f"test_{each}", title=f"{each}.") for each in "ab")
    absent = exercise_result(*tests, exercise=EXERCISE, source=None)
    emptied = replace(absent, source=f"{EXERCISE}.py")
    term.graded({"ana": ALL, "ben": ALL, "cy": absent})
    term.works = dict.fromkeys(("ana", "ben", "cy"), "second")
    now = {"ana": absent, "ben": emptied, "cy": absent}
    held = term.graded(now, only_gains=True)
    assert held is not None
    assert not held.files_gone
    assert {each.student.id: each.causes for each in held.held} == {
        "ana": (Cause.FILE_GONE,),
        "ben": (Cause.HAND_IN,),
    }
    assert term.scores() == {"ana": 4, "ben": 4, "cy": 0}
    diff = term.graded(now)

    assert seen(diff) == {"ana": (-4.0, (Cause.FILE_GONE,)), "ben": (-4.0, (Cause.HAND_IN,))}
    assert diff is not None
    assert (diff.files_gone, diff.handed_in_anew) == (1, 1)
    assert [each.id for each in diff.without] == ["ana"]
    assert (diff.after.files_gone, diff.after.handed_in_anew) == (1, 1)

    term.works["ana"] = "third"
    assert seen(term.graded({"ana": ALL, "ben": emptied, "cy": absent})) == {
        "ana": (4.0, (Cause.HAND_IN,))
    }


def test_exercises_that_one_run_alone_has_are_left_out(term: Term) -> None:
    """A run with fewer exercises takes nobody's points."""
    term.graded({"ana": ALL})
    term.circumstances = replace(term.circumstances, exercises=("ex04_autograd",))
    diff = term.graded({"ana": hw(False, False, exercise="ex04_autograd")})

    assert diff is not None
    assert diff.left_out == [EXERCISE, "ex04_autograd"]
    assert not diff.changes


@pytest.mark.parametrize("holds", [False, True])
def test_an_exercise_that_comes_back_is_compared_with_the_last_run_that_had_it(
    term: Term, holds: bool
) -> None:
    """Nobody loses its points in silence, as a run without it came in between."""
    other = ("ex04_autograd",)
    term.graded({"ana": ALL})
    both = term.circumstances
    term.circumstances = replace(both, exercises=other)
    between = term.graded({"ana": hw(True, exercise=other[0])})
    term.circumstances = both
    term.works["ana"] = "second"
    diff = term.graded({"ana": HALF}, only_gains=holds)

    assert between is not None
    assert diff is not None
    assert between.left_out == [EXERCISE, *other]
    assert diff.left_out == [*other]
    assert {name: run.number for name, run in diff.instead.items()} == {EXERCISE: 1}
    assert seen(diff) == ({} if holds else {"ana": (-2.0, (Cause.HAND_IN,))})
    assert [each.gain for each in diff.held] == ([-2.0] if holds else [])
    assert term.scores() == {"ana": 4 if holds else 2}
    assert EXERCISE in compare_runs(term.runs, term.runs.run(2), diff.after).left_out


def test_any_two_runs_can_be_compared_both_ways(term: Term) -> None:
    """What one gains the other way round loses."""
    for number, result in enumerate((NONE, HALF, ALL)):
        term.changed(tests=f"tests {number}")
        term.graded({"ana": result})
    first, last = term.runs.run(1), term.runs.run(3)

    assert [each.gain for each in compare_runs(term.runs, first, last).gaining] == [4.0]
    assert [each.gain for each in compare_runs(term.runs, last, first).losing] == [-4.0]


def test_a_run_that_is_not_there_is_said_with_those_that_are(term: Term) -> None:
    """As a list that stays short."""
    with pytest.raises(UsageError, match="there is no run 1; none is kept yet"):
        term.runs.run(1)
    for number in range(6):
        term.changed(tests=f"tests {number}")
        term.graded({"ana": ALL}, keep=3)
    with pytest.raises(UsageError, match="there is no run 2; there are 4 to 6"):
        term.runs.run(2)


def test_runs_of_two_courses_are_not_compared(term: Term) -> None:
    """The line names both."""
    term.graded({"ana": ALL})
    term.circumstances = replace(term.circumstances, course="Another", folder="/b")
    term.works["ana"] = "second"

    with pytest.raises(UsageError, match=r"run 1 is of the course 'A course' \(/a\) and run 2"):
        term.graded({"ana": ALL})


def test_results_go_with_the_last_run_that_had_them(term: Term) -> None:
    """What a kept run refers to is there, and nothing else is."""
    for number in range(5):
        term.changed(tests=f"tests {number}")
        term.graded({"ana": ALL, "ben": hw(number > 2, True)}, keep=2)
        term.works["ana"] = "always the same"
    database = term.store.database

    assert term.runs.numbers() == [4, 5]
    assert len(database.keys("results")) == 4
    assert len(database.keys("standings")) == 4
    assert len(database.keys("marks")) == 2 * 1  # ana and ben have the same in both


def test_a_run_is_a_few_bytes_for_who_has_the_same_as_before(term: Term) -> None:
    """A dozen runs of a large class are not a dozen copies of it."""
    everybody = {f"s{number:04}": hw(number % 2 == 0, True) for number in range(100)}
    term.graded(everybody)
    before, _ = term.store.database.size()
    for number in range(10):
        term.works["s0007"] = f"work {number}"
        term.graded(everybody)
    after, _ = term.store.database.size()

    assert term.runs.numbers() == list(range(1, 12))
    assert (after - before) / 10 / 100 < 80  # bytes per student and run


def test_only_gains_leaves_everybody_what_they_had(term: Term) -> None:
    """Who gains gets it; who would lose is listed, and has the earlier result in all outputs."""
    term.graded({"ana": HALF, "ben": HALF, "cy": HALF})
    term.changed(tests="other")
    new = {"ana": ALL, "ben": NONE, "cy": HALF}
    diff = term.graded(new, only_gains=True)

    assert diff is not None
    assert term.scores() == {"ana": 4, "ben": 2, "cy": 2}
    assert seen(diff) == {"ana": (2.0, (Cause.SUITE,))}
    assert [(each.student.id, each.gain) for each in diff.held] == [("ben", -2.0)]
    again = term.graded(new, only_gains=True)
    assert again is not None
    assert [each.student.id for each in again.held] == ["ben"]
    assert term.runs.numbers() == [1, 2]
    assert seen(term.graded(new)) == {"ben": (-2.0, (Cause.SUITE,))}


@pytest.mark.parametrize(
    ("second", "left", "held", "otherwise"),
    [(HALF, 2, [""], 1), (NONE, 2, [EXERCISE, ""], 0), (ALL, 3, [], 3)],
)
def test_only_gains_costs_nobody_points_for_handing_in_again_later(
    term: Term, second: ExerciseResult, left: float, held: list[str], otherwise: float
) -> None:
    """The earlier hand-in stays with its time, unless the later one gives more all the same."""
    at, policy = "2026-11-27T20:00:00+00:00", LatePolicy(per_day=Amount(1.0))
    shared = Shared(everybody=())
    term.decisions = Decisions(shared, due=datetime.fromisoformat(at), policy=policy)
    term.came = {"ana": at, "ben": at}
    term.graded({"ana": HALF, "ben": HALF})
    term.came["ana"] = "2026-11-28T20:00:00+00:00"
    term.works["ana"] = "second"
    for _ in range(2):
        diff = term.graded({"ana": second, "ben": HALF}, only_gains=True)
        assert diff is not None
        assert term.scores() == {"ana": left, "ben": 2}
        assert sorted(each.exercise for each in diff.held) == sorted(held)

    term.graded({"ana": second, "ben": HALF})
    assert term.scores() == {"ana": otherwise, "ben": 2}


def test_only_gains_holds_for_what_was_graded_afresh(term: Term) -> None:
    """Though the new result has the key of the old one."""
    term.graded({"ana": ALL})
    term.graded({"ana": NONE}, fresh=True, only_gains=True)

    assert term.scores() == {"ana": 4}


def test_only_gains_keeps_what_the_grader_failed_on(term: Term) -> None:
    """A fault now takes no points that were there."""
    term.graded({"ana": ALL})
    term.changed(tests="other")
    fault = exercise_result(outcome(Verdict.GRADER_FAULT), exercise=EXERCISE)
    term.graded({"ana": fault}, only_gains=True)

    assert term.scores() == {"ana": 4}


def test_a_run_that_was_stopped_is_none(term: Term) -> None:
    """The next one is compared with the one before; nobody has lost anything meanwhile."""
    term.graded({"ana": HALF, "ben": HALF})
    term.changed(tests="other")
    assert term.graded({"ana": NONE}, stopped=True, only_gains=True) is None
    assert term.scores() == {"ana": 2}

    assert seen(term.graded({"ana": NONE, "ben": ALL})) == {
        "ana": (-2.0, (Cause.SUITE,)),
        "ben": (2.0, (Cause.SUITE,)),
    }
    assert term.runs.numbers() == [1, 2]


def test_what_a_run_changed_that_was_killed_before_its_reports_is_told_by_the_next(
    term: Term,
) -> None:
    """It is kept, and no page and no line had said it yet."""
    term.graded({"ana": ALL, "ben": HALF})
    term.changed(tests="other")
    now = {"ana": NONE, "ben": HALF}
    term.graded(now, killed=True)
    told, again = term.graded(now), term.graded(now)

    assert seen(told) == seen(again) == {"ana": (-4.0, (Cause.SUITE,))}
    assert told is not None
    assert again is not None
    assert (told.is_old, again.is_old) == (False, True)
    assert term.runs.numbers() == [1, 2]


def test_a_run_is_compared_with_the_last_one_whose_reports_were_written(term: Term) -> None:
    """Also by `--only-gains`: nobody was told of the points in between; each run stays kept."""
    term.graded({"ana": ALL, "ben": HALF})
    term.changed(tests="other")
    term.graded({"ana": NONE, "ben": HALF}, killed=True)
    term.works["ben"] = "second"
    diff = term.graded({"ana": NONE, "ben": ALL}, only_gains=True)

    assert diff is not None
    assert (diff.before.number, diff.after.number, diff.after.since) == (1, 3, 1)
    assert [(each.student.id, each.gain) for each in diff.held] == [("ana", -4.0)]
    assert seen(diff) == {"ben": (2.0, (Cause.HAND_IN, Cause.SUITE))}
    assert term.scores() == {"ana": 4, "ben": 4}
    again = term.graded({"ana": NONE, "ben": ALL}, only_gains=True)
    assert again is not None
    assert again.is_old
    assert (again.before.number, seen(again)) == (1, seen(diff))
    assert term.runs.numbers() == [1, 2, 3]


def test_a_first_run_that_was_killed_is_followed_by_a_first_run(term: Term) -> None:
    """Nobody has seen anything that could have changed."""
    term.graded({"ana": ALL}, killed=True)
    term.works["ana"] = "second"
    assert term.graded({"ana": NONE}) is None

    term.works["ana"] = "third"
    assert seen(term.graded({"ana": ALL})) == {"ana": (4.0, (Cause.HAND_IN,))}


RUNS = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from kept_term import Term, hw
from grader.runs.store import Store

with Store(Path(sys.argv[1])) as store:
    term = Term(store)
    number = max(term.runs.numbers(), default=0)
    while True:
        number += 1
        term.changed(tests=f"tests {number}")
        term.graded({f"s{each}": hw(number % 2 == 0, each > 5) for each in range(20)}, keep=1000)
        print(number, flush=True)
"""


def test_a_run_that_was_said_to_be_kept_is_there_whenever_the_grader_is_killed(
    tmp_path: Path,
) -> None:
    """With everybody in it; and the next one goes on from there."""
    moments, said = random.Random(1), 0
    for _ in range(KILLS):
        command = [sys.executable, "-c", RUNS, str(tmp_path / "store"), str(Path(__file__).parent)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            wanted = moments.randrange(1, 12)
            said = [int(process.stdout.readline()) for _ in range(wanted)][-1]
            process.kill()
    with Store(tmp_path / "store") as store:
        runs = Term(store).runs
        numbers = runs.numbers()

        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) >= said
        for number in numbers:
            had = [runs.had(key) for key in runs.run(number).students.values()]
            assert [each.score for each in had if each] == [
                2.0 * (number % 2 == 0) + 2.0 * (place > 5) for place in sorted(range(20), key=str)
            ]
