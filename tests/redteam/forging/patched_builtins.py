"""Replace what everything is made of: isinstance, len, type, repr, sorted.

A safe grader uses those of its own process.

Expected: crashed, 0 points
"""

import builtins

for name in ("isinstance", "issubclass", "callable", "any", "all", "hasattr"):
    setattr(builtins, name, lambda *args: True)
builtins.len = lambda value: 10
builtins.repr = builtins.str = lambda *args: "passed"
builtins.sorted = builtins.list = lambda *args: []
