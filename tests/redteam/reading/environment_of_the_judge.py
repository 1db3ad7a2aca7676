"""Read the environment, the command line and the memory map of the judge by its number.

A safe grader is no process that a submission could name.

Expected: passed, 10 points
Harmless: yes
"""

for number in (KNOWN["judge"], 1):
    for name in ("environ", "maps", "stack", "syscall"):
        try:
            with open(f"/proc/{number}/{name}", "rb") as file:
                text = file.read()
        except OSError:
            continue
        print("PWNED", number, name, len(text))
