"""Put a zip into a zip into a zip, fifty deep and ten wide.

A safe grader looks into a zip of a student, and no deeper.

Expected: missing, 0 points
"""

import io
import zipfile


def packed(content, name):
    """Return a zip that holds the same thing ten times."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(10):
            archive.writestr(f"{number}/{name}", content)
    return buffer.getvalue()


def make(folder, honest, marker):
    """Write the zip."""
    path = folder / "class.zip"
    content = packed(honest, "gradients.py")
    for _ in range(8):
        content = packed(content, "inner.zip")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("honest/gradients.py", honest)
        archive.writestr("mallory/work.zip", content)
    return path
