"""Write and read through links that lead out of its own folder.

A safe grader has nothing outside for a link to lead to, and never opens what lies in there.

Expected: passed, 10 points
Harmless: yes
"""

import os

for place in (KNOWN["home"], KNOWN["secret file"], KNOWN["suites"], "/proc/1/root" + KNOWN["home"]):
    link = f"link-{len(os.listdir('.'))}"
    os.symlink(place, link)
    try:
        if os.path.isdir(link):
            print("PWNED", os.listdir(link))
        else:
            with open(link) as file:
                print("PWNED", file.read())
    except OSError:
        pass
