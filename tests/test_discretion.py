"""What a hidden test repeats of a guest's words."""

from __future__ import annotations

import msgspec
import pytest
from the_lab import exercise_named

from grader.asking.discretion import Discretion, HandedIn
from grader.guest.crossing.values import Foreign, Items
from grader.guest.crossing.wire import Absent, Loaded, Raised, Rejected, Returned, Unreadable

CODE = "import torch\n\ndef widest_margin(x):\n    raise OddShape(x.shape)\n"
LETTERS = "Zq0f3a"  # as data in letters look
SAID_BY_TORCH = [
    "mat1 and mat2 shapes cannot be multiplied (5x4 and 3x2)",
    "element 0 of tensors does not require grad and does not have a grad_fn",
    "The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1",
    "shape '[64, 784]' is invalid for input of size 25088",
    "'int' object has no attribute 'backward'",
    "a leaf Variable that requires grad is being used in an in-place operation.",
    "too many values to unpack (expected 2)",
    "unsupported operand type(s) for *: 'NoneType' and 'float'",
    "widest_margin() missing 1 required positional argument: 'x'",
    "Expected input batch_size (5) to match target batch_size (4).",
    "Dimension out of range (expected to be in range of [-1, 0], but got 1)",
    "`build_model()` gave back NoneType; expected an nn.Module.",
]


@pytest.fixture(scope="module")
def discretion() -> Discretion:
    """Return what is discreet about one small file."""
    return Discretion(exercise_named("ex03"), HandedIn("ex03_log_softmax.py", CODE))


@pytest.mark.parametrize("text", SAID_BY_TORCH)
def test_what_python_torch_and_the_lab_say_stays(discretion: Discretion, text: str) -> None:
    """An honest student reads in a hidden test what went wrong."""
    assert discretion.told(text) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (LETTERS, ""),
        (f"{LETTERS} {LETTERS}!", ""),
        ("12 34 56", ""),
        (f"invalid literal for int() with base 10: '{LETTERS}'", "invalid literal for int() with"),
        ("the loss of 12345678 is", "the loss of … is"),
        ("\u4e00\u4e01 is odd", "… is odd"),
        ("widest OddShape", "… OddShape"),
    ],
)
def test_words_that_only_the_guest_has_are_left_out(
    discretion: Discretion, text: str, told: str
) -> None:
    """Letters and digits could be anything; a name of the file's own is no secret."""
    assert discretion.told(text).startswith(told)
    assert LETTERS not in discretion.told(text)
    assert bool(told) == bool(discretion.told(text))


def test_known_words_are_few(discretion: Discretion) -> None:
    """Whoever spells with torch's own words soon comes to the end."""
    spelled = discretion.told("add mul " * 500 + "(" * 500 + "1 " * 500)

    assert len(spelled) < 200


@pytest.mark.parametrize(
    "reply",
    [
        Raised(LETTERS, LETTERS, LETTERS, 4, LETTERS, limit=LETTERS),
        Raised(LETTERS, LETTERS, LETTERS, 10**9, LETTERS, kinds=(LETTERS,), came=LETTERS),
        Rejected(LETTERS),
        Absent(LETTERS, LETTERS, LETTERS),
        Unreadable(LETTERS),
        Loaded((LETTERS, LETTERS), Raised(LETTERS, LETTERS, LETTERS)),
    ],
)
def test_every_reply_is_cleared(
    discretion: Discretion, reply: Raised | Rejected | Absent | Unreadable | Loaded
) -> None:
    """No field of any of them carries a word through."""
    assert LETTERS.encode() not in msgspec.json.encode(discretion.reply(reply))


def test_an_answer_keeps_its_values_and_loses_its_names(discretion: Discretion) -> None:
    """An object of one's own class is an object; torch's are called what they are."""
    value = {"a": [Foreign(LETTERS, LETTERS), Foreign("torch.Generator"), "ZBS"], "b": (1.5,)}

    assert discretion.value(value) == {
        "a": [Foreign("an object"), Foreign("torch.Generator"), "ZBS"],
        "b": (1.5,),
    }
    returned = Returned(Items("list", ()))
    assert discretion.reply(returned) is returned


def test_of_many_objects_only_the_first_keep_their_names(discretion: Discretion) -> None:
    """What may be said of a name takes time to find out, and nobody names a thousand objects."""
    told = discretion.value([[Foreign("torch.Generator")] * 1000, Foreign("torch.Size")])

    assert told[0][0] == Foreign("torch.Generator")
    assert told[0][-1] == told[1] == Foreign("an object")


@pytest.mark.parametrize(
    ("file", "line", "place"),
    [
        (HandedIn("a.py", CODE), 4, ("a.py:4", "raise OddShape(x.shape)")),
        (HandedIn("a.ipynb", "x\n\n\n\ny\nz", (0, 4)), 6, ("a.ipynb, cell 2, line 2", "z")),
        (HandedIn("a.py", CODE), 99, ("", "")),
        (HandedIn("a.py", CODE), -1, ("", "")),
    ],
)
def test_a_place_is_looked_up(file: HandedIn, line: int, place: tuple[str, str]) -> None:
    """The guest says a line; name and code come from the file."""
    assert file.place(line) == place
