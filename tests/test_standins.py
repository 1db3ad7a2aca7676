"""Stand-ins for plots and progress bars."""

from __future__ import annotations

import importlib.util
import sys

import pytest

from grader.guest.standins import stand_ins

PLOTS = """
import helper
import matplotlib.pyplot as plt
from matplotlib import cm, pyplot
from helper import *
from IPython.display import clear_output, display
fig, ax = plt.subplots(figsize=(6, 9), ncols=1)
ax.imshow([[1]], cmap=cm.Greys_r).set_clim(0, 1)
fig, axes = pyplot.subplots(2, 3)
axes[1, 2].plot([1]); [axis.axis('off') for axis in axes.flat]
first, second = plt.subplots(nrows=2)[1]
plt.rcParams['figure.dpi'] = 100
with plt.style.context('ggplot'):
    plt.bar(range(3), [1, 2, 3])
plt.show(); clear_output(wait=True); helper.view_classify(1, 2, version='Fashion')
"""
PROGRESS = """
import tqdm
from tqdm.auto import tqdm as bar, trange
seen = [*bar([1, 2], desc='x', leave=False), *trange(3, 5), *tqdm.tqdm(total=3)]
steps = bar(range(5, 6)); steps.set_postfix(loss=1.0); seen += steps
with bar(total=1) as manual: manual.update(1)
"""
MISSING = importlib.util.find_spec("matplotlib") is None
without_plots = pytest.mark.skipif(not MISSING, reason="matplotlib is installed, and is taken")


def run(source: str) -> dict[str, object]:
    """Run code with the stand-ins and return its names."""
    names: dict[str, object] = {}
    with stand_ins():
        exec(source, names)  # noqa: S102 - the tests' own
    return names


@without_plots
def test_plots_of_any_kind_run_and_draw_nothing() -> None:
    """What notebooks draw with can be imported, called, indexed and unpacked."""
    assert "axes" in run(PLOTS)


def test_progress_bars_go_through_what_they_are_given() -> None:
    """A loop over a progress bar is the loop over what it was given."""
    assert run(PROGRESS)["seen"] == [1, 2, 3, 4, 5]


@without_plots
def test_afterwards_they_are_gone() -> None:
    """The grader itself finds no module that is not installed."""
    run(PLOTS)

    assert "matplotlib" not in sys.modules
    assert importlib.util.find_spec("matplotlib") is None


def test_other_missing_modules_stay_missing() -> None:
    """A stand-in for whatever a misspelled import names would hide the mistake."""
    with pytest.raises(ModuleNotFoundError, match="matplotlub"):
        run("import matplotlub")
