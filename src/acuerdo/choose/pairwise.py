"""Every pair of candidates against each other: who beats whom, how strongly, by which paths.

Matrices are candidates x candidates; entry `[a, b]` always speaks for `a` against `b`.
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from acuerdo.domain.ballots import Ballots, BoolMatrix, IntMatrix, IntVector

Strength = Literal["winning_votes", "margins"]
"""What a defeat weighs: the votes of the winning side, or the difference of both sides."""

RankColumns = npt.NDArray[np.unsignedinteger]
"""Ranks as (candidates, rows) of an unsigned type; a candidate left out has its largest value."""

_LANES: Final = 8
_WORDS_BEFORE_A_LANE_OVERFLOWS: Final = 255
_FLAGS_AT_ONCE: Final = 2**20


def preferences(ballots: Ballots) -> IntMatrix:
    """Count the ballots that prefer each candidate to each other one.

    A ranked candidate is preferred to every unranked one; ties and two unranked candidates count
    for neither side.
    """
    columns = rank_columns(ballots)
    candidates, rows = columns.shape
    counted = np.zeros((candidates, candidates), dtype=np.int64)
    step = max(1, _FLAGS_AT_ONCE // max(1, candidates * rows))
    for start in range(0, candidates, step):
        stop = start + step
        preferred = columns[start:stop, None, :] < columns[None, :, :]
        counted[start:stop] = count_ballots(preferred, ballots.counts)
    return counted


def rank_columns(ballots: Ballots) -> RankColumns:
    """Return ranks one row per candidate, so that comparing two candidates reads memory in order.

    The cast turns UNRANKED (-1) into the largest value of the type: below every rank.
    """
    ranks = ballots.ranks
    small = ranks.max(initial=0) < np.iinfo(np.uint8).max
    return np.ascontiguousarray(ranks.T.astype(np.uint8 if small else np.uint64))


def first_places(columns: RankColumns) -> BoolMatrix:
    """Flag the candidates that each ballot ranks highest; nobody where it ranks nobody.

    Shape (..., candidates, rows), kept.
    """
    best = columns.min(axis=-2, keepdims=True)
    return np.asarray((columns == best) & (best != np.iinfo(columns.dtype).max))


def count_ballots(flags: npt.NDArray[np.bool_], counts: IntVector) -> IntMatrix:
    """Add up `counts` over the flagged rows; flags (..., rows), at least two axes, gives (...).

    Row counts are taken apart into powers of two, so that each power needs plain counting only.
    """
    total = np.zeros(flags.shape[:-1], dtype=np.int64)
    for bit in range(int(counts.max(initial=0)).bit_length()):
        rows = (counts >> bit) & 1 == 1
        total += _count_true(flags if rows.all() else flags[..., rows]) << bit
    return total


def _count_true(flags: npt.NDArray[np.bool_]) -> IntMatrix:
    """Count along the last axis, eight flags in one addition: each byte of a word is a counter."""
    *others, rows = flags.shape
    if rows % _LANES:
        padded = np.zeros((*others, rows + _LANES - rows % _LANES), dtype=np.bool_)
        padded[..., :rows] = flags
    else:
        padded = np.ascontiguousarray(flags)
    words = padded.view(np.uint64)
    total = np.zeros(others, dtype=np.int64)
    for start in range(0, words.shape[-1], _WORDS_BEFORE_A_LANE_OVERFLOWS):
        lanes = np.add.reduce(words[..., start : start + _WORDS_BEFORE_A_LANE_OVERFLOWS], axis=-1)
        total += lanes.view(np.uint8).reshape(*others, _LANES).sum(axis=-1, dtype=np.int64)
    return total


def defeats(preferred: IntMatrix, strength: Strength) -> IntMatrix:
    """Weigh every defeat; 0 where the row candidate does not beat the column candidate."""
    margins = preferred - preferred.T
    return np.where(margins > 0, preferred if strength == "winning_votes" else margins, 0)


def widest_paths(strengths: IntMatrix) -> IntMatrix:
    """Return the strength of the strongest path between any two candidates, 0 where there is none.

    A path is as strong as its weakest defeat (the Floyd-Warshall scheme, one outer step for each
    candidate that paths may pass through; Schulze 2011, doi:10.1007/s00355-010-0475-4).
    """
    paths = strengths.copy()
    for through in range(len(paths)):
        np.maximum(paths, np.minimum(paths[:, through, None], paths[None, through, :]), out=paths)
    np.fill_diagonal(paths, 0)
    return paths


def transitive_closure(relation: BoolMatrix) -> BoolMatrix:
    """Relate `a` to `b` where a chain of any length leads from `a` to `b`."""
    reached = relation
    while True:
        steps = reached.astype(np.float32)
        further = reached | (steps @ steps > 0)
        if np.count_nonzero(further) == np.count_nonzero(reached):
            return further
        reached = further


def split_cycle_defeats(strengths: IntMatrix) -> BoolMatrix:
    """Keep the defeats that are not the weakest of any majority cycle.

    Holliday and Pacuit 2023, doi:10.1007/s11127-022-01018-4: `a` defeats `b` unless a path of
    defeats leads back from `b` to `a`, each at least as strong.
    """
    return (strengths > 0) & (strengths > widest_paths(strengths).T)


def condorcet_winner(preferred: IntMatrix) -> int | None:
    """Return the candidate that beats every other one, None if there is none."""
    beaten = (preferred > preferred.T).sum(axis=1)
    found = np.flatnonzero(beaten == len(preferred) - 1)
    return int(found[0]) if found.size else None


def condorcet_loser(preferred: IntMatrix) -> int | None:
    """Return the candidate that loses to every other one, None if there is none."""
    return condorcet_winner(preferred.T)
