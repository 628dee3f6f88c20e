"""How many topics: the number at which two halves of a corpus agree best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.errors import SettingsError
from acuerdo.ports import Progress, Unwatched, Watch, stop_if_asked
from acuerdo.questions.topics.k_means import centroids_of, k_means_once, nearest
from acuerdo.questions.topics.learning import learning, one_thread
from acuerdo.questions.topics.rows import all_rows, check_vectors, sampled

SAMPLE: Final = 6000
"""Vectors that are looked at; the others are not."""
REPEATS: Final = 3


@dataclass(frozen=True, slots=True)
class ChosenK:
    """The number of groups, and how stable each candidate was (adjusted mutual information)."""

    k: int
    stability: Mapping[int, float]


def choose_k(
    vectors: npt.NDArray[np.floating],
    candidates: Sequence[int],
    seed: int,
    watch: Watch = Unwatched(),  # noqa: B008 - without state
) -> ChosenK:
    """Return the candidate at which grouping is most stable, the smallest of several.

    A sample of at most SAMPLE vectors is halved at random, k-means finds centroids in each half,
    and all of the sample is put to the nearest centroid of one half and of the other. How far these
    two groupings agree, as adjusted mutual information (1: the same, 0: as by chance), averaged
    over REPEATS halvings, is the stability (Ben-Hur, Elisseeff and Guyon, 2002; Lange et al.,
    2004). Unlike the silhouette it does not go by how round groups are, and it falls both where
    groups are merged at will and where they are split at will. It errs on the low side, since a
    half shows fewer groups than the whole. Candidates above a quarter of the sample are left out,
    since a half needs more than two vectors for a group.

    The cost, 2 * REPEATS k-means of at most SAMPLE / 2 vectors for each candidate, does not grow
    with the corpus. `vectors` should be prepared as they are for grouping. Raises InputError for
    vectors that are none, SettingsError without any candidate of 2 or more that fits, Cancelled.
    """
    check_vectors(vectors)
    rng = np.random.default_rng(seed)
    rows = all_rows(vectors)
    sample = rows.take(sampled(len(rows), SAMPLE, rng))
    fitting = sorted({k for k in candidates if 2 <= k <= len(sample) // 4})
    if not fitting:
        raise SettingsError(
            f"none of {list(candidates)} is a number of topics that {len(vectors)} questions allow",
            where="candidates",
            fix="Name numbers from 2 to a quarter of the number of questions.",
        )
    halvings = [rng.permutation(len(sample)) for _ in range(REPEATS)]
    agreement = learning("sklearn.metrics").adjusted_mutual_info_score
    stability: dict[int, float] = {}
    with one_thread():
        for done, k in enumerate(fitting):
            stop_if_asked(watch)
            watch.report(Progress("choose number of topics", done, len(fitting)))
            found = []
            for repeat, shuffled in enumerate(halvings):
                sides = []
                for side, part in enumerate(np.array_split(shuffled, 2)):
                    half = sample[np.sort(part)]
                    labels, _ = k_means_once(half, k, seed + 2 * repeat + side)
                    sides.append(nearest(sample, centroids_of(half, labels)))
                found.append(float(agreement(*sides)))
            stability[k] = float(np.mean(found))
    watch.report(Progress("choose number of topics", len(fitting), len(fitting)))
    return ChosenK(max(fitting, key=lambda k: (stability[k], -k)), stability)
