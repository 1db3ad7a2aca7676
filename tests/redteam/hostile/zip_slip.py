"""Name entries of a zip so that they are unpacked outside of it.

A safe grader unpacks nothing onto the disk, and ignores such entries.

Expected: passed, 10 points
"""

import zipfile


def make(folder, honest, marker):
    """Write the zip."""
    path = folder / "class.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("honest/gradients.py", honest)
        archive.writestr("mallory/gradients.py", honest)
        for name in ("../", "../../../", "/tmp/", "mallory/../../../", "..\\..\\", "C:\\", "./../"):
            archive.writestr(f"{name}{marker}.py", honest)
            archive.writestr(f"{name}gradients.py", "raise SystemExit")
    return path
