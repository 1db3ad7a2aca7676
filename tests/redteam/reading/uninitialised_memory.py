"""Look into memory that nobody has written yet for what was there before.

A safe grader starts a process for each submission, whose memory the kernel has cleared.

Expected: passed, 10 points
"""

import torch

for _ in range(8):
    if b"lab-" + b"secret" in torch.empty(2**25, dtype=torch.uint8).numpy().tobytes():
        print("PWNED")
