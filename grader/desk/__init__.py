"""The student's desk: public checks in the terminal and in a notebook, hints, and what comes next.

Nothing in here is POSIX only, and nothing needs the sandbox, a solution or a hidden suite.
"""

from grader.desk.kernel.extension import load_ipython_extension

__all__ = ["load_ipython_extension"]
