"""Pack two hundred megabytes of nothing into a few kilobytes.

A safe grader stops unpacking at the limit of a file, and believes no declared size.

Expected: unreadable, 0 points
"""

import zipfile


def make(folder, honest, marker):
    """Write the zip."""
    path = folder / "class.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("honest/gradients.py", honest)
        archive.writestr("mallory/gradients.py", b" " * (200 * 2**20))
    return path
