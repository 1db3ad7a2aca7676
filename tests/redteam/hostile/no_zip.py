"""Call something a zip that is none.

A safe grader refuses the class in one line.

Expected: refused
"""

def make(folder, honest, marker):
    """Write bytes."""
    path = folder / "class.zip"
    path.write_bytes(b"PK\3\4" + bytes(range(256)) * 1000 + b"PK\5\6" + b"\xff" * 18)
    return path
