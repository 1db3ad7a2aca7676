"""A function to descend: of the submission's values in the sandbox, of numbers in the suite."""


def parabola(x):
    """Return (x - 3)^2 / 2, whose lowest point is at 3."""
    return 0.5 * (x + -3) * (x + -3)


def slope(x):
    """Return its derivative."""
    return x - 3
