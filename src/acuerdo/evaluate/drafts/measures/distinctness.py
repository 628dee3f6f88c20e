"""Distinctness: how different the drafts of one arm for one group are from each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from acuerdo.domain.material import Material
from acuerdo.domain.sheets import Values
from acuerdo.domain.text import comparable, words
from acuerdo.ports import Embedder, Watch, stop_if_asked


@dataclass(frozen=True, slots=True)
class WordDistinctness:
    """A draft's mean distance in words from the others: 1 minus Dice's coefficient of word pairs.

    nan where an arm has one draft. The mean over drafts is the mean over pairs of drafts.
    """

    name: str = "distinct words"
    higher_is_better: bool | None = True

    def measure(self, material: Material, drafts: Sequence[str], watch: Watch) -> Values:
        """Return (drafts,), 0 to 1: 0 where all drafts are the same."""
        del material
        stop_if_asked(watch)
        pairs = [Counter(pairwise(words(comparable(draft)))) for draft in drafts]
        alike = np.array([[_dice(one, other) for other in pairs] for one in pairs])
        return mean_distance(alike.reshape(len(drafts), len(drafts)))


@dataclass(frozen=True, slots=True)
class MeaningDistinctness:
    """A draft's mean distance in meaning from the others: 1 minus the cosine of embeddings."""

    embedder: Embedder
    name: str = "distinct meaning"
    higher_is_better: bool | None = True

    def measure(self, material: Material, drafts: Sequence[str], watch: Watch) -> Values:
        """Return (drafts,), 0 to 2; nan where an arm has one draft."""
        del material
        stop_if_asked(watch)
        if not drafts:
            return np.empty(0)
        vectors = self.embedder.embed(drafts).astype(np.float64)
        return mean_distance(vectors @ vectors.T)


def mean_distance(alike: Values) -> Values:
    """Return 1 minus the mean likeness of each to all others, from (drafts, drafts)."""
    others = len(alike) - 1
    if others < 1:
        return np.full(len(alike), np.nan)
    return np.asarray(1 - (alike.sum(axis=1) - np.diagonal(alike)) / others)


def _dice(one: Counter[tuple[str, str]], other: Counter[tuple[str, str]]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0
