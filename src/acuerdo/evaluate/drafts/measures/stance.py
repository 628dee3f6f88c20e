"""The seam under polarity: who can tell which side of a question a text takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from acuerdo.domain.sheets import Values


class StanceJudge(Protocol):
    """Tells whether texts take the side of "yes" to a question.

    `stance` returns the probability that each text is for it, (texts,), 0 to 1; near 0.5 where a
    text takes no side, nan where the judge cannot say at all (a question without two sides).
    """

    @property
    def name(self) -> str: ...

    def stance(self, question: str, texts: Sequence[str]) -> Values: ...
