"""Make files that call themselves larger than any disk.

A safe grader bounds the size of a file.

Expected: passed, 10 points
"""

for size in (2**62, 2**40, 2**30):
    try:
        with open("sparse", "wb") as file:
            file.truncate(size)
        print("PWNED", size)
    except OSError:
        pass
