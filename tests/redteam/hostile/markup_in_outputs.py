"""Print markup and script, raise it, and return it.

A safe grader shows all of it as text.

Expected: crashed, 0 points
"""

def make(folder, honest, marker):
    """Write the class."""
    (folder / "class" / "honest").mkdir(parents=True)
    (folder / "class" / "honest" / "gradients.py").write_text(honest)
    mallory = folder / "class" / "mallory"
    mallory.mkdir()
    code = """
MARKUP = "<script>PWNED()</script><img src=x onerror=PWNED()><x-pwned></pre></body><style>PWNED</style>"
class Sneaky(Exception):
    __doc__ = MARKUP
Sneaky.__name__ = Sneaky.__qualname__ = MARKUP
print(MARKUP, "\\x1b]8;;javascript:PWNED()\\x07")
def gradient_of_mean_square(x): raise Sneaky(MARKUP)
def parameter_gradients(*args): return {MARKUP: MARKUP}
def predict_without_tracking(*args): return type(MARKUP, (), {})()
"""
    (mallory / "gradients.py").write_text(code)
    return folder / "class"
