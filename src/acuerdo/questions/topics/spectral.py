"""Grouping by a graph of neighbours: its smoothest functions, grouped by k-means."""

from __future__ import annotations

import warnings
from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.errors import SettingsError
from acuerdo.ports import Watch, stop_if_asked
from acuerdo.questions.topics.k_means import k_means_once
from acuerdo.questions.topics.learning import learning
from acuerdo.questions.topics.rows import on_unit_sphere

Labels = npt.NDArray[np.int64]

NEIGHBOURS: Final = 40
_LEAST_NEIGHBOURS: Final = 5
GRAPH_UP_TO: Final = 30_000
"""Vectors up to which the graph is made: its cost grows with their square."""


def spectral(vectors: npt.NDArray[np.floating], k: int, seed: int, watch: Watch) -> Labels:
    """Group by normalised cuts (Ng, Jordan and Weiss, 2002) of the graph of nearest neighbours.

    Raises SettingsError for more than GRAPH_UP_TO vectors.
    """
    if len(vectors) > GRAPH_UP_TO:
        raise SettingsError(
            f"spectral grouping takes {GRAPH_UP_TO} vectors at most, not {len(vectors)}",
            where="method of topics",
            fix="Use the method kmeans or consensus.",
        )
    rows = np.asarray(vectors, np.float32)
    # More neighbours than half a group has members would tie groups together.
    count = min(NEIGHBOURS, max(_LEAST_NEIGHBOURS, len(rows) // (2 * k)), len(rows))
    graph = learning("sklearn.neighbors").kneighbors_graph(rows, count, include_self=True)
    stop_if_asked(watch)
    with warnings.catch_warnings():
        # A graph in several pieces is no fault here: its pieces are groups.
        warnings.filterwarnings("ignore", module="sklearn")
        smooth = learning("sklearn.manifold").spectral_embedding(
            (graph + graph.T) / 2,
            n_components=min(k, len(rows) - 1),
            random_state=seed,
            drop_first=False,
        )
    stop_if_asked(watch)
    labels, _ = k_means_once(on_unit_sphere(smooth.astype(np.float32)), k, seed)
    return labels
