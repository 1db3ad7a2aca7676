"""Have a signal end it in the middle of a later answer.

A safe grader loses one answer by it.

Expected: passed, 10 points
"""

import signal

signal.signal(signal.SIGALRM, lambda *args: None)
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
