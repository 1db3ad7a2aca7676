"""Let ten thousand entries of a zip share the same bytes.

A safe grader reads the entries that it needs, each up to its limit.

Expected: unreadable, 0 points
"""

import io
import struct
import zipfile


def make(folder, honest, marker):
    """Write a zip whose directory names one entry over and over."""
    path = folder / "class.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("honest/gradients.py", honest)
        archive.writestr("mallory/gradients.py", b"#" * 20 * 2**20)
    data = path.read_bytes()
    end = data.rindex(b"PK\5\6")
    size, start = struct.unpack("<II", data[end + 12 : end + 20])
    directory = data[start : start + size]
    last = directory[directory.rindex(b"PK\1\2") :]
    count = 10_000
    directory += last * count
    tail = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count + 2, count + 2, len(directory), start, 0)
    path.write_bytes(data[:start] + directory + tail)
    return path
