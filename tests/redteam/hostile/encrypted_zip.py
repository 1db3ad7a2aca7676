"""Hand in files that need a password.

A safe grader says so, to the student alone.

Expected: unreadable, 0 points
"""

import zipfile


def make(folder, honest, marker):
    """Write a zip with an entry that is marked as encrypted."""
    path = folder / "class.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("honest/gradients.py", honest)
        archive.writestr("mallory/gradients.py", honest)
    data = bytearray(path.read_bytes())
    data[data.rindex(b"PK\1\2") + 8] |= 1
    path.write_bytes(data)
    return path
