"""Arms of an experiment: scorers by name, one for all parts of the data or one for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

from acuerdo.domain.errors import SettingsError
from acuerdo.domain.sheets import Sheet, Values
from acuerdo.ports import Scorer

EVERY_PART: Final = ""


@runtime_checkable
class IntervalScorer(Protocol):
    """A scorer that also promises intervals of its own, such as conformal ones."""

    def interval(self, sheet: Sheet, level: float) -> tuple[Values, Values]:
        """Return lower and upper ends on 1-7 that hold a share `level` of ratings, (pairs,)."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Arm:
    """What is compared under one name: `scorers` by part of the data, or one under `EVERY_PART`.

    A model trained anew for every fold is one arm with a scorer for each. `fingerprint` changes
    whenever the scorer's answers may: kept forecasts of another fingerprint are not used.
    """

    name: str
    scorers: Mapping[str, Scorer]
    fingerprint: str = ""

    @classmethod
    def of(cls, scorer: Scorer, name: str = "", fingerprint: str = "") -> Arm:
        """Return an arm with one scorer for all parts."""
        return cls(name or scorer.name, {EVERY_PART: scorer}, fingerprint)

    def scorer(self, part: str) -> Scorer:
        """Return the scorer for a part; raises SettingsError if the arm has none."""
        found = self.scorers.get(part) or self.scorers.get(EVERY_PART)
        if found is None:
            raise SettingsError(
                f"the arm {self.name!r} has no scorer for the part {part!r}",
                where=f"arm {self.name}",
                fix="Name one for every part, or one for all.",
            )
        return found
