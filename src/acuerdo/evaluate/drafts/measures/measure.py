"""What a measure of drafts is: one group and its drafts in, one number per draft out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from acuerdo.domain.material import Material
from acuerdo.domain.sheets import Values
from acuerdo.ports import Watch, stop_if_asked


class Measure(Protocol):
    """Measures the drafts that one arm wrote for one group.

    `higher_is_better` is None where a number only describes (length). `measure` returns (drafts,),
    nan where the measure does not apply to a draft. The group's own statement is never read: a
    draft is held against the opinions alone. Raises Cancelled if the watcher stops.
    """

    @property
    def name(self) -> str: ...

    @property
    def higher_is_better(self) -> bool | None: ...

    def measure(self, material: Material, drafts: Sequence[str], watch: Watch) -> Values: ...


@dataclass(frozen=True, slots=True)
class DraftByDraft:
    """A measure that reads every draft by itself: `of(material, draft)` is its value."""

    name: str
    higher_is_better: bool | None
    of: Callable[[Material, str], float]

    def measure(self, material: Material, drafts: Sequence[str], watch: Watch) -> Values:
        """Return (drafts,)."""
        found = np.empty(len(drafts))
        for place, draft in enumerate(drafts):
            stop_if_asked(watch)
            found[place] = self.of(material, draft)
        return found
