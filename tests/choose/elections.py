"""Ballots for the tests of this room, from short notations."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from acuerdo.domain.ballots import UNRANKED, Ballots, ranks_from_ratings


def ranked(*ballots: str, counts: Sequence[int] = ()) -> Ballots:
    """Return ballots from texts such as "A>BC>D"; whoever is missing is unranked."""
    names = tuple(sorted(set("".join(ballots)) - {">"}))
    ranks = np.full((len(ballots), len(names)), UNRANKED)
    for row, ballot in zip(ranks, ballots, strict=True):
        for level, tied in enumerate(ballot.split(">")):
            row[[names.index(name) for name in tied]] = level
    return Ballots(ranks, names, _counts(counts, len(ballots)))


def rated(ratings: Sequence[Sequence[float]], counts: Sequence[int] = ()) -> Ballots:
    """Return ballots from ratings (voters x candidates), ranked accordingly."""
    matrix = np.array(ratings, dtype=np.float64)
    names = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: matrix.shape[1]])
    return Ballots(ranks_from_ratings(matrix), names, _counts(counts, len(matrix)), matrix)


def random_ranked(
    rng: np.random.Generator, candidates: int, rows: int, *, most: int = 3, strict: bool = False
) -> Ballots:
    """Return random ballots; ties and gaps unless `strict`; counts up to `most`."""
    ranks = rng.integers(UNRANKED, candidates, size=(rows, candidates))
    if strict:
        ranks = np.argsort(rng.random((rows, candidates)), axis=1)
    names = tuple(f"candidate {column}" for column in range(candidates))
    return Ballots(ranks, names, rng.integers(1, most + 1, size=rows))


def random_rated(rng: np.random.Generator, candidates: int, rows: int, *, most: int = 3) -> Ballots:
    """Return random ballots with whole ratings on 1-7; counts up to `most`."""
    ratings = rng.integers(1, 8, size=(rows, candidates))
    return rated(ratings.tolist(), rng.integers(1, most + 1, size=rows).tolist())


def _counts(counts: Sequence[int], rows: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(counts or [1] * rows, dtype=np.int64)
