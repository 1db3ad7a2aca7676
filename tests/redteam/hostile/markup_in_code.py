"""Write code, comments and docstrings that end the page's own elements.

A safe grader shows code as text.

Expected: passed, 10 points
"""

def make(folder, honest, marker):
    """Write the class."""
    (folder / "class" / "honest").mkdir(parents=True)
    (folder / "class" / "honest" / "gradients.py").write_text(honest)
    mallory = folder / "class" / "mallory"
    mallory.mkdir()
    markup = "</code></pre></script><script>PWNED()</script><svg onload=PWNED()><x-pwned>{{ PWNED }}{% PWNED %}"
    (mallory / "gradients.py").write_text(f'"""{markup}"""\n# {markup}\n{honest}\nx = """{markup}"""\n')
    return folder / "class"
