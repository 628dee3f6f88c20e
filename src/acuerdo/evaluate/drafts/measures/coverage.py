"""Coverage: whose main point is in a draft, and how little there is of the least covered person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from acuerdo.domain.material import Material
from acuerdo.domain.sheets import Values
from acuerdo.evaluate.drafts.measures.support import parts_of, support
from acuerdo.ports import Embedder, Watch, stop_if_asked

COVERED: Final = 0.44
"""Support from which a person's point counts as taken up: see docs/drafting_measures.md."""


def covered(opinions: Sequence[str], draft: str, embedder: Embedder) -> Values:
    """Return how far each person's best reflected sentence is in a draft, (people,), 0 to 1."""
    parts = [parts_of(opinion) for opinion in opinions]
    owner = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    found = support(parts_of(draft), [text for part in parts for text in part], embedder)
    return np.array([found[:, owner == person].max() for person in range(len(parts))])


@dataclass(frozen=True, slots=True)
class Coverage:
    """The share of people whose point is in a draft, or how far the least covered person's is."""

    embedder: Embedder
    of: Literal["share", "least"] = "share"
    threshold: float = COVERED
    higher_is_better: bool | None = True

    @property
    def name(self) -> str:
        return "coverage" if self.of == "share" else "least covered"

    def measure(self, material: Material, drafts: Sequence[str], watch: Watch) -> Values:
        """Return (drafts,), 0 to 1."""
        found = np.empty(len(drafts))
        for place, draft in enumerate(drafts):
            stop_if_asked(watch)
            people = covered(material.opinions, draft, self.embedder)
            found[place] = (
                float((people >= self.threshold).mean()) if self.of == "share" else people.min()
            )
        return found
