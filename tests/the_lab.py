"""The course that this package carries, as tests name it and its exercises."""

from __future__ import annotations

from grader.courses import carried_course

__all__ = ["EXERCISES", "LAB", "exercise_named", "exercises_named"]

LAB = carried_course()
EXERCISES = LAB.exercises
exercise_named = LAB.exercise_named
exercises_named = LAB.exercises_named
