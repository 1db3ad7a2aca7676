"""`watch`: check again at each save, in a warm process."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from dataclasses import dataclass
from queue import Empty, Queue
from typing import TYPE_CHECKING

from rich.console import Console

from grader.courses.mistakes import known_mistakes
from grader.desk.files import exercises_to_watch, files_here, folders_here
from grader.desk.warm.benches import Benches
from grader.desk.warm.process import Heard
from grader.desk.watch.keys import read_key, single_keys
from grader.desk.watch.saves import Saves
from grader.desk.watch.session import Session
from grader.desk.watch.terminal import PlainFace, ScreenFace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.courses import Course, Exercise
    from grader.desk.watch.terminal import Face
    from grader.sandbox.limits import Limits

__all__ = ["watch_files"]

TICK_S = 0.25  # how soon a new size of the terminal is noticed


@dataclass(frozen=True)
class Saved:
    """A file of an exercise was written or deleted."""

    exercise: Exercise


@dataclass(frozen=True)
class Pressed:
    """A key was pressed; empty when there is no keyboard any more."""

    key: str


Event = Heard | Saved | Pressed


def watch_files(course: Course, wanted: Sequence[str], limits: Limits) -> None:
    """Watch the exercises here until somebody quits.

    Args:
        course: what they are checked for.
        wanted: names of exercises or files, to watch no others; all exercises where it is empty.
        limits: how long the student's code may run.

    Raises:
        UsageError: there is no exercise here, a name means none or no file that can be watched,
            or the course's table of mistakes can't be read.
        InfrastructureError: the processes that check don't start.
    """
    files_here(course)
    exercises = exercises_to_watch(course, wanted)
    known_mistakes(course)
    console = Console(highlight=False)
    events: Queue[Event] = Queue()
    with ExitStack() as stack:
        benches = stack.enter_context(Benches(course, limits, events.put))
        session = Session(course, benches.ask, exercises)
        saves = Saves(course, folders_here(course), lambda each: events.put(Saved(each)))
        stack.callback(saves.stop)
        face = _face(console, session, stack, events)
        session.begin()
        _serve(session, benches, face, events)


def _face(console: Console, session: Session, stack: ExitStack, events: Queue[Event]) -> Face:
    if not console.is_terminal or console.is_dumb_terminal:
        return PlainFace(console, session)
    stack.enter_context(single_keys())
    threading.Thread(target=_listen, args=(events,), daemon=True).start()
    return ScreenFace(console, session, stack.enter_context(console.screen(hide_cursor=True)))


def _listen(events: Queue[Event]) -> None:
    while key := read_key():
        events.put(Pressed(key))
    events.put(Pressed(""))


def _serve(session: Session, benches: Benches, face: Face, events: Queue[Event]) -> None:
    going_on = True
    while going_on:
        face.draw()
        try:
            event = events.get(timeout=TICK_S)
        except Empty:
            benches.stop_the_silent()
            continue
        going_on = _handle(event, session, benches, face)


def _handle(event: Event, session: Session, benches: Benches, face: Face) -> bool:
    """Take in one event; return whether to go on."""
    match event:
        case Heard():
            checked = benches.take(event)
            if checked is not None:
                session.took(checked)
                face.took(checked)
        case Saved():
            if session.saved(event.exercise):
                face.saved(event.exercise)
        case Pressed():
            return face.pressed(event.key)
    return True
