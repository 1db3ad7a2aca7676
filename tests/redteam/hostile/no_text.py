"""Hand in bytes that are no text: UTF-16, NUL, control and direction characters.

A safe grader says that it is no text, and shows none of what steers.

Expected: unreadable, 0 points
"""

def make(folder, honest, marker):
    """Write the class."""
    (folder / "class" / "honest").mkdir(parents=True)
    (folder / "class" / "honest" / "gradients.py").write_text(honest)
    mallory = folder / "class" / "mallory"
    mallory.mkdir()
    text = honest + "# \u202e\u2066 PWNED \x1b[2J \x00 \ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    (mallory / "gradients.py").write_bytes(text.encode() + b"\xff\xfe\x00")
    return folder / "class"
