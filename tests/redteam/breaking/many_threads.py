"""Start threads without end.

A safe grader counts them as processes.

Expected: passed, 10 points
"""

import threading
import time

try:
    while True:
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
except RuntimeError:
    pass
