"""Leave threads that never end, and hold locks that the interpreter needs to leave.

A safe grader ends the process from outside, without asking it to leave.

Expected: passed, 10 points
"""

import atexit
import threading
import time

lock = threading.Lock()
lock.acquire()
atexit.register(lock.acquire)
threading.Thread(target=lock.acquire).start()
threading.Thread(target=time.sleep, args=(1000,)).start()
