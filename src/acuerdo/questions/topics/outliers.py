"""Which questions are far from their topic, and which is the most typical of each."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.ports import Vectors
from acuerdo.questions.topics.rows import Rows, on_unit_sphere

Labels = npt.NDArray[np.int64]
Distances = npt.NDArray[np.float64]

SPREADS: Final = 2.5
"""Robust standard deviations beyond the middle of its topic from where a question is far."""
NEARER: Final = 0.97
"""An outlier if another topic is nearer than this share of the distance to its own."""
_NORMAL: Final = 1.4826
"""Median absolute deviations of a normal distribution in its standard deviation."""
_ROUNDING: Final = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Centroids, shape (topics, dimensions), and where each row stands among them.

    `own` is the distance to the centroid of its topic, `other` to the nearest of all others (inf
    where there is none), both shape (rows,), between 0 and 2, nan for noise.
    """

    centroids: Vectors
    own: Distances
    other: Distances


def places_of(rows: Rows, labels: Labels) -> Places:
    """Measure rows, scaled to length 1, against the means of topics 0 to labels.max()."""
    count = int(labels.max(initial=-1)) + 1
    width = rows.vectors.shape[1]
    sums = np.zeros((count, width))
    for start, block in rows.blocks():
        told = labels[start : start + len(block)]
        np.add.at(sums, told[told >= 0], on_unit_sphere(block)[told >= 0])
    sizes = np.bincount(labels[labels >= 0], minlength=count)
    centroids = (sums / np.maximum(1, sizes)[:, None]).astype(np.float32)
    own, other = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    for start, block in rows.blocks():
        told = labels[start : start + len(block)]
        inside = np.flatnonzero(told >= 0)
        if not len(inside):
            continue
        apart = distances(on_unit_sphere(block[inside]), centroids)
        places = np.arange(len(inside))
        own[start + inside] = apart[places, told[inside]]
        apart[places, told[inside]] = np.inf
        other[start + inside] = apart.min(axis=1)
    return Places(centroids, own, other)


def distances(vectors: Vectors, centroids: Vectors) -> Distances:
    """Return Euclidean distances, shape (vectors, centroids)."""
    squares = (vectors**2).sum(axis=1, dtype=np.float64)[:, None] + (
        centroids.astype(np.float64) ** 2
    ).sum(axis=1)
    apart: Distances = np.sqrt(np.maximum(0.0, squares - 2.0 * (vectors @ centroids.T)))
    return apart


def outliers_of(places: Places, labels: Labels) -> npt.NDArray[np.bool_]:
    """Mark rows that are far from their topic, shape (rows,); noise is always marked.

    Far is a distance to the centroid of more than SPREADS robust standard deviations (1.4826 times
    the median absolute deviation) above the median of the topic, or another centroid at less than
    NEARER of that distance.
    """
    far = labels < 0
    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], np.arange(len(places.centroids) + 1))
    for first, end in pairwise(starts):
        members = order[first:end]
        own = places.own[members]
        middle = np.median(own)
        limit = middle + SPREADS * _NORMAL * np.median(np.abs(own - middle)) + _ROUNDING
        far[members] = (own > limit) | (places.other[members] < NEARER * own - _ROUNDING)
    return far
