"""Signal the judge, in person and by way of a file that tells its owner when something comes.

A safe grader lets a submission signal its own processes alone.

Expected: passed, 10 points
"""

import fcntl
import os
import signal
import struct

F_SETOWN_EX, F_OWNER_PID = 15, 1
for send in (os.kill, os.killpg):
    try:
        send(KNOWN["judge"], signal.SIGURG)  # which does nothing to whoever does not listen
        print("PWNED", send.__name__)
    except OSError:
        pass
ends = os.pipe()
for command, owner in ((fcntl.F_SETOWN, KNOWN["judge"]), (F_SETOWN_EX, None)):
    try:
        fcntl.fcntl(ends[0], command, owner or struct.pack("ii", F_OWNER_PID, KNOWN["judge"]))
        print("PWNED", command)
    except OSError:
        pass
