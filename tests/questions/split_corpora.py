"""Corpora for tests of splits: topics as clouds of vectors, near-duplicates within and across."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from acuerdo.domain.questions import DebateQuestion
from acuerdo.ports import Vectors

DIMENSIONS = 64


def units(values: np.ndarray) -> Vectors:
    found = values / np.linalg.norm(values, axis=1, keepdims=True)
    return np.asarray(found, np.float32)


def corpus(
    sizes: Sequence[int], seed: int = 0, repeats: float = 0.2, across: int = 0
) -> tuple[list[DebateQuestion], Vectors]:
    """Return questions of topics of given sizes, and their vectors.

    A share of `repeats` nearly repeats another of its topic, and `across` questions nearly repeat
    one of another topic.
    """
    random = np.random.default_rng(seed)
    topics = np.repeat(np.arange(len(sizes)), sizes)
    middles = units(random.normal(size=(len(sizes), DIMENSIONS)))
    values = units(middles[topics] + units(random.normal(size=(len(topics), DIMENSIONS))))
    for row in np.flatnonzero(random.random(len(topics)) < repeats).tolist():
        mates = np.flatnonzero(topics == topics[row])
        values[row] = values[random.choice(mates)]
    for row in random.choice(len(topics), across, replace=False).tolist():
        values[row] = values[random.choice(np.flatnonzero(topics != topics[row]))]
    values = units(values + 0.2 * units(random.normal(size=values.shape)))
    return questions(topics.tolist()), values


def questions(topics: Sequence[int], prefix: str = "q") -> list[DebateQuestion]:
    return [
        DebateQuestion(id=f"{prefix}{number:04}", text=f"Question {prefix} {number}?", topic=topic)
        for number, topic in enumerate(topics)
    ]
