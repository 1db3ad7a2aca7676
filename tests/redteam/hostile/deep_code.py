"""Hand in an expression so deep that a compiler overflows its stack.

A safe grader has it compiled where only the student is hurt.

Expected: unreadable, 0 points
"""

def make(folder, honest, marker):
    """Write the class."""
    (folder / "class" / "honest").mkdir(parents=True)
    (folder / "class" / "honest" / "gradients.py").write_text(honest)
    mallory = folder / "class" / "mallory"
    mallory.mkdir()
    (mallory / "gradients.py").write_text("x = " + "1 + " * 100_000 + "1\n")
    return folder / "class"
