"""Ways to group vectors, by name; each takes any sensible input and gives labels from 0 on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from acuerdo.domain.errors import SettingsError
from acuerdo.ports import Unwatched, Watch, stop_if_asked
from acuerdo.questions.topics.consensus import consensus
from acuerdo.questions.topics.density import density
from acuerdo.questions.topics.hierarchy import hierarchical
from acuerdo.questions.topics.k_means import k_means, spherical
from acuerdo.questions.topics.learning import one_thread
from acuerdo.questions.topics.rows import check_vectors, distinct_rows
from acuerdo.questions.topics.spectral import spectral

Labels = npt.NDArray[np.int64]

NOISE: Final = -1
"""The label of a vector that belongs to no group."""


class Grouping(Protocol):
    """Groups vectors."""

    @property
    def name(self) -> str: ...

    def cluster(
        self, vectors: npt.NDArray[np.floating], k: int, seed: int, watch: Watch = ...
    ) -> Labels:
        """Return a label for each vector, shape (n,): 0 to groups - 1, or NOISE.

        Deterministic in vectors and seed. There are at most `k` groups, fewer where fewer vectors
        are distinct. Raises InputError for vectors that are none, SettingsError for k below 1 and
        without scikit-learn, Cancelled if the watcher stops.
        """


@dataclass(frozen=True, slots=True)
class _Method:
    """A grouping made of a function that may rely on 2 <= k <= distinct vectors."""

    name: str
    group: Callable[[npt.NDArray[np.floating], int, int, Watch], Labels]

    def cluster(
        self,
        vectors: npt.NDArray[np.floating],
        k: int,
        seed: int,
        watch: Watch = Unwatched(),  # noqa: B008 - without state
    ) -> Labels:
        check_vectors(vectors)
        check_k(k)
        stop_if_asked(watch)
        possible = distinct_rows(vectors, k)
        if possible < 2:
            return np.zeros(len(vectors), np.int64)
        with one_thread():
            labels = self.group(vectors, possible, seed, watch)
        return _without_gaps(labels)


def check_k(k: int) -> None:
    """Raise SettingsError unless k is 1 or more."""
    if k < 1:
        raise SettingsError(
            f"{k} topics cannot be made", where="number of topics", fix="Ask for 1 or more."
        )


GROUPINGS: Final[Mapping[str, Grouping]] = MappingProxyType(
    {
        method.name: method
        for method in (
            _Method("consensus", consensus),
            _Method("kmeans", k_means),
            _Method("spherical", spherical),
            _Method("spectral", spectral),
            _Method("hierarchical", hierarchical),
            _Method("density", density),
        )
    }
)
"""Every way to group, by name."""


def grouping_named(name: str) -> Grouping:
    """Return the grouping of that name; SettingsError, with all names, if there is none."""
    wanted = name.strip().lower().replace("-", "").replace("_", "")
    if wanted not in GROUPINGS:
        raise SettingsError(
            f"there is no way to group called {name!r}",
            where="method of topics",
            fix=f"Write one of: {', '.join(GROUPINGS)}.",
        )
    return GROUPINGS[wanted]


def _without_gaps(labels: Labels) -> Labels:
    """Return labels numbered from 0 without a gap; NOISE stays."""
    used, places = np.unique(labels[labels != NOISE], return_inverse=True)
    dense = np.full(len(labels), NOISE, np.int64)
    dense[labels != NOISE] = places if len(used) else NOISE
    return dense
