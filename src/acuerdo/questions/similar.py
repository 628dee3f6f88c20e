"""All pairs of questions that are more alike than a threshold, and the groups they form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.ports import Progress, Vectors, Watch, stop_if_asked
from acuerdo.questions.neighbours import ApproximateNeighbours
from acuerdo.questions.vectors import blocks

Rows = npt.NDArray[np.intp]

ALL_PAIRS_UP_TO: Final = 50_000
"""Questions up to which every pair is compared: 1.25 10^9 products of 512 numbers."""
NEIGHBOURS_EACH: Final = 32
"""How many neighbours of each question are looked at where there are more."""
_CELLS: Final = 1 << 24


def similar_pairs(
    vectors: npt.NDArray[np.floating],
    threshold: float,
    watch: Watch,
    *,
    all_pairs_up_to: int = ALL_PAIRS_UP_TO,
) -> tuple[Rows, Rows]:
    """Return the pairs (left < right) of rows whose cosine is at least the threshold.

    `vectors` are unit vectors, shape (questions, dimensions), of any precision. Up to
    `all_pairs_up_to` rows none is missed. Above, the NEIGHBOURS_EACH nearest of each row are found
    approximately: who has more neighbours than that above the threshold is paired with the nearest
    of them, so that dense groups still hang together, but are not listed in full. Raises Cancelled
    if the watcher stops, SettingsError above `all_pairs_up_to` without usearch.
    """
    if len(vectors) <= all_pairs_up_to:
        found = _all_pairs(vectors, threshold, watch)
    else:
        found = _near_pairs(vectors, threshold, watch)
    if not found:
        return np.empty(0, np.intp), np.empty(0, np.intp)
    left, right = np.concatenate(found, axis=1)
    return left, right


def groups_of(count: int, left: Rows, right: Rows) -> Rows:
    """Return for each of `count` rows the first row of its group: of those that pairs connect."""
    parent = list(range(count))

    def root(row: int) -> int:
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        first, second = sorted((root(one), root(other)))
        parent[second] = first
    return np.array([root(row) for row in range(count)], np.intp)


def straddling_pairs(
    splits: Sequence[str], vectors: npt.NDArray[np.floating], threshold: float, watch: Watch
) -> list[tuple[int, int]]:
    """Return the pairs that are more alike than a threshold and yet in different splits.

    Rows with the split "" are in none. Searches as `similar_pairs` does.
    """
    left, right = similar_pairs(vectors, threshold, watch)
    return [
        (one, other)
        for one, other in zip(left.tolist(), right.tolist(), strict=True)
        if splits[one] and splits[other] and splits[one] != splits[other]
    ]


def _all_pairs(
    vectors: npt.NDArray[np.floating], threshold: float, watch: Watch
) -> list[npt.NDArray[np.intp]]:
    count = len(vectors)
    found: list[npt.NDArray[np.intp]] = []
    size = max(1, min(1024, _CELLS // max(1, count)))
    columns = max(size, 8192)
    for start, block in blocks(vectors, size):
        stop_if_asked(watch)
        for first, others in blocks(vectors[start:], columns):
            rows, places = np.nonzero(block @ others.T >= threshold)
            later = places + first > rows
            found.append(np.stack([rows[later] + start, places[later] + first + start]))
        watch.report(Progress("compare", min(count, start + size), count))
    return found


def _near_pairs(
    vectors: npt.NDArray[np.floating], threshold: float, watch: Watch
) -> list[npt.NDArray[np.intp]]:
    count = len(vectors)
    index = ApproximateNeighbours(vectors.shape[1])
    for start, block in blocks(vectors):
        stop_if_asked(watch)
        index.add(np.arange(start, start + len(block)), block)
        watch.report(Progress("index", start + len(block), count))
    found: list[npt.NDArray[np.intp]] = []
    for start, block in blocks(vectors):
        stop_if_asked(watch)
        found.append(_pairs_of(index.nearest(block, NEIGHBOURS_EACH), start, threshold))
        watch.report(Progress("compare", start + len(block), count))
    # Who is among another's nearest need not have it among its own: each pair may come twice.
    return [np.unique(np.concatenate(found, axis=1), axis=1)]


def _pairs_of(
    nearest: tuple[npt.NDArray[np.int64], Vectors], start: int, threshold: float
) -> npt.NDArray[np.intp]:
    ids, similarities = nearest
    rows, places = np.nonzero(similarities >= threshold)
    one, other = rows + start, ids[rows, places]
    different = one != other
    pairs = np.stack([np.minimum(one, other), np.maximum(one, other)])
    return pairs[:, different].astype(np.intp)
