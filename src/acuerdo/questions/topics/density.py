"""Grouping by density: as many groups as there are crowds, and noise between them."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.errors import SettingsError
from acuerdo.ports import Watch, stop_if_asked
from acuerdo.questions.topics.learning import learning

Labels = npt.NDArray[np.int64]

SMALLEST: Final = 5
COMPARED_UP_TO: Final = 30_000


def density(vectors: npt.NDArray[np.floating], k: int, seed: int, watch: Watch) -> Labels:
    """Group by HDBSCAN (Campello, Moulavi and Sander, 2013), groups of SMALLEST or more; -1: noise.

    It finds the number of groups itself; where it finds more than `k`, those of the smaller ones
    become noise. The seed does not matter. Raises SettingsError for more than COMPARED_UP_TO
    vectors.
    """
    del seed
    if len(vectors) > COMPARED_UP_TO:
        raise SettingsError(
            f"density grouping takes {COMPARED_UP_TO} vectors at most, not {len(vectors)}",
            where="method of topics",
            fix="Use the method kmeans or consensus.",
        )
    stop_if_asked(watch)
    if len(vectors) < SMALLEST:
        return np.full(len(vectors), -1, np.int64)
    fitted = learning("sklearn.cluster").HDBSCAN(min_cluster_size=SMALLEST, copy=True)
    labels: Labels = fitted.fit(np.asarray(vectors, np.float64)).labels_.astype(np.int64)
    kept = labels[labels >= 0]
    if not len(kept):
        return labels
    by_size = np.argsort(-np.bincount(kept), kind="stable")[:k]
    return np.where(np.isin(labels, by_size), labels, -1)
