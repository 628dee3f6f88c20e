"""How training went and goes: one point of the curves per validation, a note on the way."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """Training loss since the last point and validation loss, per person; `pairwise` is how often
    two statements that a person rated differently are put in their order, nan without such."""

    phase: str
    step: int
    training_loss: float
    validation_loss: float
    pairwise: float


class Speed:
    """Counts rows and tells how fast they go and how long the rest takes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._start = clock()
        self._rows = 0
        self._steps = 0

    def note(self, rows: int, left: int, loss: float) -> str:
        """Return e.g. "loss 0.6931, 120 pairs/s, 3 min left", after one more step of `rows`."""
        self._rows += rows
        self._steps += 1
        spent = max(self._clock() - self._start, 1e-9)
        seconds = spent / self._steps * left
        rest = f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
        return f"loss {loss:.4f}, {self._rows / spent:.0f} pairs/s, {rest} left"
