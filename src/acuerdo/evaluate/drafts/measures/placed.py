"""A stance judge that reads meaning: the trained preference model's map of stances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from acuerdo.domain.sheets import Values
from acuerdo.evaluate.drafts.measures.asked import asked
from acuerdo.evaluate.drafts.measures.stance import StanceJudge
from acuerdo.ports import Embedder
from acuerdo.predict import PreferenceModel

SHARPNESS: Final = 2.0
"""Logits per unit of difference between likeness to "yes" and to "no"; set by hand."""
_TINY: Final = 1e-6


@dataclass(frozen=True, slots=True)
class PlacedJudge:
    """Asks whether a text stands nearer to "yes" or to "no" on the model's map of stances.

    The map was trained on arguments of the training split. `tuned` is the model's own encoder.
    """

    model: PreferenceModel
    tuned: Embedder
    name: str = "stance map"

    def stance(self, question: str, texts: Sequence[str]) -> Values:
        """Return P(for), (texts,); nan where the question has not two sides."""
        read = asked(question)
        if read is None or not texts:
            return np.full(len(texts), np.nan)
        vectors = self.tuned.embed([question, read.yes, read.no, *texts])
        stances = self.model.stance(vectors[0], vectors[1:]).astype(np.float64)
        nearer = stances[2:] @ (stances[0] - stances[1])
        return np.asarray(1 / (1 + np.exp(-SHARPNESS * nearer)))


@dataclass(frozen=True, slots=True)
class JoinedJudge:
    """Adds up what several judges say, as logits: their mistakes are of different kinds."""

    judges: tuple[StanceJudge, ...]

    @property
    def name(self) -> str:
        return " + ".join(judge.name for judge in self.judges)

    def stance(self, question: str, texts: Sequence[str]) -> Values:
        """Return P(for), (texts,); nan where any of them cannot say."""
        found = [judge.stance(question, texts) for judge in self.judges]
        chances = [np.clip(said, _TINY, 1 - _TINY) for said in found]
        logits = np.sum([np.log(chance / (1 - chance)) for chance in chances], axis=0)
        return np.asarray(1 / (1 + np.exp(-logits)))
