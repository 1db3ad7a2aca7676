"""Name entries of a zip so that they are unpacked outside of it.

A safe grader unpacks nothing onto the disk, and ignores such entries.

Expected: passed, 10 points
"""

import zipfile


def make(folder, honest, marker):
    """Write the zip."""
    path = folder / "class.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("honest/ex04_autograd.py", honest)
        archive.writestr("mallory/ex04_autograd.py", honest)
        for name in ("../", "../../../", "/tmp/", "mallory/../../../", "..\\..\\", "C:\\", "./../"):
            archive.writestr(f"{name}{marker}.py", honest)
            archive.writestr(f"{name}ex04_autograd.py", "raise SystemExit")
    return path
