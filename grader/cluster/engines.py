"""The engines that `grade` can be asked for, by name."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.runs.engine import Plan
    from grader.runs.engines.engine import Engine

__all__ = ["EngineName", "engine_named"]


class EngineName(StrEnum):
    """Where submissions are graded."""

    LOCAL = "local"
    DASK = "dask"


def engine_named(name: EngineName, scheduler: str) -> Callable[[Plan], Engine]:
    """Return what makes an engine for a plan.

    Args:
        name: which.
        scheduler: the address of the one that it is to use; empty for none.

    Raises:
        UsageError: it has no use for a scheduler, or a package is not there.
    """
    return {EngineName.LOCAL: _local, EngineName.DASK: _dask}[name](scheduler)


def _local(scheduler: str) -> Callable[[Plan], Engine]:
    if scheduler:
        raise UsageError("--scheduler is about a Dask cluster: add --engine dask")
    from grader.runs.engine import worker_settings
    from grader.runs.engines.local import LocalEngine

    return lambda plan: LocalEngine(worker_settings(plan), plan.jobs)


def _dask(scheduler: str) -> Callable[[Plan], Engine]:
    try:
        from grader.cluster.engine import DaskEngine
    except ModuleNotFoundError as error:
        raise UsageError(
            f"--engine dask needs the package {error.name}: "
            "run `python -m pip install 'nn-training-lab[dask]'`"
        ) from error
    from grader.cluster.order import Order
    from grader.runs.engine import worker_settings

    return lambda plan: DaskEngine(
        Order.of(plan.course, worker_settings(plan)), scheduler, plan.jobs
    )
