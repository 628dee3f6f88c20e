"""Words and pairs of words as features: term frequency times inverse document frequency.

Salton & Buckley (1988), "Term-weighting approaches in automatic text retrieval"; the frequency is
damped to 1 + log(count), the inverse document frequency smoothed to 1 + log((1 + n) / (1 + d)).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

_WORD: Final = re.compile(r"[A-Za-z_]+|\?")
LEAST: Final = 2
"""A term must stand in so many texts."""


def terms(text: str) -> Counter[str]:
    """Count the words and pairs of neighbouring words in what rules read."""
    words = _WORD.findall(text)
    pairs = (f"{first} {second}" for first, second in pairwise(words))
    return Counter((*words, *pairs))


def rarity(texts: Sequence[str]) -> dict[str, float]:
    """Return the inverse document frequency of every term that stands in LEAST texts, sorted."""
    found: Counter[str] = Counter()
    for text in texts:
        found.update(terms(text).keys())
    return {
        term: 1 + math.log((1 + len(texts)) / (1 + count))
        for term, count in sorted(found.items())
        if count >= LEAST
    }


def unit_weights(text: str, rarities: Mapping[str, float]) -> dict[str, float]:
    """Return the terms of a text that are known, weighted, with Euclidean length 1."""
    weighted = {
        term: (1 + math.log(count)) * rarities[term]
        for term, count in terms(text).items()
        if term in rarities
    }
    length = math.sqrt(sum(weight * weight for weight in weighted.values())) or 1.0
    return {term: weight / length for term, weight in weighted.items()}
