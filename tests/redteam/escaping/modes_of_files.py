"""Change what belongs to whoever grades, where its contents can't be: modes, times, attributes.

A safe grader shows none of it, or refuses to change it.

Expected: passed, 10 points
"""

import os

PLACES = [KNOWN["secret file"], os.path.dirname(KNOWN["secret file"])]


def there(place):
    """Return what could be changed."""
    try:
        status = os.stat(place)
    except OSError:
        return None
    return status.st_mode, status.st_mtime, status.st_uid, os.listxattr(place)


before = list(map(there, PLACES))
for place in PLACES:
    for change in (
        lambda at: os.chmod(at, 0o777),
        lambda at: os.chown(at, os.getuid(), os.getgid()),
        lambda at: os.utime(at, (1, 1)),
        lambda at: os.utime(at),
        lambda at: os.setxattr(at, "user.kept", b"1"),
        lambda at: os.truncate(at, 0),
    ):
        for way in (lambda at: at, lambda at: os.open(at, os.O_RDONLY)):
            try:
                change(way(place))
            except OSError:
                pass
if before != list(map(there, PLACES)):
    print("PWNED", before)
