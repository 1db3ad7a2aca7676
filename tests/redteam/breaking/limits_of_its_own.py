"""Take away its own limits, or all that it has.

A safe grader sets them hard, and needs nothing of the process but an answer.

Expected: crashed, 7 points
"""

import resource

for kind in (resource.RLIMIT_NPROC, resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
    try:
        resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        print("PWNED", kind)
    except (OSError, ValueError):
        pass


def predict_without_tracking(model, images):
    """Have no processor time left."""
    resource.setrlimit(resource.RLIMIT_CPU, (0, 0))
    while True:
        pass
