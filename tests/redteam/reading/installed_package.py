"""Ask Python itself for the grader's files: metadata, loaders, compiled modules.

A safe grader is not among the packages that a submission can import.

Expected: passed, 10 points
"""

import importlib
import importlib.metadata
import pkgutil
import sys

for name in ("grader.lab", "grader.judge", "grader.runs", "grader.suite", "grader.asking"):
    try:
        print("PWNED", importlib.import_module(name))
    except ImportError:
        pass
import grader

for module in pkgutil.walk_packages(grader.__path__, "grader."):
    if not module.name.startswith("grader.guest"):
        print("PWNED", module.name)
for package in importlib.metadata.distributions():
    for file in package.files or ():
        if "hidden" in str(file) and file.locate().exists() and str(file).endswith(".py"):
            if "ex0" in str(file):
                print("PWNED", file)
