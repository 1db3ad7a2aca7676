"""Courses: folders that say which exercises there are, and hold their suites."""

from __future__ import annotations

from grader.courses.carried import PACKAGE, carried_course, resource
from grader.courses.counting import Counts
from grader.courses.course import COUNTED, Course, Exercise
from grader.courses.declared.reading import load_course
from grader.courses.finding import find_authors_course, find_course
from grader.courses.works import Work, works_of

__all__ = [
    "COUNTED",
    "PACKAGE",
    "Counts",
    "Course",
    "Exercise",
    "Work",
    "carried_course",
    "find_authors_course",
    "find_course",
    "load_course",
    "resource",
    "works_of",
]
