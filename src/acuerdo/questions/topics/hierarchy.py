"""Grouping by merging: Ward's tree of a sample, then k-means from its groups."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.ports import Progress, Watch, stop_if_asked
from acuerdo.questions.topics.consensus import cut
from acuerdo.questions.topics.k_means import WHOLE_UP_TO, centroids_of, nearest, refined
from acuerdo.questions.topics.learning import learning
from acuerdo.questions.topics.rows import all_rows, sampled

Labels = npt.NDArray[np.int64]

MERGED_UP_TO: Final = 8000
"""Vectors that are merged; their distances take 8 bytes a pair."""


def hierarchical(vectors: npt.NDArray[np.floating], k: int, seed: int, watch: Watch) -> Labels:
    """Group by Ward's criterion (1963), then let k-means go on from the groups' centroids.

    Of more than MERGED_UP_TO vectors so many are drawn and merged, the others go to the nearest
    centroid; k-means goes on up to WHOLE_UP_TO vectors. The seed matters only for the draw.
    """
    rows = all_rows(vectors)
    sample = rows.take(sampled(len(rows), MERGED_UP_TO, np.random.default_rng(seed)))
    merges = learning("scipy.cluster.hierarchy").linkage(sample, "ward")
    labels = cut(merges, min(k, len(sample)))
    stop_if_asked(watch)
    watch.report(Progress("group", 1, 2))
    if len(sample) < len(rows):
        _, labels = np.unique(nearest(vectors, centroids_of(sample, labels)), return_inverse=True)
        labels = labels.astype(np.int64)
    if len(rows) <= WHOLE_UP_TO:
        labels = refined(rows.take(slice(None)), labels)
    watch.report(Progress("group", 2, 2))
    return labels
