"""Leave a process behind that has left its group and hears no signal.

A safe grader ends everything in the namespace, whatever its parents are.

Expected: passed, 10 points
"""

import os
import signal
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_IGN)
        while True:
            time.sleep(1000)
    os._exit(0)
os.wait()
