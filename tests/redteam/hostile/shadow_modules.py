"""Hand in modules that are called like those that a grader imports.

A safe grader imports nothing from where submissions lie.

Expected: passed, 10 points
"""

def make(folder, honest, marker):
    """Write the class."""
    (folder / "class" / "honest").mkdir(parents=True)
    (folder / "class" / "honest" / "gradients.py").write_text(honest)
    mallory = folder / "class" / "mallory"
    mallory.mkdir()
    (mallory / "gradients.py").write_text(honest)
    for name in ("torch", "conftest", "sitecustomize", "random", "pytest", "grader", "test_x"):
        text = f"open({str(folder / marker)!r}, 'w')\nraise SystemExit('PWNED')\n"
        (mallory / f"{name}.py").write_text(text)
        (folder / "class" / f"{name}.py").write_text(text)
    (mallory / "pytest.ini").write_text("[pytest]\naddopts = --collect-only\n")
    return folder / "class"
