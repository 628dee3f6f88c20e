"""Vectors in clear crowds, and questions to go with them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from acuerdo.domain.questions import DebateQuestion


def blobs(
    sizes: Sequence[int], *, dimensions: int = 8, spread: float = 0.08, seed: int = 0
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Return unit vectors around one axis for each size, shuffled, and which crowd each is of."""
    rng = np.random.default_rng(seed)
    truth = np.repeat(np.arange(len(sizes)), sizes)
    vectors = np.eye(len(sizes), dimensions)[truth] + rng.normal(
        0, spread, (len(truth), dimensions)
    )
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    shuffled = rng.permutation(len(truth))
    return vectors[shuffled].astype(np.float32), truth[shuffled]


def asked(texts: Sequence[str], language: str = "en") -> tuple[DebateQuestion, ...]:
    """Return a question for each text, under the ids q000, q001, ..."""
    return tuple(
        DebateQuestion(f"q{place:03d}", text, language) for place, text in enumerate(texts)
    )


def same_groups(first: npt.NDArray[np.int64], second: npt.NDArray[np.int64]) -> bool:
    """Tell whether two labellings group alike, whatever the numbers."""
    pairs = set(zip(first.tolist(), second.tolist(), strict=True))
    return len(pairs) == len(set(first.tolist())) == len(set(second.tolist()))
