"""The lab: the course that this package carries, and where its files are."""

from __future__ import annotations

from grader.courses import PACKAGE, Exercise, carried_course, resource

__all__ = [
    "EXERCISES",
    "PACKAGE",
    "Exercise",
    "carried_course",
    "exercise_named",
    "exercises_named",
    "resource",
]

EXERCISES = carried_course().exercises
exercise_named = carried_course().exercise_named
exercises_named = carried_course().exercises_named
