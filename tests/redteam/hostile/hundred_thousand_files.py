"""Hand in a hundred thousand files.

A safe grader looks at as many as a submission may have, and says that it stopped.

Expected: missing, 0 points
"""

import io
import struct
import zipfile


def make(folder, honest, marker):
    """Write a zip whose directory names an empty file a hundred thousand times."""
    path = folder / "class.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("honest/gradients.py", honest)
        archive.writestr("mallory/000000.txt", b"")
    data = path.read_bytes()
    size, start = struct.unpack("<II", data[-10:-2])
    directory = data[start : start + size]
    last = directory[directory.rindex(b"PK\1\2") :]
    count = 100_000
    more = b"".join(last.replace(b"000000", b"%06d" % number) for number in range(1, count))
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 65_000, 65_000, size + len(more), start, 0)
    path.write_bytes(data[:start] + directory + more + end)
    return path
