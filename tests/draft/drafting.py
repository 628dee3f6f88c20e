"""What the tests of the model drafter share."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from acuerdo.domain.completions import Completion, Fault, Request
from acuerdo.domain.rounds import Round
from acuerdo.draft import ModelDrafter
from acuerdo.guard import StandardScreen
from acuerdo.llm import ScriptedModel
from acuerdo.ports import Drafting, Progress, Unwatched, Watch
from tests.factories import make_round

NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def statement(seed: int) -> str:
    """Return a statement of its own for every seed, unlike the others in most words."""
    digits = [NUMBERS[int(digit)] for digit in str(seed)]
    return f"We want {' '.join(digits)} buses to pass."


def model_from(script: Callable[[Request], str | Completion | Fault]) -> ScriptedModel:
    return ScriptedModel(script)


def good_model() -> ScriptedModel:
    return ScriptedModel(lambda request: statement(request.seed))


def draft(
    drafter: ModelDrafter,
    round_: Round | None = None,
    *,
    seed: int = 1,
    watch: Watch | None = None,
) -> Drafting:
    rng = np.random.default_rng(seed)
    return drafter.draft(round_ or make_round(), StandardScreen(), rng, watch or Unwatched())


class Witness:
    """Keeps the progress it sees, and stops when told to."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.seen: list[Progress] = []
        self._stop_after = stop_after

    def report(self, progress: Progress) -> None:
        self.seen.append(progress)

    def stopped(self) -> bool:
        return self._stop_after is not None and len(self.seen) > self._stop_after
