"""The terminal: results go to standard output, everything else to standard error."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress import Progress as Bars

from acuerdo.domain.errors import AcuerdoError, Cancelled, InputError, SettingsError
from acuerdo.ports import Progress

EXIT_FAILED: Final = 1
EXIT_BAD_INPUT: Final = 2
EXIT_INCOMPLETE: Final = 3
EXIT_CANCELLED: Final = 130

STAGES: Final = {
    "weights": "Fetching weights",
    "unpack": "Unpacking weights",
    "verify": "Checking weights",
    "load": "Loading the model",
    "draft": "Drafting statements",
    "read": "Reading the table",
    "predict": "Predicting agreement",
    "score": "Asking predictors",
    "measure": "Measuring drafts",
    "resample": "Resampling",
    "write": "Writing the table",
    "choose": "Choosing",
    "material": "Reading material",
    "tune": "Tuning",
    "validate": "Validating",
    "reference": "Reading the reference",
    "prefer": "Learning preferences",
    "groups": "Going through groups",
    "questions": "Writing questions",
    "screen": "Screening questions",
    "embed": "Embedding questions",
    "compare": "Comparing questions",
    "group": "Grouping questions",
    "name topics": "Naming topics",
    "split": "Dividing questions",
    "map": "Drawing the map",
}


IN_BYTES: Final = frozenset({"weights", "unpack", "verify", "read"})
LOG_SECONDS: Final = 30.0
"""How often a long job tells where it stands, where nobody can watch a bar."""


def stdout() -> Console:
    return Console(highlight=False)


def stderr() -> Console:
    return Console(stderr=True, highlight=False)


@contextmanager
def errors_in_words() -> Iterator[None]:
    """Print an error as a person reads it, and leave with the exit code of its kind."""
    try:
        yield
    except AcuerdoError as error:
        console = stderr()
        where = f"[bold]{escape(error.where)}[/]: " if error.where else ""
        opening = "" if isinstance(error, Cancelled) else "[red]Error[/] "
        console.print(f"{opening}{where}{escape(error.what)}", soft_wrap=True)
        if error.fix:
            console.print(f"  {escape(error.fix)}", soft_wrap=True)
        raise typer.Exit(_exit_code(error)) from error


def _exit_code(error: AcuerdoError) -> int:
    if isinstance(error, Cancelled):
        return EXIT_CANCELLED
    return EXIT_BAD_INPUT if isinstance(error, InputError | SettingsError) else EXIT_FAILED


class TerminalWatch:
    """Shows progress as bars and turns the first Ctrl-C into a request to stop cleanly."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}
        self._stop = threading.Event()
        self._lock = threading.Lock()

    def report(self, progress: Progress) -> None:
        with self._lock:
            if progress.stage not in self._tasks:
                label = STAGES.get(progress.stage, progress.stage)
                self._tasks[progress.stage] = self._bars.add_task(
                    label, total=progress.total, count="", note=""
                )
            self._bars.update(
                self._tasks[progress.stage],
                completed=progress.done,
                total=progress.total,
                count=_count(progress),
                note=escape(progress.note),
            )

    def stopped(self) -> bool:
        return self._stop.is_set()

    def interrupt(self, _number: int, _frame: FrameType | None) -> None:
        """Handle Ctrl-C: ask to stop; a second one stops at once."""
        if self._stop.is_set():
            raise KeyboardInterrupt
        self._stop.set()


class LogWatch(TerminalWatch):
    """Writes a line now and then instead of bars, for logs of jobs that run for hours."""

    def __init__(self, bars: Bars, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(bars)
        self._clock = clock
        self._told: dict[str, float] = {}

    def report(self, progress: Progress) -> None:
        with self._lock:
            now, stage = self._clock(), progress.stage
            due = now - self._told.get(stage, -LOG_SECONDS) >= LOG_SECONDS
            if not due and progress.done < progress.total:
                return
            self._told[stage] = now
        line = f"{STAGES.get(stage, stage)} {_count(progress)}  {progress.note}"
        stderr().print(line.rstrip(), soft_wrap=True, markup=False)


def _count(progress: Progress) -> str:
    if progress.stage in IN_BYTES:
        return f"{progress.done / 1e6:.0f}/{progress.total / 1e6:.0f} MB"
    return f"{progress.done}/{progress.total}"


@contextmanager
def watching(quiet: bool = False, *, log: bool = False) -> Iterator[TerminalWatch]:
    """Show progress on standard error while the block runs: bars on a terminal, else nothing.

    With `log`, for jobs that run for long, a line now and then where there is no terminal.
    """
    bars = Bars(
        SpinnerColumn(),
        TextColumn("{task.description:<22}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[count]}"),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[note]}"),
        console=stderr(),
        transient=not sys.stderr.isatty(),
        disable=quiet or not sys.stderr.isatty(),
    )
    in_lines = log and not quiet and not sys.stderr.isatty()
    watch = LogWatch(bars) if in_lines else TerminalWatch(bars)
    in_main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, watch.interrupt) if in_main else None
    try:
        with bars:
            yield watch
    finally:
        if in_main:
            signal.signal(signal.SIGINT, before)
