"""Rows sorted into levels and counted by person, so that a resample is one matrix product.

Resampling people changes how often their rows count, not where rows stand. With every person's rows
counted by level, (people, levels), any number of draws is a product of weights and counts. Levels
are exact where scores take few values; otherwise they hold equal shares of rows, and measures add
what the exact value differs by to every draw.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from acuerdo.domain.sheets import Positions, Values

LEVELS: Final = 128


def levels_of(group: Positions, score: Values, levels: int = LEVELS) -> Positions:
    """Return each row's level within its group, from 0, by its middle rank there, (rows,).

    Equal scores of a group share a level.
    """
    if not len(score):
        return np.empty(0, dtype=np.int64)
    order = np.lexsort((score, group))
    sorted_group, sorted_score = group[order], score[order]
    starts = np.ones(len(order), dtype=np.bool_)
    starts[1:] = (sorted_group[1:] != sorted_group[:-1]) | (sorted_score[1:] != sorted_score[:-1])
    first = np.flatnonzero(starts)
    middle = first + np.diff(np.append(first, len(order))) / 2
    _, begin, code, size = np.unique(
        sorted_group, return_index=True, return_inverse=True, return_counts=True
    )
    within = (middle[np.cumsum(starts) - 1] - begin[code]) * levels / size[code]
    found = np.empty(len(order), dtype=np.int64)
    found[order] = np.minimum(within.astype(np.int64), levels - 1)
    return found


def counted(person: Positions, level: Positions, people: int, levels: int = LEVELS) -> Values:
    """Count rows by person and level, (people, levels)."""
    counts = np.bincount(person * levels + level, minlength=people * levels)
    return counts.reshape(people, levels).astype(np.float64)
