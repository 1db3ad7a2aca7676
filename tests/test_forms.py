"""Tests of `grader.answers.forms`: right numbers in a wrong form, and nothing else, have a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from report_samples import outcome
from the_lab import LAB

from grader.answers import forms
from grader.answers.difference import difference
from grader.answers.forms import form_of
from grader.asking import refusals, student
from grader.asking.student import Conversation
from grader.courses import Exercise
from grader.courses.declared.table import general_mistakes, read_table
from grader.courses.mistakes import known_mistakes
from grader.errors import WrongAnswer
from grader.expecting import expect as expectations
from grader.expecting.expect import expect
from grader.guest import rails
from grader.guest.crossing.values import pack, unpack
from grader.guest.crossing.wire import Returned
from grader.guest.probing import RejectedError, require_module
from grader.judge.local import LocalAttempt
from grader.judge.naming import named_once
from grader.judge.plugin import run_suites
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from grader.guest.crossing.wire import Reply, Request
    from grader.judge.plugin import SuiteRunner

TABLE = torch.tensor([[1.5, -2.0, 3.0], [0.25, 5.0, -6.0]])
ROW, COUNTS = TABLE[0], torch.tensor([3, 0, 2])
GRADIENTS = {"W": TABLE, "b": ROW}
STEPS = [0.1 * step for step in range(40)]
MACHINE = expectations, forms, rails, refusals, student
SLUG = re.compile(r'"([a-z]+(?:-[a-z]+)+)"')


def crossed(value: object) -> object:
    """Return what the judge gets of a value."""
    return unpack(pack(value))


@pytest.mark.parametrize(
    ("came", "right", "slug"),
    [
        (TABLE.tolist(), TABLE, "list-not-tensor"),
        (list(TABLE), TABLE, "list-not-tensor"),
        (tuple(ROW), ROW, "list-not-tensor"),
        ((torch.tensor(3.5),), torch.tensor(3.5), "list-not-tensor"),
        ([3, 0, 2], COUNTS, "list-not-tensor"),
        (TABLE.numpy(), TABLE, "array-not-tensor"),
        (TABLE.double().numpy(), TABLE, "array-not-tensor"),
        (3.5, torch.tensor(3.5), "number-not-tensor"),
        (3, torch.tensor(3), "number-not-tensor"),
        (torch.tensor(3.5), 3.5, "tensor-not-number"),
        (torch.tensor([3.5]), 3.5, "tensor-not-number"),
        (np.array(3.5), 3.5, "tensor-not-number"),
        (torch.tensor(3), 3, "tensor-not-number"),
        (list(ROW), ROW.tolist(), "tensor-not-number"),
        ([3.5], 3.5, "another-container"),
        (3.0, 3, "wrong-dtype"),
        (COUNTS.float(), COUNTS, "wrong-dtype"),
        (COUNTS.int(), COUNTS, "wrong-dtype"),
        (TABLE.double(), TABLE, "wrong-dtype"),
        ((TABLE.double() / 3).float(), TABLE.double() / 3, "wrong-dtype"),
        (torch.tensor([1, 0]), torch.tensor([True, False]), "wrong-dtype"),
        (COUNTS.double().numpy(), COUNTS.numpy(), "wrong-dtype"),
        (ROW[:, None], ROW, "dimension-too-many"),
        (ROW[None, :, None], ROW, "dimension-too-many"),
        (COUNTS[:, None].float(), COUNTS, "dimension-too-many"),
        (ROW, ROW[:, None], "dimension-missing"),
        (TABLE.flatten(), TABLE, "dimension-missing"),
        (TABLE.T, TABLE, "result-transposed"),
        (TABLE[:, :2].T, TABLE[:, :2], "result-transposed"),
        (ROW[None], ROW[:, None], "result-transposed"),
        (ROW, ROW.numpy(), "another-container"),
        (ROW, ROW.tolist(), "another-container"),
        (GRADIENTS, [TABLE, ROW], "another-container"),
        ([TABLE, ROW], GRADIENTS, "another-container"),
        ({"w": TABLE, "b": ROW}, GRADIENTS, "keys-named-otherwise"),
        ({"db": ROW, "dW": TABLE}, GRADIENTS, "keys-named-otherwise"),
        ({"b": TABLE, "W": ROW}, GRADIENTS, "items-in-another-order"),
        ((ROW, TABLE, COUNTS), (TABLE, COUNTS, ROW), "items-in-another-order"),
        (STEPS[::-1], STEPS, "items-in-another-order"),
        ({"W": TABLE, "b": ROW[None]}, GRADIENTS, "dimension-too-many"),
        (torch.tensor(3.5).item, 3.5, "function-not-called"),
        (torch.relu, ROW, "function-not-called"),
        ([torch.tensor(3.5).item] * 2, [3.5, 3.5], "function-not-called"),
        (torch.nn.ReLU, ROW, "class-not-object"),
    ],
)  # fmt: skip
def test_the_form_of_right_numbers_has_a_name(came: object, right: object, slug: str) -> None:
    """What is right once its form is changed back gets the name of the form."""
    assert difference(crossed(came), right)
    assert slug == form_of(crossed(came), right)


@pytest.mark.parametrize(
    ("came", "right"),
    [
        ((2 * TABLE).tolist(), TABLE),
        ((TABLE + 1e-3).numpy(), TABLE),
        (3.6, torch.tensor(3.5)),
        (torch.tensor(3.6), 3.5),
        (COUNTS + 0.4, COUNTS),  # a cast would cut it
        (COUNTS + 256, COUNTS.to(torch.uint8)),
        ((2 * TABLE).T, TABLE),
        (TABLE.reshape(3, 2), TABLE),
        (TABLE.expand(2, 2, 3), TABLE),
        (TABLE.double() + 1e-3, TABLE),
        ((TABLE.double() + 1e-7), TABLE.double()),
        ({"w": 2 * TABLE, "b": ROW}, GRADIENTS),
        ({"W": 2 * TABLE, "b": ROW[None]}, GRADIENTS),
        ([False, True], [True, False]),
        ([2, 1], [1, 2]),
        (torch.empty(0, 1), torch.empty(0)),
        (torch.empty(0), 3.5),
        (np.empty(0), 3),
        ([float("nan")] * 3, ROW),
        (float("inf"), 3),
        ([1.5, "-2", 3.0], ROW),
        ([[1.5], [-2.0, 3.0]], ROW),
        (None, TABLE),
        (torch.nn.Linear(1, 1), TABLE),
        (1, True),
    ],
)
def test_other_numbers_have_none(came: object, right: object) -> None:
    """A form is named only for numbers that are right."""
    assert difference(crossed(came), right)
    assert form_of(crossed(came), right) is None


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.text(max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=6,
)


@given(plain, st.sampled_from([TABLE, ROW.numpy(), 3.5, 3, True, None, [1.5, 2.5], GRADIENTS, "x"]))
def test_whatever_came_has_a_form_or_none(came: object, right: object) -> None:
    """A hostile answer raises nothing, and a right one has no form."""
    assert (form_of(came, right) == "") == (difference(came, right) is None)


ENDS = {
    "pass": "nothing-returned",
    "print(loss)": "printed-not-returned",
    "print(end='')": "nothing-returned",
    "return loss.item": "function-not-called",
    "return torch.nn.ReLU": "class-not-object",
    "return loss.double()": "wrong-dtype",
    "return loss.reshape(1, 1)": "dimension-too-many",
    "return loss.item()": "number-not-tensor",
    "return 2 * loss.double()": None,
    "print(loss); return 2 * loss": "sum-not-mean",  # the suite's own name comes first
}
SUITE = '''
import torch
from grader.suite import expect_each, points

@points(1)
def test_the_mean(student):
    """The mean is taken."""
    cases = [(torch.tensor([1.5, 2.5]),), (torch.tensor([[3.0, 7.0], [1.0, 2.0]]),)]
    expect_each(student.mean, cases, torch.mean, {"sum-not-mean": lambda x: 2 * x.mean()})
'''


def test_it_is_named_in_any_course_from_what_ran(tmp_path: Path) -> None:
    """A function that prints is told from one that ends, and a course's own name comes first."""
    suite = tmp_path / "hidden" / "ex_mean.py"
    suite.parent.mkdir()
    suite.write_text(SUITE, encoding="utf-8")
    exercise, file = Exercise("ex_mean", "The mean", LAB.folder), tmp_path / "ex_mean.py"
    named: dict[str, str | None] = {}

    def serve(runner: SuiteRunner) -> None:
        for end in ENDS:
            code = f"import torch\ndef mean(x):\n    loss = x.mean()\n    {end}\n"
            file.write_text(code, encoding="utf-8")
            (result,) = runner.run(exercise, LocalAttempt(exercise, file), public=False).results
            named[end] = result.mistake

    run_suites([suite], serve)

    assert named == ENDS


def test_a_form_gives_way_to_another_name_in_the_same_exercise() -> None:
    """A course knows the same fault by its own name in the tests that it made for it."""
    tensor, form, missing = (
        outcome(Verdict.WRONG, mistake=each)
        for each in ("loss-is-a-tensor", "tensor-not-number", "nothing-returned")
    )

    assert [each.mistake for each in named_once([form, tensor])] == [None, "loss-is-a-tensor"]
    assert named_once([form, form]) == [form, form]
    assert named_once([tensor, missing]) == [tensor, missing]


def test_a_probes_lists_and_dicts_are_not_the_students() -> None:
    """What stands in another order there was put there by the suite."""
    swapped = Returned(pack({"W": ROW, "b": TABLE}))
    conversation = Conversation(Replying(swapped), reveals=False, seed=0)
    answers = conversation.call("f", (), {}), conversation.run(b"", "f()", {"x": 1})
    assert [each.asked for each in answers] == [(), (1,)]
    named = []
    for answer in answers:
        with pytest.raises(WrongAnswer) as wrong:
            expect(answer).equals(GRADIENTS)
        named.append(wrong.value.mistake)

    assert named == ["items-in-another-order", None]


@pytest.mark.parametrize(
    ("value", "said", "slug"),
    [
        (None, "`build()` returned None", "nothing-returned"),
        (torch.nn.ReLU, "`build()` returned the class ReLU", "class-not-object"),
        (torch.nn.ReLU().parameters, "returned the method parameters", "function-not-called"),
        (3, "returned an int", ""),
    ],
)
def test_a_probe_tells_what_came_in_the_place_of_an_object(
    value: object, said: str, slug: str
) -> None:
    """Nothing at all, a class and a function are mistakes that have a name in any course."""
    with pytest.raises(RejectedError, match=re.escape(said)) as rejected:
        require_module(value, "build()")
    assert rejected.value.mistake == slug


@dataclass
class Replying:
    """A channel that gives one reply to everything."""

    reply: Reply

    def ask(self, request: Request) -> Reply:
        """Give it."""
        del request
        return self.reply


def test_the_machine_has_words_for_what_it_names() -> None:
    """Every course gets them, and quotes its own where it has some."""
    machine = [Path(str(each.__file__)) for each in MACHINE]
    slugs = {slug for file in machine for slug in SLUG.findall(file.read_text(encoding="utf-8"))}
    general, own = general_mistakes(), read_table(LAB.folder).own

    assert slugs - {"sum-not-mean"} <= general.keys()
    assert {3} == {len(known.hints) for known in general.values()}
    assert known_mistakes(LAB) == general | own
    assert own["nothing-returned"] != general["nothing-returned"]
