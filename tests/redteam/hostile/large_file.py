"""Hand in fifty megabytes of code.

A safe grader refuses what no student writes.

Expected: unreadable, 0 points
"""

def make(folder, honest, marker):
    """Write the class."""
    (folder / "class" / "honest").mkdir(parents=True)
    (folder / "class" / "honest" / "gradients.py").write_text(honest)
    mallory = folder / "class" / "mallory"
    mallory.mkdir()
    (mallory / "gradients.py").write_bytes(b"x = 1\n" * (50 * 2**20 // 6))
    return folder / "class"
