"""Change what a process hands on: umask, priority, timers, environment, signal masks.

A safe grader hands on nothing of it: every submission starts from the fork server.

Expected: passed, 10 points
"""

import os
import random
import signal

import torch

os.umask(0o777)
os.nice(19)
signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))
os.environ.clear()
random.seed(0)
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)
torch.autograd.set_detect_anomaly(True)
torch.set_default_dtype(torch.float32)
