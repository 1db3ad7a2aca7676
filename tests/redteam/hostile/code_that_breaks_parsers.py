"""Hand in code that parsers and compilers stumble over.

A safe grader has it parsed where only the student is hurt.

Expected: unreadable, 0 points
"""

def make(folder, honest, marker):
    """Write the class."""
    (folder / "class" / "honest").mkdir(parents=True)
    (folder / "class" / "honest" / "gradients.py").write_text(honest)
    mallory = folder / "class" / "mallory"
    mallory.mkdir()
    (mallory / "gradients.py").write_text("x = " + "-" * 200_000 + "1\n" + "(" * 100_000)
    return folder / "class"
