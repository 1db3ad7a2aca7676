"""The code of a course that runs beside its suites and its submissions, and its three hooks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from pkgutil import resolve_name
from typing import Any

from grader.courses.code.imported import import_closure
from grader.courses.code.shared_modules import BESIDE, KIT, shared_modules
from grader.errors import GraderError, UsageError

__all__ = ["CHECKS", "HIDDEN", "CourseCode", "Hooks"]

DATA = "data"
SUITES = CHECKS, HIDDEN = "checks", "hidden"


@dataclass(frozen=True)
class Hooks:
    """Functions of a course's that the grader asks, as `kit.pictures:files`; empty for none.

    Attributes:
        data: `() -> list of paths`, on the judge's side: which files submissions may read besides
            the course's `data`.
        prepare: `(files, code)`, beside a submission: make ready what its code may use. `files` is
            where those of `data` are there; `code` is the submission's, in bytes, or None where
            all are prepared for at once.
        cause: `(error) -> str`, beside a submission: the mistake behind what a notebook's cell
            raised; empty where that is not known.
    """

    data: str = ""
    prepare: str = ""
    cause: str = ""


DATA = "data"


@dataclass(frozen=True)
class CourseCode:
    """What of a course is run.

    Attributes:
        folder: the course's.
        hooks: which of its functions the grader asks.
    """

    folder: Path
    hooks: Hooks = Hooks()

    @property
    def beside(self) -> Path | None:
        """The modules that go into the sandbox with a submission; None where there are none."""
        return self._folder(BESIDE)

    @property
    def data(self) -> Path | None:
        """The folder that submissions may read as `data`; None where there is none."""
        return self._folder(DATA)

    def _folder(self, name: str) -> Path | None:
        folder = self.folder / name
        return folder.resolve() if folder.is_dir() else None

    @property
    def roots(self) -> dict[str, Path]:
        """Its folders of code, by the names that they are imported by."""
        return {name: self.folder / name for name in (*SUITES, BESIDE, KIT)}

    @cached_property
    def hook_files(self) -> frozenset[str]:
        """What its hooks need of `kit` and `beside`, as `beside/pictures.py`."""
        hooks = filter(None, (self.hooks.data, self.hooks.prepare, self.hooks.cause))
        modules = (hook.partition(":")[0].replace(".", "/") for hook in hooks)
        return import_closure((f"{module}.py" for module in modules), self.roots)

    def behind(self, suite: Path) -> frozenset[str]:
        """Return the files that a suite is made of: `hidden/hw1.py`, `kit/tables.py`."""
        return import_closure([f"{suite.parent.name}/{suite.name}"], self.roots)

    def kit_of(self, suite: Path) -> list[str]:
        """Name the modules that it shares with others on the judge's side."""
        return [_module_in(file) for file in sorted(self.behind(suite)) if _is_in(KIT, file)]

    def beside_of(self, suite: Path) -> list[str]:
        """Name the modules that its probes may need, also those that they import on the way."""
        return [_module_in(file) for file in sorted(self.behind(suite)) if _is_in(BESIDE, file)]

    def unfit_for_guests(self, suite: Path) -> list[str]:
        """Name what those modules import, and no submission has: what is on the judge's side."""
        beside = filter(partial(_is_in, BESIDE), self.behind(suite))
        return [
            _module_in(file)
            for file in sorted(import_closure(beside, self.roots))
            if not _is_in(BESIDE, file)
        ]

    def data_files(self) -> tuple[Path, ...]:
        """Ask the hook `data`; without one there are none.

        Raises:
            UsageError: it can't be asked, or names what is not there; the message names the hook.
        """
        if not self.hooks.data:
            return ()
        files = tuple(map(Path, self._ask("data", self.hooks.data)))
        lacking = [file for file in files if not file.is_file()]
        if lacking:
            raise self._error("data", self.hooks.data, f"{lacking[0]} is no file")
        if len({file.name for file in files}) < len(files):
            raise self._error("data", self.hooks.data, "two of its files have one name")
        return files

    def prepare_for(self, code: bytes | None) -> None:
        """Ask the hook `prepare` in this process.

        Args:
            code: the submission's.

        Raises:
            UsageError: it can't be asked; the message names the hook.
        """
        if self.hooks.prepare:
            self._ask("prepare", self.hooks.prepare, self.data_files(), code)

    def _ask(self, kind: str, hook: str, *values: object) -> Any:
        with shared_modules(self.folder):
            try:
                return resolve_name(hook)(*values)
            except GraderError:
                raise
            except Exception as error:
                raised = f"{type(error).__name__}: {error}"
                raise self._error(kind, hook, raised) from error

    def _error(self, kind: str, hook: str, words: str) -> UsageError:
        return UsageError(f"{self.folder / 'course.toml'}: {kind} = {hook!r}: {words}")


def _is_in(room: str, file: str) -> bool:
    return PurePosixPath(file).parts[0] == room


def _module_in(file: str) -> str:
    return ".".join(PurePosixPath(file).with_suffix("").parts)
