"""Stand-ins for what serves the person at the notebook, and progress bars for nobody."""

from __future__ import annotations

import importlib.util
import io
import sys
import threading
from contextlib import redirect_stderr

import pytest

from grader.guest.loading.progress_bars import quiet_progress_bars
from grader.guest.loading.standins import stand_ins

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
LOGS = """
from torch.utils.tensorboard import SummaryWriter
from torch.utils import tensorboard
import wandb
with SummaryWriter('runs') as writer:
    writer.add_scalar('loss', 0.5, 1)
tensorboard.SummaryWriter().close()
run = wandb.init(project='lab'); wandb.log({'loss': 0.5}); run.finish()
"""
PLATFORMS = """
import os
from google.colab import auth, drive, files, output, userdata
import google.colab.patches
from kaggle_secrets import UserSecretsClient
drive.mount('/content/drive'); output.clear(); auth.authenticate_user()
uploaded = files.upload()
names = [name for name in uploaded], len(uploaded)
os.environ['LAB_TEST_KEY'] = userdata.get('KEY') + UserSecretsClient().get_secret('KEY')
del os.environ['LAB_TEST_KEY']
"""
PROGRESS = """
import tqdm
from tqdm import tqdm_notebook
from tqdm.auto import tqdm as bar, trange
from tqdm.notebook import tqdm as in_notebook, trange as notebook_range
seen = [*bar([1, 2], desc='x', leave=False), *trange(3, 5), *in_notebook([5]), *notebook_range(1)]
steps = bar(range(6, 7)); steps.set_postfix(loss=1.0); seen += steps
with bar(total=4) as manual: manual.update(3)
counted = manual.n, len(bar([1, 2])), steps.format_dict['total'], manual.total
bar.write('told'); tqdm.tqdm.write('too')
"""
MISSING = [name for name in ("matplotlib", "tensorboard") if not importlib.util.find_spec(name)]


def run(source: str) -> dict[str, object]:
    """Run code with the stand-ins and return its names."""
    names: dict[str, object] = {}
    with stand_ins():
        exec(source, names)  # noqa: S102 - the tests' own
    return names


@pytest.mark.parametrize("source", [PLOTS, LOGS, PLATFORMS], ids=["plots", "logs", "platforms"])
def test_what_serves_the_person_at_the_notebook_does_nothing(source: str) -> None:
    """It can be imported, called, entered, indexed, gone through and unpacked."""
    if len(MISSING) < 2:
        pytest.skip("matplotlib or tensorboard is installed, and is taken")

    assert run(source)


def test_afterwards_they_are_gone() -> None:
    """The grader itself finds no module that is not installed."""
    before = set(sys.modules)
    run("import helper, google.colab, kaggle_secrets")

    assert not {"helper", "google.colab", "kaggle_secrets"} & (set(sys.modules) - before)
    assert importlib.util.find_spec("kaggle_secrets") is None


def test_other_missing_modules_stay_missing() -> None:
    """A stand-in for whatever a misspelled import names would hide the mistake."""
    for module in ("matplotlub", "google.generativeai"):
        with pytest.raises(ModuleNotFoundError, match=module):
            run(f"import {module}")


def test_a_stand_in_that_is_taken_for_a_number_says_what_it_is() -> None:
    """The student knows no class of ours."""
    with pytest.raises(TypeError, match="'stand-in for wandb' and 'int'"):
        run("import wandb\nwandb.config.lr > 1")


def test_progress_bars_count_and_show_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """A loop over a bar is the loop over what it was given; what it writes is printed."""
    quiet_progress_bars()
    threads, errors = threading.active_count(), io.StringIO()
    with redirect_stderr(errors):
        names = run(PROGRESS)

    assert names["seen"] == [1, 2, 3, 4, 5, 0, 6]
    assert names["counted"] == (3, 2, 1, 4)
    assert capsys.readouterr().out == "told\ntoo\n"
    assert not errors.getvalue()
    assert threading.active_count() == threads
