"""Which of a student's files is which of an exercise that has several, whatever they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from several_course import FILES, course_in, lay_out
from test_choosing import Held

from grader.results.students import StudentRecord
from grader.submissions import HandIn, Submission, find_class
from grader.submissions.several import MAX_BYTES, MAX_PARTS

if TYPE_CHECKING:
    from pathlib import Path

    from grader.courses import Course

INIT, ENGINE, NN = "minigrad/__init__.py", "minigrad/engine.py", "minigrad/nn.py"
WEIGHTS = "weights.bin"
EVERY = (INIT, ENGINE, NN, WEIGHTS)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return a course."""
    return course_in(tmp_path_factory.mktemp("course"))


def read(course: Course, *files: Held | str) -> HandIn:
    """Return what counts of a student's files; of each that is only named the name is in it."""
    found = [Held(each, content=each.encode()) if isinstance(each, str) else each for each in files]
    return Submission(StudentRecord(id="kim"), tuple(found)).hand_in(course.exercises[1], course)


def taken(hand_in: HandIn) -> dict[str, str]:
    """Return what was taken for each file: its name as it was handed in."""
    (file,) = hand_in.files
    return {part.name: part.content.decode() for part in file.parts}


@pytest.mark.parametrize(
    "names",
    [
        EVERY,
        tuple(f"Kim/week 3/{name}" for name in EVERY),
        tuple(name.rpartition("/")[2] for name in EVERY),
        tuple(f"hw3/{name.rpartition('/')[2]}" for name in EVERY),
        ("Minigrad/__init__.py", "MINIGRAD/Engine.py", "minigrad/nn.PY", "Weights.bin"),
        ("__init__.py", "engine (1).py", "nn-2.py", "weights-1.bin"),
        (INIT, "minigrad/engine (2).py", NN, WEIGHTS),
    ],
)
def test_every_file_is_found(course: Course, names: tuple[str, ...]) -> None:
    """In its folder, in another one, without one, counted, in other letters."""
    hand_in = read(course, *names)

    assert taken(hand_in) == dict(zip(EVERY, names, strict=True))
    assert hand_in.lacking == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (NN, "minigrad/Nn.py"),
        (NN, "nn.py"),
        (NN, Held("minigrad/NN.py", content=b"x", modified=9e9)),
        (f"attempt 2/{NN}", "nn.py"),
        (NN, f"old/{NN}"),
    ],
)
def test_of_two_files_the_one_that_is_named_right_counts(
    course: Course, one: str, other: str | Held
) -> None:
    """Whichever was found first."""
    for files in ((one, other), (other, one)):
        assert taken(read(course, INIT, ENGINE, WEIGHTS, *files))[NN] == one


def test_of_two_attempts_each_file_is_the_newest(course: Course) -> None:
    """Whoever hands in one file again has not taken the others back."""
    first = [Held(f"attempt 1/{name}", attempt=1, content=b"1") for name in EVERY]
    again = Held(f"attempt 2/{NN}", attempt=2, content=b"2")
    hand_in = read(course, *first, again)

    assert taken(hand_in) == dict.fromkeys(EVERY, "1") | {NN: "2"}
    assert f"attempt 2/{NN} was taken: it is of the newest attempt" in " ".join(hand_in.notes)


def test_what_is_lacking_is_named(course: Course) -> None:
    """What there is nothing to write in is taken as it was given out."""
    hand_in = read(course, ENGINE)

    assert hand_in.lacking == (NN, WEIGHTS)
    assert taken(hand_in) == {ENGINE: ENGINE, INIT: FILES[INIT]}


def test_who_handed_in_none_of_the_files_handed_in_nothing(course: Course) -> None:
    """Another package's `__init__.py` is not this one's."""
    assert read(course, "tests/__init__.py", "other/thing.py").files == ()


def test_a_package_elsewhere_gives_this_one_nothing(course: Course) -> None:
    """Where the right one is not there, it is taken as it was given out."""
    assert taken(read(course, "tests/__init__.py", ENGINE, NN, WEIGHTS))[INIT] == FILES[INIT]


def test_files_that_are_not_asked_for_are_named(course: Course) -> None:
    """Those beside the others; a folder of the package is none of its files."""
    hand_in = read(course, *EVERY, "mine.py", "minigrad/ops/add.py", "elsewhere/tool.py")

    assert set(taken(hand_in)) == set(EVERY)
    (note,) = (note for note in hand_in.notes if note.startswith("Not used"))
    assert note.startswith("Not used: mine.py. grad is made of minigrad/*.py, weights.bin")


def test_a_package_of_ten_thousand_files_is_cut(course: Course) -> None:
    """What was given out comes first."""
    hand_in = read(course, *(f"minigrad/m{number}.py" for number in range(10_000)), *EVERY)

    assert len(taken(hand_in)) == MAX_PARTS
    assert set(EVERY) <= set(taken(hand_in))
    assert "grad has 10,000 files more than the 4 that were given out; 96 of them" in str(hand_in)


def test_what_is_too_large_together_is_not_read(course: Course) -> None:
    """Each of them would be small enough."""
    piece = b" " * (MAX_BYTES // 4)
    more = [Held(f"minigrad/m{number}.py", content=piece) for number in range(5)]

    assert read(course, *EVERY, *more).problem == (
        "The files of grad are too large: more than 32 MB."
    )


@pytest.mark.parametrize(
    "name",
    [
        "minigrad/../../etc/passwd",
        "../minigrad.py",
        "minigrad/..py",
        "minigrad/.hidden.py",
        "minigrad\\nn.py",
        "minigrad/" + "x" * 5_000 + ".txt",
        "minigrad/nn.py/",
        "",
    ],
)
def test_no_name_leads_out_of_the_package(course: Course, name: str) -> None:
    """Readers refuse most of these before."""
    names = taken(read(course, *EVERY, Held(name, content=b"x")))

    assert all(part.count("/") < 2 and ".." not in part.split("/") for part in names)


def test_links_and_folders_in_the_place_of_files_are_lacking(
    course: Course, tmp_path: Path
) -> None:
    """Nothing that a link leads to is read."""
    secret = tmp_path / "secret.py"
    secret.write_text("SECRET = 1")
    kim = tmp_path / "class" / "kim"
    lay_out(kim, {ENGINE: "x = 1", WEIGHTS: "w", "units.py": "y = 1"})
    (kim / NN).symlink_to(secret)
    (kim / INIT).mkdir()
    (submission,) = find_class(tmp_path / "class", course).submissions
    hand_in = submission.hand_in(course.exercises[1], course)

    assert hand_in.lacking == (NN,)
    assert "SECRET" not in str(hand_in)


def test_the_key_of_a_result_knows_every_file(course: Course) -> None:
    """Also the one of an earlier exercise, and their names."""
    hand_ins = [
        read(course, *EVERY),
        read(course, *EVERY[:-1]),
        read(course, *EVERY[:-1], Held(WEIGHTS, content=b"other")),
        read(course, *EVERY, "minigrad/more.py"),
        read(course, *EVERY, Held("minigrad/other.py", content=b"minigrad/more.py")),
    ]

    assert len({hand_in.files[0].digest for hand_in in hand_ins}) == len(hand_ins)
