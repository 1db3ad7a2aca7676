"""The red team: attacks on the grader, graded in this machine's own sandbox.

An attack is a file in `redteam/KIND/`, and its docstring says what it tries, what a safe grader
does, and what it is expected to come to. This package hands the attacks in, lets an ordinary
student follow each, and says which of them got through.
"""

from __future__ import annotations

from grader.redteam.attacks import KINDS, Attack, all_attacks
from grader.redteam.findings import Finding
from grader.redteam.running import run_attacks

__all__ = ["KINDS", "Attack", "Finding", "all_attacks", "run_attacks"]
