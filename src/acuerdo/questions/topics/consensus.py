"""Grouping by agreement: many runs of k-means, and what most of them put together."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.ports import Progress, Vectors, Watch, stop_if_asked
from acuerdo.questions.topics.k_means import (
    WHOLE_UP_TO,
    centroids_of,
    k_means_once,
    nearest,
    refined,
)
from acuerdo.questions.topics.learning import learning
from acuerdo.questions.topics.rows import all_rows, sampled

Labels = npt.NDArray[np.int64]

RUNS: Final = 30
LEAST_SHARE: Final = 0.1
"""The smallest group that is kept, as a share of the mean size."""
PAIRWISE_UP_TO: Final = 8000
"""Vectors of which every pair is counted; takes about 0.5 GB at that number."""


def consensus(vectors: npt.NDArray[np.floating], k: int, seed: int, watch: Watch) -> Labels:
    """Group by evidence accumulation (Fred and Jain, 2005).

    RUNS runs of k-means, each from its own start. Two vectors are as near as the share of runs that
    put them together; groups are merged by average linkage until k are left that have LEAST_SHARE
    of the mean size or more, and what is in smaller ones goes to the nearest centroid. A single run
    stops at whichever local optimum its start leads to; what most runs agree on is common to many.

    Of more than PAIRWISE_UP_TO vectors so many are drawn and grouped; all others go to the nearest
    centroid, from where k-means goes on (up to WHOLE_UP_TO vectors).
    """
    rows = all_rows(vectors)
    sample = rows.take(sampled(len(rows), PAIRWISE_UP_TO, np.random.default_rng(seed)))
    labels = _agreed(sample, min(k, len(sample)), seed, watch)
    if len(sample) == len(rows):
        return labels
    spread = nearest(vectors, centroids_of(sample, labels))
    if len(rows) > WHOLE_UP_TO:
        return spread
    stop_if_asked(watch)
    _, dense = np.unique(spread, return_inverse=True)
    return refined(rows.take(slice(None)), dense.astype(np.int64))


def _agreed(vectors: Vectors, k: int, seed: int, watch: Watch) -> Labels:
    count = len(vectors)
    together = np.zeros((count, count), np.uint8)
    for run in range(RUNS):
        stop_if_asked(watch)
        labels, _ = k_means_once(vectors, k, seed * RUNS + run)
        together += labels[:, None] == labels
        watch.report(Progress("group", run + 1, RUNS + 1))
    stop_if_asked(watch)
    merges = learning("scipy.cluster.hierarchy").linkage(_apart(together), "average")
    labels = large_enough(vectors, merges, k)
    watch.report(Progress("group", RUNS + 1, RUNS + 1))
    return labels


def large_enough(vectors: Vectors, merges: npt.NDArray[np.float64], k: int) -> Labels:
    """Cut the tree where k groups have the least size, and share out what is left over."""
    least = max(1, int(LEAST_SHARE * len(vectors) / k))
    labels = cut(merges, groups_of_least(merges, k, least))
    if labels.max() < k:
        return labels
    largest = np.argsort(-np.bincount(labels), kind="stable")[:k]
    within = np.isin(labels, largest)
    _, kept = np.unique(labels[within], return_inverse=True)
    shared = np.empty(len(labels), np.int64)
    shared[within] = kept
    shared[~within] = nearest(vectors[~within], centroids_of(vectors[within], kept))
    return shared


def _apart(together: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Return how many runs put each pair apart: the upper triangle row by row."""
    count = len(together)
    apart = np.empty(count * (count - 1) // 2)
    end = 0
    for row in range(count - 1):
        start, end = end, end + count - 1 - row
        apart[start:end] = RUNS - together[row, row + 1 :].astype(np.float64)
    return apart


def groups_of_least(merges: npt.NDArray[np.float64], k: int, least: int) -> int:
    """Return the smallest number of groups, from k on, of which k have `least` members or more.

    It is k where no number will do. `merges` as for `cut`.
    """
    count = len(merges) + 1
    sizes = np.concatenate([np.ones(count), merges[:, 3]])
    joined = merges[:, :2].astype(np.int64)
    # A merge makes a large group of two small ones, or one of two large ones.
    gained = (merges[:, 3] >= least).astype(np.int64) - (sizes[joined] >= least).sum(axis=1)
    large = (count if least <= 1 else 0) + np.cumsum(gained)
    enough = np.flatnonzero(large[: count - k] >= k)
    return count - 1 - int(enough[-1]) if len(enough) else k


def cut(merges: npt.NDArray[np.float64], k: int) -> Labels:
    """Return the k groups, shape (n,), that are left after the first n - k merges of a linkage.

    `merges`, shape (n - 1, 4), is in scipy's form: rows i, of the two nodes that become node n + i.
    """
    count = len(merges) + 1
    top = np.arange(2 * count - 1)
    for merge in range(count - k - 1, -1, -1):
        # From the last merge down, so that a node knows its top before it hands it on.
        top[merges[merge, :2].astype(np.int64)] = top[count + merge]
    _, labels = np.unique(top[:count], return_inverse=True)
    return labels.astype(np.int64)
