"""The seam under polarity: who can tell which side of a question a text takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from acuerdo.domain.sheets import Values


class StanceJudge(Protocol):
    """Tells whether texts take the side of "yes" to a question.

    `stance` returns the probability that each text is for it, (texts,), 0 to 1; near 0.5 where a
    text takes no side, nan where the judge cannot say at all (a question without two sides).
    """

    @property
    def name(self) -> str: ...

    def stance(self, question: str, texts: Sequence[str]) -> Values: ...


@dataclass(frozen=True, slots=True)
class KnownStances:
    """Stances that are known (people said so, or labelled it), from another judge elsewhere.

    `known` gives, for (question, text), the probability of being for it.
    """

    known: Mapping[tuple[str, str], float]
    judge: StanceJudge

    @property
    def name(self) -> str:
        return f"{self.judge.name}, opinions known"

    def stance(self, question: str, texts: Sequence[str]) -> Values:
        """Return P(for), (texts,)."""
        judged = self.judge.stance(question, texts)
        said = [self.known.get((question, text)) for text in texts]
        return np.array(
            [one if value is None else value for one, value in zip(judged, said, strict=True)]
        )
