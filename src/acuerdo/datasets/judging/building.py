"""Build tables of judgements column by column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from acuerdo.domain.judgements import Column
from acuerdo.domain.sheets import Positions

Voters = Literal["authors", "all"]
"""Whose judgements are read: of people whose own words are known, or of everybody."""


def constant(text: str, rows: int) -> Column:
    """Return a column that says the same in every row."""
    return Column((text,), np.zeros(rows, dtype=np.int64)) if rows else Column((), no_rows())


def chosen(texts: Sequence[str], codes: Positions) -> Column:
    """Return the column of `texts[code]` for every code; texts may repeat or go unused."""
    column = Column.of(texts)
    return column.take(codes) if len(codes) else Column((), no_rows())


def no_rows() -> Positions:
    """Return positions of nothing."""
    return np.empty(0, dtype=np.int64)


def last_of_each(first: Positions, second: Positions) -> Positions:
    """Return the positions, ascending, at which each pair (first, second) occurs last."""
    if not len(first):
        return no_rows()
    pair = first * (int(second.max()) + 1) + second
    _, backwards = np.unique(pair[::-1], return_index=True)
    found: npt.NDArray[np.int64] = np.sort(len(pair) - 1 - backwards).astype(np.int64)
    return found
