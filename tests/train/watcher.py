"""Watchers that kill or stop training at a step."""

from __future__ import annotations

from acuerdo.ports import Progress


class Killed(RuntimeError):  # noqa: N818 - a kill, not a failure
    """Stands for a kill: nothing in the package catches it."""


class Watcher:
    """Sees everything; kills or stops at a step of training."""

    def __init__(self, *, kill_at: int = -1, stop_at: int = -1, stage: str = "") -> None:
        self.seen: list[Progress] = []
        self._kill_at, self._stop_at, self._stage = kill_at, stop_at, stage

    def report(self, progress: Progress) -> None:
        self.seen.append(progress)
        if progress.done == self._kill_at and self._stage in progress.stage:
            raise Killed

    def stopped(self) -> bool:
        return bool(self.seen) and self.seen[-1].done == self._stop_at
