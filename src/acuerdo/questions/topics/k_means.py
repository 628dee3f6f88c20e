"""k-means: the common one, the one of directions, and one for vectors that do not fit in memory."""

from __future__ import annotations

import warnings
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from acuerdo.ports import Progress, Vectors, Watch, stop_if_asked
from acuerdo.questions.topics.learning import learning
from acuerdo.questions.topics.rows import all_rows, on_unit_sphere, sampled

Labels = npt.NDArray[np.int64]

STARTS: Final = 5
WHOLE_UP_TO: Final = 100_000
"""Vectors up to which every round of k-means looks at all of them; beyond, at batches."""
BATCH: Final = 10_000
PASSES: Final = 2
_START_SAMPLE: Final = 20_000
_ROUNDS: Final = 300


def k_means(vectors: npt.NDArray[np.floating], k: int, seed: int, watch: Watch) -> Labels:
    """Group by k-means from STARTS starts of k-means++ (Arthur and Vassilvitskii, 2007).

    The start with the smallest sum of squared distances counts. Beyond WHOLE_UP_TO vectors: the
    same on a sample, then mini-batches (Sculley, 2010) over all, read where they lie.
    """
    if len(vectors) > WHOLE_UP_TO:
        return _by_batches(vectors, k, seed, watch)
    rows = np.asarray(vectors, np.float32)
    return _best_of(rows, k, seed, watch, on_sphere=False)


def spherical(vectors: npt.NDArray[np.floating], k: int, seed: int, watch: Watch) -> Labels:
    """Group by direction: unit vectors, unit centroids (Dhillon and Modha, 2001).

    Beyond WHOLE_UP_TO vectors the centroids come from a sample of as many.
    """
    rng = np.random.default_rng(seed)
    rows = all_rows(vectors)
    sample = on_unit_sphere(rows.take(sampled(len(rows), WHOLE_UP_TO, rng)))
    labels = _best_of(sample, k, seed, watch, on_sphere=True)
    if len(rows) == len(sample):
        return labels
    centroids = on_unit_sphere(centroids_of(sample, labels))
    parts = [(block @ centroids.T).argmax(axis=1) for _, block in rows.blocks()]
    return np.concatenate(parts).astype(np.int64)


def refined(vectors: Vectors, labels: Labels) -> Labels:
    """Return the labels after k-means has gone on from the centroids of these groups."""
    centroids = centroids_of(vectors, labels)
    fitted = learning("sklearn.cluster").KMeans(len(centroids), init=centroids, n_init=1)
    return _fitted_labels(fitted, vectors)


def k_means_once(vectors: Vectors, k: int, seed: int) -> tuple[Labels, float]:
    """Return labels and sum of squared distances of one start of k-means++."""
    fitted = learning("sklearn.cluster").KMeans(k, n_init=1, random_state=seed, max_iter=_ROUNDS)
    return _fitted_labels(fitted, vectors), float(fitted.inertia_)


def centroids_of(vectors: Vectors, labels: Labels) -> Vectors:
    """Return the mean vector of each group 0 to labels.max(), shape (groups, dimensions)."""
    groups = int(labels.max()) + 1
    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], np.arange(groups))
    sums = np.add.reduceat(vectors[order].astype(np.float64), starts, axis=0)
    means: Vectors = (sums / np.bincount(labels, minlength=groups)[:, None]).astype(np.float32)
    return means


def nearest(vectors: npt.NDArray[np.floating], centroids: Vectors) -> Labels:
    """Return the place of the nearest centroid (Euclidean) for each vector, shape (n,)."""
    halves = (centroids**2).sum(axis=1) / 2
    parts = [
        (block @ centroids.T - halves).argmax(axis=1) for _, block in all_rows(vectors).blocks()
    ]
    return np.concatenate(parts).astype(np.int64)


def _best_of(vectors: Vectors, k: int, seed: int, watch: Watch, *, on_sphere: bool) -> Labels:
    best, smallest = np.zeros(len(vectors), np.int64), np.inf
    for start in range(STARTS):
        stop_if_asked(watch)
        labels, cost = k_means_once(vectors, k, seed * STARTS + start)
        if on_sphere:
            labels, cost = _along_sphere(vectors, labels)
        if cost < smallest:
            best, smallest = labels, cost
        watch.report(Progress("group", start + 1, STARTS))
    return best


def _along_sphere(vectors: Vectors, labels: Labels) -> tuple[Labels, float]:
    """Move every vector to the centroid of the nearest direction until nothing moves."""
    for _ in range(_ROUNDS):
        _, labels = np.unique(labels, return_inverse=True)
        similarities = vectors @ on_unit_sphere(centroids_of(vectors, labels)).T
        moved = similarities.argmax(axis=1)
        if np.array_equal(moved, labels):
            break
        labels = moved
    return labels.astype(np.int64), -float(similarities.max(axis=1).sum())


def _by_batches(vectors: npt.NDArray[np.floating], k: int, seed: int, watch: Watch) -> Labels:
    rng = np.random.default_rng(seed)
    rows = all_rows(vectors)
    sample = rows.take(sampled(len(rows), max(_START_SAMPLE, 20 * k), rng))
    start, _ = k_means_once(sample, k, seed)
    fitted = learning("sklearn.cluster").MiniBatchKMeans(
        k, init=centroids_of(sample, start), n_init=1, random_state=seed
    )
    total = PASSES * -(-len(rows) // BATCH)
    done = 0
    for _ in range(PASSES):
        # Shuffled, since files are often sorted and a batch would then be of a few topics only.
        shuffled = rng.permutation(len(rows))
        for first in range(0, len(rows), BATCH):
            stop_if_asked(watch)
            fitted.partial_fit(rows.take(np.sort(shuffled[first : first + BATCH])))
            done += 1
            watch.report(Progress("group", done, total))
    return nearest(vectors, fitted.cluster_centers_.astype(np.float32))


def _fitted_labels(fitted: Any, vectors: Vectors) -> Labels:
    with warnings.catch_warnings():
        # Fewer groups than asked, where many vectors are nearly the same: told by the labels.
        warnings.filterwarnings("ignore", module="sklearn")
        labels: Labels = fitted.fit(vectors).labels_.astype(np.int64)
    _, dense = np.unique(labels, return_inverse=True)
    return dense.astype(np.int64)
