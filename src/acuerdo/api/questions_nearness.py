"""How alike the questions of a corpus are: neighbours, closest pairs, near copies across splits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.questions import DebateQuestion
from acuerdo.ports import Vectors, Watch
from acuerdo.questions import nearest_others
from acuerdo.report import ALIKE, NearPair

BINS: Final = 20
PAIRS: Final = 40


def nearest_of_its_language(
    questions: Sequence[DebateQuestion], vectors: Vectors, watch: Watch
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Find each question's nearest other one of its language: a translation is no repetition."""
    language = np.array([question.language for question in questions])
    other = np.full(len(questions), -1, dtype=np.int64)
    similarity = np.full(len(questions), np.nan, dtype=np.float32)
    for code in np.unique(language):
        rows = np.flatnonzero(language == code)
        # A slice of a corpus in one language stays on the disk.
        own = vectors if len(rows) == len(vectors) else np.asarray(vectors[rows])
        near, similarity[rows] = nearest_others(own, watch)
        other[rows] = np.where(near >= 0, rows[near], -1)
    return other, similarity


def nearness_histogram(similarity: npt.NDArray[np.float32]) -> tuple[int, ...]:
    """Count cosines in BINS bins from 0 to 1; () if none is known."""
    known = similarity[np.isfinite(similarity)]
    if not len(known):
        return ()
    counts, _ = np.histogram(np.clip(known, 0, 1), bins=BINS, range=(0, 1))
    return tuple(counts.tolist())


def nearest_pairs(
    questions: Sequence[DebateQuestion],
    other: npt.NDArray[np.int64],
    similarity: npt.NDArray[np.float32],
) -> tuple[NearPair, ...]:
    """Return the PAIRS closest pairs of questions, closest first."""
    found: dict[tuple[int, int], float] = {}
    for row in np.argsort(-similarity, kind="stable")[: 2 * PAIRS].tolist():
        if other[row] >= 0:
            pair = (min(row, int(other[row])), max(row, int(other[row])))
            found.setdefault(pair, float(similarity[row]))
    return tuple(
        NearPair(questions[one].text, questions[two].text, near)
        for (one, two), near in list(found.items())[:PAIRS]
    )


def straddling(
    questions: Sequence[DebateQuestion],
    other: npt.NDArray[np.int64],
    similarity: npt.NDArray[np.float32],
) -> int | None:
    """Count questions with a near copy in another split; None where nothing is split."""
    splits = [question.split for question in questions]
    if not any(splits):
        return None
    near = np.flatnonzero(similarity >= ALIKE).tolist()
    return sum(1 for row in near if splits[row] != splits[int(other[row])])
