"""Call folders and files by markup, formulas and terminal commands.

A safe grader shows every name as text.

Expected: passed, 10 points
"""

def make(folder, honest, marker):
    """Write the class."""
    (folder / "class" / "honest").mkdir(parents=True)
    (folder / "class" / "honest" / "gradients.py").write_text(honest)
    mallory = folder / "class" / "mallory"
    mallory.mkdir()
    mallory.rmdir()
    names = ["<script>PWNED()<", "=HYPERLINK(PWNED)", "@PWNED", "+PWNED", "x\" onload=\"PWNED()", "{{ PWNED }}",
             "\x1b[31mPWNED\r", "PWNED\u202egnp", "'><x-pwned>", "-PWNED"]
    for name in names:
        (folder / "class" / name).mkdir()
        (folder / "class" / name / "gradients.py").write_text(honest)
    return folder / "class"
