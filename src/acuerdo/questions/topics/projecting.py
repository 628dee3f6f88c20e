"""Vectors laid out on a plane, for a map that a person looks at."""

from __future__ import annotations

import warnings
from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.ports import Unwatched
from acuerdo.questions.topics.learning import learning, one_thread
from acuerdo.questions.topics.preparing import Read, prepared
from acuerdo.questions.topics.rows import all_rows, check_vectors, distinct_rows

NEIGHBOUR_MAP_UP_TO: Final = 20_000
"""Vectors up to which the map shows who is near whom (t-SNE); beyond, the two widest directions."""
LEAST_FOR_NEIGHBOURS: Final = 10
PERPLEXITY: Final = 30.0
_DIRECTIONS: Final = 50


def projection(vectors: npt.NDArray[np.floating], seed: int) -> npt.NDArray[np.float64]:
    """Return a place for each vector, shape (n, 2), centred on 0, the farthest at distance 1.

    Between LEAST_FOR_NEIGHBOURS and NEIGHBOUR_MAP_UP_TO vectors by t-SNE (van der Maaten, 2014, the
    approximation of Barnes and Hut) of their 50 widest directions, started from the widest two
    (Kobak and Berens, 2019), otherwise by these two alone. Near places mean similar vectors; far
    ones mean little, and the axes nothing. Deterministic. Raises InputError for vectors that are
    none, SettingsError without scikit-learn.
    """
    check_vectors(vectors)
    count = len(vectors)
    if distinct_rows(vectors, 2) < 2:
        return np.zeros((count, 2))
    nothing = Read((), ())
    with one_thread():
        ready = prepared(all_rows(vectors), nothing, (f"pca:{_DIRECTIONS}",), seed, Unwatched())
        flat = np.zeros((count, 2))
        flat[:, : ready.shape[1]] = ready[:, :2]
        for axis in range(2):
            # A direction has no sign of its own: the farthest point lies on the right and above.
            if flat[np.abs(flat[:, axis]).argmax(), axis] < 0:
                flat[:, axis] *= -1
        if LEAST_FOR_NEIGHBOURS <= count <= NEIGHBOUR_MAP_UP_TO:
            flat = _by_neighbours(ready, flat, seed)
    flat -= flat.mean(axis=0)
    return flat / max(float(np.linalg.norm(flat, axis=1).max()), 1e-12)


def _by_neighbours(
    ready: npt.NDArray[np.float32], flat: npt.NDArray[np.float64], seed: int
) -> npt.NDArray[np.float64]:
    # So small a start leaves the early iterations free to sort out neighbours.
    start = (flat / flat[:, 0].std() * 1e-4).astype(np.float32)
    fitted = learning("sklearn.manifold").TSNE(
        perplexity=min(PERPLEXITY, (len(ready) - 1) / 3), init=start, random_state=seed, n_jobs=1
    )
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="sklearn")
        places: npt.NDArray[np.float64] = fitted.fit_transform(ready).astype(np.float64)
    return places
