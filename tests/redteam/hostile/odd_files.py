"""Hand in links, pipes, sockets and folders that are called like files.

A safe grader opens regular files alone, and waits for no pipe.

Expected: unreadable, 0 points
"""

import os
import socket


def make(folder, honest, marker):
    """Write the class."""
    (folder / "class" / "honest").mkdir(parents=True)
    (folder / "class" / "honest" / "gradients.py").write_text(honest)
    mallory = folder / "class" / "mallory"
    mallory.mkdir()
    os.mkfifo(mallory / "gradients.py")
    (mallory / "gradients.ipynb").symlink_to("/etc/passwd")
    (mallory / "loop").symlink_to(mallory)
    (folder / "class" / "outside").symlink_to("/")
    (mallory / "ex03_log_softmax.py").mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        here = os.getcwd()
        os.chdir(mallory)
        server.bind("ex01_losses.py")
        os.chdir(here)
    return folder / "class"
