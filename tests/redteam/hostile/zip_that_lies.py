"""Declare small sizes and wrong checksums for large files.

A safe grader believes what it unpacks.

Expected: unreadable, 0 points
"""

import zipfile


def make(folder, honest, marker):
    """Write a zip, and change what its directory says."""
    path = folder / "class.zip"
    size = 50 * 2**20
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("honest/gradients.py", honest)
        archive.writestr("mallory/gradients.py", b"#" * size)
    data = path.read_bytes().replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    path.write_bytes(data)
    return path
