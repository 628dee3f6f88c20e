"""What changes while a run goes on, apart from weights and optimiser, and how it stands."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from acuerdo.train.progress import Point


@dataclass(slots=True)
class Diary:
    """`step` counts steps done, `losses` are those since the last point of the curves.

    `seconds` on the clock, those of them in steps (`stepping`) and `tokens` are summed over all
    sittings; `waited` counts validations since the best.
    """

    phase: str
    step: int = 0
    losses: list[float] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    samples: list[dict[str, Any]] = field(default_factory=list)
    best: float | None = None
    best_step: int = 0
    waited: int = 0
    seconds: float = 0.0
    stepping: float = 0.0
    tokens: int = 0

    def validated(self, loss: float, pairwise: float = math.nan) -> bool:
        """Note a validation; return whether the loss is the best so far.

        It counts as such if it is nan: nothing is held out.
        """
        training = sum(self.losses) / len(self.losses) if self.losses else math.nan
        self.points.append(Point(self.phase, self.step, training, loss, pairwise))
        self.losses = []
        if math.isnan(loss):
            self.best_step = self.step
            return True
        if self.best is not None and loss >= self.best:
            self.waited += 1
            return False
        self.best, self.best_step, self.waited = loss, self.step, 0
        return True

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def diary_of(kept: Mapping[str, Any]) -> Diary:
    """Read back what `Diary.as_json` gave."""
    return Diary(**{**kept, "points": [Point(**point) for point in kept["points"]]})


class Pace:
    """Tells tokens per second and how long the rest takes; validations are not counted in."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun = self._told = self._kept = clock()
        self._spent = 0.0
        self._tokens = 0
        self._steps = 0

    def begin(self) -> None:
        """Note that a step begins."""
        self._begun = self._clock()

    def step(self, tokens: int) -> float:
        """Note that a step of so many tokens is over; return the seconds it took."""
        spent = self._clock() - self._begun
        self._spent += spent
        self._tokens += tokens
        self._steps += 1
        return spent

    def wall(self) -> float:
        """Return the seconds since this was last asked."""
        before, self._told = self._told, self._clock()
        return self._told - before

    def since_kept(self) -> float:
        """Return the seconds since the last checkpoint."""
        return self._clock() - self._kept

    def kept(self) -> None:
        """Note that a checkpoint was written."""
        self._kept = self._clock()

    def note(self, left: int) -> str:
        """Return e.g. "330 tokens/s, 12 min left" with so many steps left."""
        spent = max(self._spent, 1e-9)
        seconds = spent / max(self._steps, 1) * left
        rest = f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
        return f"{self._tokens / spent:.0f} tokens/s, {rest} left"
