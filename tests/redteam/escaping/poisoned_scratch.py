"""Leave modules where a careless interpreter would look for them next.

A safe grader empties the folder, and starts Python so that it looks there for nothing.

Expected: passed, 10 points
"""

import os

TEXT = "raise SystemExit('poisoned')\n"
for folder in (".", "/tmp", "/dev/shm"):
    for name in ("torch.py", "sitecustomize.py", "usercustomize.py", "random.py", "conftest.py"):
        try:
            with open(os.path.join(folder, name), "w") as file:
                file.write(TEXT)
        except PermissionError:
            pass
os.makedirs("grader/guest/process", exist_ok=True)
for name in ("grader/__init__.py", "grader/guest/__init__.py", "grader/guest/process/child.py"):
    with open(name, "w") as file:
        file.write(TEXT)
