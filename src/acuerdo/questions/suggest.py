"""Suggest questions to discuss: different from one another, and no one-sided choice."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.errors import InputError
from acuerdo.domain.questions import DebateQuestion, Leaning
from acuerdo.ports import Vectors
from acuerdo.questions.search import ANY, QuestionIndex, Rows, Wanted, best_first, similarities

DIVERSITY: Final = 0.5
"""How much it counts that a question differs from those chosen, against how well it fits."""
SAME: Final = 0.85
"""A cosine from which on two questions are too alike for both to be suggested."""
_CHANCE: Final = 0.3
_POOL_PER_PICK: Final = 30
_SMALLEST_POOL: Final = 200
_NEAR_POOL_PER_PICK: Final = 8
"""Fewer are drawn near a text: what lies further away has nothing to do with it."""
_SIDES: Final[tuple[Leaning, ...]] = ("change", "keep")


def suggest_from(
    index: QuestionIndex,
    k: int,
    rng: np.random.Generator,
    *,
    wanted: Wanted = ANY,
    near: npt.NDArray[np.float32] | None = None,
    avoid: Collection[str] = (),
) -> tuple[DebateQuestion, ...]:
    """Return up to `k` questions that fit, chosen one by one by maximal marginal relevance.

    Each is the one with the highest (1 - DIVERSITY) * relevance - DIVERSITY * (highest cosine with
    those chosen before) in a pool drawn by `rng` (Carbonell and Goldstein 1998). Relevance is the
    cosine with the unit vector `near`; without it, a number drawn by `rng`. Where directions are
    known, a question in which a "yes" would change how things are takes turns with one in which it
    would keep them, unless `wanted` asks for one of the two. Questions whose ids are in `avoid`,
    and those that mean about the same, are left out; so are outliers of their topics as long as
    others are there. Fewer come back if fewer fit. Raises InputError if `k` is not positive.
    """
    if k < 1:
        raise InputError(f"{k} questions cannot be suggested", fix="Ask for 1 or more.")
    known = set(avoid)
    rows = _inside(index, index.rows(wanted), k)
    rows = _without(index, rows, [n for n, q in enumerate(index.questions) if q.id in known])
    pool = _pool(index, rows, k, rng, near)
    if not len(pool):
        return ()
    vectors = np.asarray(index.vectors[pool], dtype=np.float32)
    sides = [index.questions[row].leans for row in pool]
    # Without a wish any question is as good as another, and chance decides.
    relevance = (
        rng.uniform(0, _CHANCE, len(pool)).astype(np.float32) if near is None else vectors @ near
    )
    picked = _chosen(vectors, relevance, sides, k, balanced=not wanted.leans)
    return tuple(index.questions[pool[place]] for place in picked)


def _chosen(
    vectors: Vectors,
    relevance: npt.NDArray[np.float32],
    sides: list[Leaning],
    k: int,
    *,
    balanced: bool,
) -> list[int]:
    picked: list[int] = []
    nearest = np.full(len(vectors), -np.inf, dtype=np.float32)
    open_ = np.ones(len(vectors), dtype=bool)
    side = np.array([_SIDES.index(one) if one in _SIDES else -1 for one in sides])
    while len(picked) < k and open_.any():
        fitting = open_
        if balanced:
            change, keep = (int((side[picked] == number).sum()) for number in (0, 1))
            ahead = 0 if change > keep else 1 if keep > change else -1
            other = open_ & (side == 1 - ahead) if ahead >= 0 else open_
            # The side that is ahead waits as long as the other one has questions left.
            fitting = open_ & (side != ahead) if ahead >= 0 and other.any() else open_
        score = relevance if not picked else (1 - DIVERSITY) * relevance - DIVERSITY * nearest
        place = int(np.argmax(np.where(fitting, score, -np.inf)))
        picked.append(place)
        nearest = np.maximum(nearest, vectors @ vectors[place])
        open_ = open_ & (nearest < SAME)
        open_[place] = False
    return picked


def _pool(
    index: QuestionIndex,
    rows: Rows,
    k: int,
    rng: np.random.Generator,
    near: npt.NDArray[np.float32] | None,
) -> Rows:
    """Draw from each direction by itself, so that none is missing only because it is rare."""
    size = max(_SMALLEST_POOL, k * _POOL_PER_PICK) if near is None else k * _NEAR_POOL_PER_PICK
    if len(rows) <= size:
        return rows
    leans = np.array([index.questions[row].leans for row in rows])
    drawn = []
    for side in np.unique(leans):
        own = rows[leans == side]
        if near is None:
            drawn.append(rng.choice(own, min(size, len(own)), replace=False))
        else:
            drawn.append(own[best_first(similarities(index, near, own), size)])
    return np.sort(np.concatenate(drawn))


def _inside(index: QuestionIndex, rows: Rows, k: int) -> Rows:
    inside = np.array([row for row in rows if not index.questions[row].outlier], dtype=np.int64)
    return inside if len(inside) >= k else rows


def _without(index: QuestionIndex, rows: Rows, avoided: list[int]) -> Rows:
    """Return the rows that are none of the avoided and do not mean about the same as one."""
    if not avoided or not len(rows):
        return rows
    alike = np.zeros(len(rows), dtype=bool)
    for row in avoided:
        alike |= similarities(index, np.asarray(index.vectors[row]), rows) >= SAME
    return rows[~alike & ~np.isin(rows, avoided)]
