"""Pack links to files of the machine, and a file behind a link to a folder.

A safe grader follows no link, and makes none.

Expected: unreadable, 0 points
"""

import zipfile


def make(folder, honest, marker):
    """Write the zip."""
    path = folder / "class.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("honest/gradients.py", honest)
        for name, target in (("gradients.py", "/etc/passwd"), ("folder", "/etc")):
            info = zipfile.ZipInfo(f"mallory/{name}")
            info.external_attr = 0o120777 << 16
            archive.writestr(info, target)
        archive.writestr(f"mallory/folder/{marker}", "x")
    return path
