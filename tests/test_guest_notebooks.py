"""A notebook that the guest runs in parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from lab_notebooks import notebook
from the_lab import LAB

from grader.guest.causes import CAUSES
from grader.guest.crossing.wire import Call, Load, Loaded, Proceed, Reply, Returned
from grader.guest.loading.journal import JOURNAL
from grader.guest.submission import Guest

if TYPE_CHECKING:
    from collections.abc import Iterator

TRAINING = """
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(2):
{loop}
"""
SETUP = "import torch\nmodel = torch.nn.Linear(2, 1)\nbatch = torch.ones(3, 2)"
ZERO, STEP = "optimizer.zero_grad()", "optimizer.step()"
BACKWARD = "model(batch).mean().backward()"


def loaded(*cells: tuple[str, str]) -> Guest:
    """Return a guest that has read a notebook and run nothing of it."""
    guest = Guest()
    reply = guest.handle(Load("lab", "lab.ipynb", notebook(*cells), True, "cpu", stepwise=True))
    assert reply == Loaded()
    return guest


def told(guest: Guest) -> object:
    """Ask the notebook's function `tell`."""
    reply = guest.handle(Call("tell", (), 0))
    assert isinstance(reply, Returned)
    return reply.value


def failed(reply: Reply) -> str:
    """Return the type of what the judged cell raised, or nothing."""
    assert isinstance(reply, Loaded)
    return reply.failed.type_name if reply.failed else ""


def test_names_are_as_the_cell_left_them() -> None:
    """Before, at, after and back at a cell."""
    guest = loaded(
        ("", "x = 0\ndef tell(): return x"),
        ("one", "x = 1\ndef tell(): return 'one'"),
        ("", "x = 2"),
        ("two", "def tell(): return 'two', x"),
        ("", "x = 3"),
    )
    seen = []
    for cell in ("one", "two", "one", "two"):
        guest.handle(Proceed(cell))
        seen.append(told(guest))

    assert seen[0] == seen[2] == "one"
    assert seen[1] == seen[3]
    assert "two" in str(seen[1])
    assert "2" in str(seen[1])


def test_a_network_is_kept_as_it_was_before_later_cells() -> None:
    """A later cell that changes the network's numbers does not reach what was kept."""
    guest = loaded(("one", SETUP), ("two", "with torch.no_grad(): model.weight.fill_(torch.nan)"))
    for cell in ("one", "two", "one"):
        guest.handle(Proceed(cell))

    assert torch.isfinite(vars(guest._module)["model"].weight).all()


@pytest.mark.parametrize("aside", ["", "model.seen = model(batch)"])
def test_an_optimizer_is_kept_with_the_network_whose_parameters_it_holds(aside: str) -> None:
    """What is kept can be trained on, and what goes on can't be reached by it."""
    optimizer = "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)"
    guest = loaded(("one", f"{SETUP}\n{optimizer}\n{aside}"), ("", "trained = model"))
    guest.handle(Proceed("one"))
    guest.handle(Proceed(""))
    trained = vars(guest._module)["trained"].weight
    guest.handle(Proceed("one"))
    names = vars(guest._module)
    (held, _) = names["optimizer"].param_groups[0]["params"]

    assert held is names["model"].weight
    assert held is not trained


@pytest.mark.parametrize("asked", ["missing", "last"])
def test_a_notebook_without_the_id_is_run_to_its_end(asked: str) -> None:
    """The names left at the end count."""
    guest = loaded(("", "x = 0\ndef tell(): return x"), ("last", "x = 5"))
    guest.handle(Proceed(asked))

    assert told(guest) == 5


def test_the_last_of_several_cells_with_one_id_counts() -> None:
    """A cell that was split or copied belongs together."""
    guest = loaded(("one", "x = 0\n1 / 0"), ("one", "x = 1\ndef tell(): return x"), ("", "x = 2"))
    reply = guest.handle(Proceed("one"))

    assert (told(guest), failed(reply)) == (1, "")


def test_the_id_that_comes_first_need_not_be_asked_for_first() -> None:
    """Where the first id is missing, the second cell's names are still as it left them."""
    guest = loaded(("two", "x = 2\ndef tell(x=x): return x"), ("", "del tell"))
    first, second = guest.handle(Proceed("one")), guest.handle(Proceed("two"))

    assert (failed(first), failed(second)) == ("", "")
    assert told(guest) == 2


def test_an_empty_id_is_no_cells() -> None:
    """It runs everything that is left."""
    guest = loaded(("one", "x = 1"), ("", "x = 2"), ("two", "x = 3\ndef tell(): return x"))
    guest.handle(Proceed("one"))
    guest.handle(Proceed(""))

    assert told(guest) == 3


def test_a_cell_without_end_is_stopped_and_the_next_goes_on() -> None:
    """Each answer cell has its own time."""
    guest = loaded(("one", "x = 1\nwhile True: pass"), ("two", "x += 1\ndef tell(): return x"))
    first, second = guest.handle(Proceed("one", 0.2)), guest.handle(Proceed("two", 20))

    assert (failed(first), failed(second)) == ("OutOfTimeError", "")
    assert told(guest) == 2


def test_without_ids_only_the_last_task_pays_for_a_loop_without_end() -> None:
    """The names that are there when time is up count for the first."""
    endless = "optimizer = None\nwhile True: pass"
    guest = loaded(("", "def tell(): return 7"), ("", endless), ("", "x = 3"))
    first = guest.handle(Proceed("lab-model", 0.2))
    second = guest.handle(Proceed("lab-training", 20))

    assert (failed(first), failed(second)) == ("", "OutOfTimeError")
    assert (told(guest), vars(guest._module)["x"]) == (7, 3)


def test_what_the_cell_raised_is_told_and_what_others_raised_is_noted() -> None:
    """A cell that fails keeps no other from running."""
    guest = loaded(("", "1 / 0"), ("one", "x = 1\nundefined"), ("", "x +"), ("two", "x"))
    first, second = guest.handle(Proceed("one")), guest.handle(Proceed("two"))

    assert (failed(first), failed(second)) == ("NameError", "")
    assert isinstance(second, Loaded)
    noted = [note.split(": ")[1] for note in second.notes]
    assert noted == ["ZeroDivisionError", "NameError", "SyntaxError"]


def test_defaults_that_the_notebook_set_hold_when_it_goes_on() -> None:
    """What is asked in between has torch as it comes, and the notebook has what it chose."""
    guest = loaded(
        (
            "one",
            "import torch\ntorch.set_default_dtype(torch.float64)\n"
            "torch.set_default_device('meta')\n"
            "def new(): return str(torch.ones(1).dtype), torch.ones(1).device.type",
        ),
        ("two", "made = new()\ndef tell(): return *made, *new()"),
    )
    guest.handle(Proceed("one"))
    guest.handle(Proceed("two"))

    assert [*told(guest).items] == ["torch.float64", "meta", "torch.float32", "cpu"]  # type: ignore[attr-defined] # it crossed


@pytest.mark.parametrize(
    ("loop", "events"),
    [
        pytest.param([ZERO, BACKWARD, STEP], "ZBSZBS", id="right"),
        pytest.param([BACKWARD, STEP, "model.zero_grad()"], "BSZBSZ", id="right-zero-last"),
        pytest.param([BACKWARD, ZERO, STEP], "BZsBZs", id="zero-late"),
        pytest.param([ZERO, STEP, BACKWARD], "ZsBZsB", id="step-first"),
        pytest.param([ZERO, BACKWARD], "ZBZB", id="no-step"),
        pytest.param([ZERO, "(-model(batch).mean()).backward()", STEP], "ZBSZBS", id="negated"),
        pytest.param(
            ["optimizer.param_groups[0]['maximize'] = True", ZERO, BACKWARD, STEP],
            "ZBUZBU",
            id="uphill",
        ),
    ],
)
def test_the_judged_cells_loop_is_recorded(loop: list[str], events: str) -> None:
    """Cells before it leave no trace in the recording."""
    lines = "\n".join(f"    {line}" for line in loop)
    guest = loaded(("", f"{SETUP}\n{BACKWARD}"), ("train", TRAINING.format(loop=lines)))
    guest.handle(Proceed("train"))

    assert events == JOURNAL.recorded.events


def test_nothing_is_recorded_or_changed_outside_of_the_cells() -> None:
    """What was patched is as it was once the cells have run."""
    owners = (torch.Tensor, torch.optim.Optimizer, torch.nn.Module, torch.utils.data.DataLoader)
    before = [dict(vars(owner)) for owner in owners]
    loaded(("one", SETUP)).handle(Proceed("one"))

    assert before == [dict(vars(owner)) for owner in owners]


@pytest.fixture
def asked_lab() -> Iterator[None]:
    """Ask the lab why a cell raised."""
    CAUSES.ask(LAB.hooks.cause)
    yield
    CAUSES.ask("")


@pytest.mark.usefixtures("asked_lab")
@pytest.mark.parametrize(
    ("source", "mistake"),
    [
        ("torch.nn.Linear(784, 3)(torch.ones(5, 1, 28, 28))", "images-not-flattened"),
        ("torch.nn.Linear(784, 3)(torch.ones(5, 83))", "layer-gets-another-size"),
        (
            "torch.nn.NLLLoss()(torch.ones(5).long(), torch.ones(5, 3))",
            "criterion-arguments-swapped",
        ),
        ("torch.nn.NLLLoss()(torch.ones(5, 3), torch.ones(4).long())", "batch-sizes-differ"),
        ("raise ValueError", ""),
    ],
)
def test_the_cause_of_a_crash_is_recognised_by_the_values_at_hand(
    source: str, mistake: str
) -> None:
    """Only what the place and the shapes prove is named."""
    reply = loaded(("one", f"import torch\n{source}")).handle(Proceed("one"))

    assert isinstance(reply, Loaded)
    assert reply.failed is not None
    assert mistake == reply.failed.mistake


MADE = "model = torch.nn.Linear(2, 1)"
LOOP = f"for _ in range(2):\n    {BACKWARD}\n    optimizer.step()"
STEPS = f"optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n{LOOP}"


@pytest.mark.parametrize(
    ("cells", "events"),
    [
        pytest.param([BACKWARD, MADE, STEPS], "BSBS", id="made-before"),
        pytest.param([BACKWARD, f"{MADE}\n{STEPS}"], "BSBS", id="made-in-the-cell"),
        pytest.param([BACKWARD, STEPS], "BBSBS", id="not-made-again"),
        pytest.param([STEPS, MADE], "", id="made-afterwards"),
    ],
)
def test_what_was_recorded_counts_since_the_model_was_last_made(
    cells: list[str], events: str
) -> None:
    """What earlier cells did to another model says nothing about this one."""
    guest = loaded(*(("", each) for each in [SETUP, *cells]))
    guest.handle(Proceed("lab-training"))

    assert events == JOURNAL.recorded.events


@pytest.mark.parametrize(
    ("batches", "examples"),
    [
        pytest.param("torch.utils.data.DataLoader(batch, batch_size=2)", 3, id="loader"),
        pytest.param("[batch, batch + 1]", 6, id="no-loader"),
        pytest.param("[batch, batch]", 3, id="the-same-again"),
    ],
)
def test_the_examples_of_steps_are_counted(batches: str, examples: int) -> None:
    """Each is as many as the model is given, wherever they come from; what comes again is none."""
    step = "    optimizer.zero_grad()\n    model(x).mean().backward()\n    optimizer.step()"
    optimizer = "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)"
    guest = loaded(("", f"{SETUP}\n{optimizer}\nfor x in {batches}:\n{step}"))
    guest.handle(Proceed("lab-training"))

    assert examples == JOURNAL.recorded.examples


BY_HAND = "for w in model.parameters(): w.data {} 0.1 * w.grad"
CUT = "(model(batch).detach().requires_grad_() ** 2).mean().backward()"
ON_NEW = "batch = torch.randn(3, 2)"


@pytest.mark.parametrize(
    ("loop", "counts"),
    [
        pytest.param([ZERO, ON_NEW, BACKWARD, STEP], {"cleared": 2}, id="right"),
        pytest.param([ZERO, BACKWARD, STEP], {"cleared": 2, "repeated": 2}, id="same-batch"),
        pytest.param([ON_NEW, BACKWARD, STEP], {"added": 2}, id="never-cleared"),
        pytest.param(
            [ON_NEW, BACKWARD, BY_HAND.format("-="), "model.zero_grad()"],
            {"cleared": 2, "by hand": 2, "S": 2},
            id="by-hand",
        ),
        pytest.param(
            [ON_NEW, BACKWARD, BY_HAND.format("+="), "model.zero_grad()"],
            {"cleared": 2, "by hand": 2, "U": 2},
            id="by-hand-uphill",
        ),
        pytest.param([ON_NEW, CUT, STEP], {"cut": 3, "s": 3}, id="cut"),
        pytest.param(
            [ON_NEW, "loss = torch.tensor(1.0, requires_grad=True)", "loss.backward()"],
            {"cut": 3},
            id="no-graph",
        ),
        pytest.param([ON_NEW, BACKWARD], {}, id="never-stepped"),
        pytest.param(
            [ZERO, ON_NEW, "model(batch)", "seen = model(torch.ones(5, 2))", BACKWARD, STEP],
            {"cleared": 2},
            id="shown-others-meanwhile",
        ),
    ],
)
def test_what_was_made_of_gradients_is_counted(loop: list[str], counts: dict[str, int]) -> None:
    """Three turns of a loop: what the second and the third find of the one before."""
    lines = "\n".join(f"    {line}" for line in loop)
    guest = loaded(("", SETUP), ("train", TRAINING.format(loop=lines).replace("(2)", "(3)")))
    guest.handle(Proceed("train"))

    told_apart = {"S", "U"} & counts.keys() or {"B"}
    kinds = ("by hand", "repeated", "cut", "added", "cleared", *told_apart, "s")
    seen = {kind: JOURNAL.recorded.counts[kind] for kind in kinds if kind != "B"}
    expected = dict.fromkeys(seen, 0) | counts
    assert seen == expected


@pytest.mark.parametrize(
    ("lines", "passes"),
    [
        pytest.param("for x in loader:\n    {}", [(2, 2, 2)], id="all"),
        pytest.param("for x in loader:\n    {}\n    break", [(2, 1, 1)], id="left"),
        pytest.param("for x in loader:\n    pass\n{}", [(2, 2, 1)], id="one-step"),
        pytest.param("x = next(iter(loader))\nfor _ in range(3):\n    {}", [(2, 1, 3)], id="again"),
    ],
)
def test_passes_through_a_loader_are_noted(lines: str, passes: list[tuple[int, int, int]]) -> None:
    """How many batches there are, were drawn, and were followed by a step."""
    made = (
        "loader = torch.utils.data.DataLoader(batch, batch_size=2)\n"
        "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
        "def train(x):\n"
        f"    {ZERO}\n    model(x).mean().backward()\n    {STEP}\n"
    )
    guest = loaded(("", SETUP), ("train", made + lines.format("train(x)")))
    guest.handle(Proceed("train"))

    seen = JOURNAL.recorded.passes
    assert passes == [(each.batches, each.drawn, each.steps) for each in seen]


def ends(*cells: tuple[str, str]) -> list[str]:
    """Return how the cells of both tasks ended: what they raised, with `-` if nothing can count."""
    guest = loaded(*cells)
    said = []
    for task in ("lab-model", "lab-training"):
        reply = guest.handle(Proceed(task))
        said.append(failed(reply) + ("-" if isinstance(reply, Loaded) and reply.unwritten else ""))
    return said


GIVEN = ("", "import torch\nmodel, criterion = torch.nn.Linear(2, 1), None")
DEMO = (
    "",
    f"batch = torch.ones(3, 2)\noptimizer = torch.optim.SGD(model.parameters(), lr=1)\n"
    f"{BACKWARD}\noptimizer.step()",
)
TASK_1 = "model = torch.nn.Linear(2, 1)\ncriterion = {}"
TASK_2 = f"model = torch.nn.Linear(2, 1)\ncriterion = 1\n{STEPS}{{}}"
STUB = 'raise NotImplementedError("{} is not written yet")'


@pytest.mark.parametrize("ids", [("lab-model", "lab-training"), ("", "")], ids=["ids", "no-ids"])
@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param(TASK_1.format("2"), TASK_2.format(""), ["", ""], id="right"),
        pytest.param(TASK_1.format(""), TASK_2.format(""), ["SyntaxError-", ""], id="blank-model"),
        pytest.param(
            TASK_1.format("2"), TASK_2.format(" ="), ["", "SyntaxError-"], id="blank-loop"
        ),
        pytest.param(
            TASK_1.format("2"), TASK_2.format("\nx"), ["", "NameError"], id="loop-that-fails"
        ),
        pytest.param(
            STUB.format("lab-model"),
            STUB.format("lab-training"),
            ["NotImplementedError", "NotImplementedError"],
            id="as-given-out",
        ),
    ],
)
def test_what_became_of_a_tasks_own_cell_is_found_with_and_without_ids(
    ids: tuple[str, str], first: str, second: str, expected: list[str]
) -> None:
    """The cells around it leave the same names, and are not taken for it."""
    said = ends(GIVEN, DEMO, (ids[0], first), DEMO, (ids[1], second), ("", "1 / 0"))

    assert expected == said


@pytest.mark.parametrize("nothing", ["", "# TODO\n", "pass", "...", "'written later'"])
def test_an_empty_cell_is_not_written(nothing: str) -> None:
    """Nothing in it can have left a name."""
    cells = (("lab-model", nothing), ("lab-training", nothing))

    assert ends(GIVEN, DEMO, *cells) == ["-", "-"]


def test_without_a_loop_the_training_is_not_written() -> None:
    """The one step that the lesson shows is none."""
    assert ends(GIVEN, DEMO, ("", TASK_1.format("2"))) == ["", "-"]


def test_an_unfinished_cell_beside_the_one_that_trains_is_not_taken_for_it() -> None:
    """Who has trained has written the task, whatever else stands there."""
    scratch = ("", "optimizer = torch.optim.Adam(model.parameters(), lr=\nfor x in")

    assert ends(GIVEN, DEMO, ("", TASK_2.format("")), scratch) == ["", ""]


def test_a_failure_inside_of_the_training_function_is_the_trainings() -> None:
    """Whoever calls it."""
    loop = f"def train(optimizer):\n    {BACKWARD}\n    for _ in range(2): gone"

    assert ends(GIVEN, DEMO, ("", loop), ("", "train(optimizer)"))[1] == "NameError"


ANEW = "model = 3\ncriterion = 4\nlosses = []\ndef tell(): return 3"


@pytest.mark.parametrize(
    "behind",
    [
        pytest.param([f"# A new network for task 2.\n{ANEW}"], id="as given out"),
        pytest.param([ANEW], id="without its first line"),
        pytest.param([f"# A new network for task 2.\n{ANEW}"] * 2, id="and a copy of it"),
        pytest.param([f"# A new network for task 2.\n{ANEW}", ANEW], id="and begun once more"),
    ],
)
def test_without_ids_the_first_task_is_judged_before_the_second_begins_anew(
    behind: list[str],
) -> None:
    """Whatever of the given cell is left, and also where task 1 has losses of its own."""
    first = "model = 1\ncriterion = 2\nlosses = []\ndef tell(): return 1"
    guest = loaded(("", first), *(("", text) for text in behind))

    assert failed(guest.handle(Proceed("lab-model"))) == ""
    assert told(guest) == 1


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param("weight.data = torch.ones(3, 3); model.weight.grad = None", id="other shape"),
        pytest.param("weight.data = model.weight.data.half()", id="other dtype"),
    ],
)
def test_what_the_recording_can_not_follow_is_no_fault_of_the_students(odd: str) -> None:
    """A parameter that becomes another one between two backward passes is in no code's way."""
    loss = "(model.weight.float() ** 2).sum().backward()"
    guest = loaded(("", SETUP), ("train", f"{loss}\nmodel.{odd}\n{loss}\ndef tell(): return 1"))

    assert failed(guest.handle(Proceed("train"))) == ""
    assert told(guest) == 1
