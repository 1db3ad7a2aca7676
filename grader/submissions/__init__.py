"""Find and read what a class handed in, one submission for each student.

What is read is what an LMS gives, or a folder or an archive with one for each student. POSIX only.
Nothing that a student hands in is trusted: no link is followed, no name leads out of a submission,
no size is believed, and a bad file becomes a sentence in the report.
"""

from __future__ import annotations

from grader.submissions.choosing import File
from grader.submissions.classes import ClassWork, find_class
from grader.submissions.disk.files import MAX_FILE_BYTES
from grader.submissions.hand_in import HandIn
from grader.submissions.records import Submission

__all__ = [
    "MAX_FILE_BYTES",
    "ClassWork",
    "File",
    "HandIn",
    "Submission",
    "find_class",
]
