"""Work that processes share: every item is done once, also where a process ends."""

from __future__ import annotations

import pytest
from sharing_work import work

from grader.errors import InfrastructureError
from grader.runs.sharing import Lost, shared


def test_a_process_that_ends_loses_the_item_that_it_was_at() -> None:
    """Another process goes on with the rest."""
    items = ["a", "b", "end", "c", "d"]
    expected = {"a": "A", "b": "B", "end": Lost(3), "c": "C", "d": "D"}

    assert expected == dict(shared(work, items, jobs=2))


@pytest.mark.parametrize(
    ("item", "words"),
    [("give up", "there is no more paper"), ("never begin", r"ended \(exit code 4\) before")],
)
def test_what_can_not_go_on_says_why(item: str, words: str) -> None:
    """The reason is that of the process."""
    with pytest.raises(InfrastructureError, match=words):
        list(shared(work, ["a", item], jobs=1))


def test_a_process_that_is_ended_says_nothing_more(capfd: pytest.CaptureFixture[str]) -> None:
    """Whatever goes wrong while it leaves: nobody asked for it any more."""
    working = shared(work, ["stay", "a"], jobs=1)

    assert next(working) == ("stay", "begun")
    working.close()
    assert capfd.readouterr().err == ""
