"""What a reader wants to know of a whole corpus: nearest neighbours, and a plane to draw it on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from acuerdo.ports import Progress, Watch, stop_if_asked
from acuerdo.questions.neighbours import index_for
from acuerdo.questions.vectors import BATCH, blocks


def nearest_others(
    vectors: npt.NDArray[np.floating], watch: Watch
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Return for each vector the row of the most similar other one and their cosine.

    `vectors` have shape (questions, dimensions); both results have shape (questions,). Exact up to
    20,000 rows, approximate above. With one row alone it is -1 and nan. Raises Cancelled if the
    watcher stops, SettingsError for more than 20,000 rows without usearch.
    """
    count = len(vectors)
    other = np.full(count, -1, dtype=np.int64)
    similarity = np.full(count, np.nan, dtype=np.float32)
    if count < 2:
        return other, similarity
    index = index_for(count, vectors.shape[1])
    for start, block in blocks(vectors, BATCH):
        stop_if_asked(watch)
        index.add(np.arange(start, start + len(block)), block)
    for start, block in blocks(vectors, BATCH):
        stop_if_asked(watch)
        watch.report(Progress("compare", start, count))
        ids, cosines = index.nearest(block, 2)
        rows = np.arange(len(block))
        # The row itself is among the two, first or, beside its exact double, second.
        place = np.where(ids[:, 0] == rows + start, 1, 0)
        other[start : start + len(block)] = ids[rows, place]
        similarity[start : start + len(block)] = cosines[rows, place]
    watch.report(Progress("compare", count, count))
    return other, similarity


def principal_plane(
    vectors: npt.NDArray[np.floating],
) -> tuple[npt.NDArray[np.float64], float]:
    """Return places on the plane of the two widest directions, shape (n, 2), and its share.

    The share is how much of the vectors' variance the plane shows, 0 to 1. Principal components by
    numpy alone, in blocks; directions are turned so that their largest place is positive.
    """
    count = len(vectors)
    if count < 2:
        return np.zeros((count, 2)), 0.0
    total = np.zeros(vectors.shape[1])
    moment = np.zeros((vectors.shape[1], vectors.shape[1]))
    for _, block in blocks(vectors):
        total += block.sum(axis=0, dtype=np.float64)
        moment += block.T @ block
    mean = total / count
    variance, directions = np.linalg.eigh(moment / count - np.outer(mean, mean))
    plane = directions[:, ::-1][:, :2]
    places = np.concatenate([(block - mean) @ plane for _, block in blocks(vectors)])
    if places.shape[1] < 2:
        places = np.pad(places, ((0, 0), (0, 2 - places.shape[1])))
    largest = places[np.abs(places).argmax(axis=0), np.arange(2)]
    share = float(variance[::-1][:2].sum() / max(variance.sum(), 1e-12))
    return places * np.where(largest < 0, -1.0, 1.0), min(1.0, max(0.0, share))
