"""Which of several files counts, and the note that says why."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import pytest
from the_lab import LAB

from grader.courses import resource
from grader.results.students import StudentRecord
from grader.submissions import HandIn, Submission
from grader.submissions.disk.files import FoundFile
from grader.submissions.given import LIST, digests
from grader.submissions.unclaimed import unclaimed

EXERCISE = "ex03_log_softmax"
PY = f"{EXERCISE}.py"
STUB = (resource("exercises") / PY).read_bytes()
NOTEBOOK_STUB = (resource("exercises") / f"{EXERCISE}.ipynb").read_bytes()


@dataclass(frozen=True)
class Held(FoundFile):
    """A file whose content is at hand."""

    content: bytes = b"x = 1\n"

    def open(self) -> BytesIO:
        """Open it."""
        return BytesIO(self.content)


def read(*files: Held) -> HandIn:
    """Return what counts of a student's files."""
    return Submission(StudentRecord(id="kim"), files).read(EXERCISE, LAB)


@pytest.mark.parametrize(
    ("taken", "other", "why"),
    [
        (Held(f"{EXERCISE} (1).py"), Held(PY, content=STUB), "as it was given out"),
        (Held("deep/er/x/ex3.py"), Held(PY, content=STUB), "as it was given out"),
        (Held(f"attempt 2/{PY}", attempt=2), Held(f"attempt 1/{PY}", attempt=1), "newest attempt"),
        (Held("ex3.py", attempt=2), Held(PY, attempt=1), "newest attempt"),
        (Held(PY), Held(f"{EXERCISE}_final.py"), "has the right name"),
        (Held(PY), Held(f"{EXERCISE}_final.py", modified=9e9), "has the right name"),
        (Held(f"{EXERCISE}-2.py"), Held(PY), "numbered last"),
        (Held(f"new/{PY}", modified=9e9), Held(PY), "the newest"),
        (Held("ex3.py"), Held(f"{EXERCISE}_old.py", attempt=3), "an old one"),
        (Held("ex3.py"), Held(f"a/Backup 2/{PY}", modified=9e9), "in a folder for old ones"),
        (Held(f"old/{PY}", attempt=2), Held(PY, attempt=1), "newest attempt"),
        (Held("ex3.py"), Held(f"lab/grader/lab/checks/{PY}", modified=9e9), "the lab's own files"),
        (Held("ex3.py"), Held(f"lab/grader/checks/{PY}", modified=9e9), "the lab's own files"),
    ],
)
def test_of_two_files_the_note_says_why_one_counts(taken: Held, other: Held, why: str) -> None:
    """Whichever was found first."""
    for files in ((taken, other), (other, taken)):
        hand_in = read(*files)
        assert [file.name for file in hand_in.files] == [taken.name]
        assert f"{taken.name} was graded: " in hand_in.notes[0]
        assert why in hand_in.notes[0]


def test_an_older_attempt_counts_where_the_newest_has_no_such_file() -> None:
    """Whoever hands in one exercise again has not taken the others back."""
    files = (Held(f"attempt 1/{PY}", attempt=1), Held("attempt 2/ex01_losses.py", attempt=2))

    assert [file.name for file in read(*files).files] == [f"attempt 1/{PY}"]


def test_what_was_assumed_is_said() -> None:
    """A name that was changed by hand, and one that says it is old."""
    assert read(Held("Kim_ex3.py")).notes == (f"Kim_ex3.py was taken for {EXERCISE}.",)
    (note,) = read(Held(f"{EXERCISE}_old.py")).notes
    assert "although its name says that it is an old one" in note


def test_a_stub_that_is_all_there_is_counts() -> None:
    """Not started is not missing."""
    assert [file.name for file in read(Held(PY, content=STUB)).files] == [PY]


def test_all_that_is_given_out_is_on_the_list() -> None:
    """`grader stubs` adds it, so that a later edition knows what this one gave out."""
    assert set(digests(LAB)) <= set((LAB.folder / LIST).read_text("utf-8").splitlines())


def test_files_for_no_exercise_are_listed_and_the_labs_own_are_not() -> None:
    """What may be somebody's work, whatever it is called."""
    names = (
        *("losses_final.py", "notes.txt", "homework/answers.docx", "hw.rar", PY, "ex1.py"),
        *(
            "README.md",
            "data/digits/train-labels-idx1-ubyte",
            "loss.png",
            "grader/desk/keys.py",
        ),
    )

    assert unclaimed([Held(name) for name in names], LAB) == (
        *("losses_final.py", "notes.txt", "homework/answers.docx", "hw.rar"),
    )


def test_nobody_has_handed_in_nothing_while_a_file_of_theirs_is_there() -> None:
    """Pictures and tables are listed where there is nothing else; what programs write never is."""
    names = ("solution.png", "README.md", "results.csv", "hw.tar.gz")
    files = [Held(name) for name in (*names, "timestamp.txt", "losses.pyc")]

    assert unclaimed(files, LAB) == names
    assert unclaimed([*files, Held(PY)], LAB) == ("hw.tar.gz",)
