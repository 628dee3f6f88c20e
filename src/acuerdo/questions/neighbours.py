"""Nearest neighbours of unit vectors: exact for thousands, approximate for millions.

Both indexes are grown by `add` and asked with `nearest`; they keep no texts. The approximate one is
usearch's hierarchical navigable small world graph (Malkov and Yashunin, 2018) in half precision.
Whole numbers of 8 bits would halve its size, but a component of a unit vector of 512 dimensions is
about 0.04, of which eight bits leave six steps: of neighbours above 0.85 it then found 98.4 %
instead of all.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from acuerdo.domain.errors import InputError, SettingsError, StorageError
from acuerdo.files import beside
from acuerdo.ports import Vectors

Ids = npt.NDArray[np.int64]

EXACT_UP_TO: Final = 20_000
"""Vectors up to which `index_for` searches exactly.

Comparing one vector with 12,000 others took 0.22 ms of processor time, finding it in the graph 0.10
and putting it in another 0.10 (512 dimensions, one thread); exact search is linear in its size, so
that it stays below the millisecond that embedding takes up to several times this number.
"""
NOBODY: Final = -1
"""The id that stands where an index holds fewer than k vectors; its similarity is -inf."""

_QUERIES: Final = 512
_ROWS: Final = 8192
_NEIGHBOURS: Final = 16
_WIDTH_ADDING: Final = 64
_WIDTH_SEARCHING: Final = 64


class Neighbours(Protocol):
    """An index of unit vectors, each under an id of 0 or more that is given once."""

    def __len__(self) -> int: ...

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Put vectors, shape (ids, dimensions), into the index.

        Raises InputError for ids that are there already, for vectors of another width, and for what
        is not a unit vector.
        """

    def nearest(self, vectors: Vectors, k: int = 1) -> tuple[Ids, Vectors]:
        """Return ids and cosine similarities, each (vectors, k), the nearest first.

        Where there are fewer than k, NOBODY and -inf fill the row.
        """

    def save(self, path: Path) -> None:
        """Write the index to a file, whole or not at all; raises StorageError."""


class ExactNeighbours:
    """Compares with every vector, in blocks. Of equals the one that came first is nearest."""

    def __init__(self, dimensions: int) -> None:
        self._vectors: Vectors = np.empty((0, dimensions), np.float32)
        self._ids: Ids = np.empty(0, np.int64)
        self._known: set[int] = set()

    def __len__(self) -> int:
        return len(self._known)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        vectors = _checked(vectors, self._vectors.shape[1], len(ids))
        new = ids.tolist()
        if len(set(new)) < len(new) or not self._known.isdisjoint(new):
            raise _twice()
        count, needed = len(self), len(self) + len(new)
        if needed > len(self._ids):
            room = max(needed, 2 * count, 1024)
            self._vectors = _grown(self._vectors, count, room)
            self._ids = _grown(self._ids, count, room)
        self._vectors[count:needed] = vectors
        self._ids[count:needed] = ids
        self._known.update(new)

    def nearest(self, vectors: Vectors, k: int = 1) -> tuple[Ids, Vectors]:
        vectors = _checked(vectors, self._vectors.shape[1], len(vectors))
        ids = np.full((len(vectors), k), NOBODY, np.int64)
        similarities = np.full((len(vectors), k), -np.inf, np.float32)
        for start in range(0, len(vectors), _QUERIES):
            queries = slice(start, start + _QUERIES)
            for first in range(0, len(self), _ROWS):
                rows = slice(first, min(first + _ROWS, len(self)))
                found = vectors[queries] @ self._vectors[rows].T
                found = np.concatenate([similarities[queries], found], axis=1)
                best = _largest(found, k)
                known = np.broadcast_to(self._ids[rows], (len(found), rows.stop - rows.start))
                known = np.concatenate([ids[queries], known], axis=1)
                ids[queries] = np.take_along_axis(known, best, axis=1)
                similarities[queries] = np.take_along_axis(found, best, axis=1)
        return ids, similarities

    def save(self, path: Path) -> None:
        count = len(self)
        with beside(path) as part, part.open("wb") as file:
            np.savez(file, ids=self._ids[:count], vectors=self._vectors[:count])

    @classmethod
    def load(cls, path: Path) -> ExactNeighbours:
        """Read what `save` wrote; raises StorageError if it cannot be read."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                ids, vectors = arrays["ids"], arrays["vectors"]
        except (OSError, ValueError, LookupError, EOFError) as error:
            raise _unreadable(path, error) from error
        index = cls(vectors.shape[1])
        index.add(ids, vectors)
        return index


class ApproximateNeighbours:
    """Walks a graph of neighbours: nearly always right, and hardly slower at a million.

    Similarities are exact to about 0.0001. Runs on `threads` threads; on more than one, the graph
    depends on which came first, so that a neighbour at the edge may be found once and once not.
    Raises SettingsError if usearch is not installed.
    """

    def __init__(self, dimensions: int, threads: int = 1) -> None:
        self._dimensions = dimensions
        self._threads = threads
        self._viewed = False
        self._index = _usearch().Index(
            ndim=dimensions,
            metric="ip",
            dtype="f16",
            connectivity=_NEIGHBOURS,
            expansion_add=_WIDTH_ADDING,
            expansion_search=_WIDTH_SEARCHING,
        )

    def __len__(self) -> int:
        return len(self._index)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        vectors = _checked(vectors, self._dimensions, len(ids))
        if self._viewed:
            raise InputError(
                "this index is only viewed, so nothing can be added", fix="Load it instead."
            )
        if not len(ids):
            return
        keys = ids.astype(np.uint64)
        if len(np.unique(keys)) < len(keys) or np.any(self._index.contains(keys)):
            raise _twice()
        self._index.add(keys, vectors, threads=self._threads)

    def nearest(self, vectors: Vectors, k: int = 1) -> tuple[Ids, Vectors]:
        vectors = _checked(vectors, self._dimensions, len(vectors))
        ids = np.full((len(vectors), k), NOBODY, np.int64)
        similarities = np.full((len(vectors), k), -np.inf, np.float32)
        if len(vectors) and len(self):
            # A single vector is answered in another shape than several, so it is asked twice.
            asked = vectors if len(vectors) > 1 else np.repeat(vectors, 2, axis=0)
            found = self._index.search(asked, k, threads=self._threads)
            keys, distances = found.keys[: len(vectors)], found.distances[: len(vectors)]
            there = np.arange(k) < np.asarray(found.counts)[: len(vectors), None]
            ids[:] = np.where(there, keys.astype(np.int64), NOBODY)
            similarities[:] = 1 - np.where(there, distances, np.inf)
        return ids, similarities

    def save(self, path: Path) -> None:
        with beside(path) as part:
            try:
                self._index.save(str(part))
            except RuntimeError as error:
                raise StorageError(
                    f"the index cannot be written: {error}",
                    where=str(path),
                    fix="Choose another folder, or make room on the disk.",
                ) from error

    @classmethod
    def load(cls, path: Path, dimensions: int, threads: int = 1) -> ApproximateNeighbours:
        """Read what `save` wrote into memory, to add to it; raises StorageError."""
        index = cls(dimensions, threads)
        index._opened(path, index._index.load)
        return index

    @classmethod
    def view(cls, path: Path, dimensions: int, threads: int = 1) -> ApproximateNeighbours:
        """Search what `save` wrote where it lies on the disk, without reading it into memory.

        Nothing can be added to it. Raises StorageError as `load`.
        """
        index = cls(dimensions, threads)
        index._opened(path, index._index.view)
        index._viewed = True
        return index

    def _opened(self, path: Path, read: Any) -> None:
        try:
            if not path.is_file():
                raise FileNotFoundError("there is no such file")
            read(str(path))
        except (OSError, RuntimeError, ValueError) as error:
            raise _unreadable(path, error) from error
        if self._index.ndim != self._dimensions:
            raise _unreadable(path, ValueError(f"its vectors have {self._index.ndim} dimensions"))


def index_for(size: int, dimensions: int, threads: int = 1) -> Neighbours:
    """Return an empty index that suits about `size` vectors.

    Exact up to EXACT_UP_TO, approximate above; the latter raises SettingsError without usearch.
    """
    if size <= EXACT_UP_TO:
        return ExactNeighbours(dimensions)
    return ApproximateNeighbours(dimensions, threads)


def _usearch() -> Any:
    try:
        import usearch.index  # noqa: PLC0415 - comes with the extra
    except ImportError as error:
        raise SettingsError(
            "searching among so many questions needs usearch, which is not installed",
            fix="Install it with: pip install 'acuerdo[questions]'",
        ) from error
    return usearch.index


def _checked(vectors: Vectors, dimensions: int, count: int) -> Vectors:
    vectors = np.ascontiguousarray(vectors, np.float32)
    if vectors.shape != (count, dimensions):
        raise InputError(
            f"vectors have shape {vectors.shape}, not {(count, dimensions)}",
            fix="Use one encoder for all questions of a corpus.",
        )
    lengths = np.einsum("ij,ij->i", vectors, vectors)
    wrong = np.flatnonzero(~(np.abs(lengths - 1) < 0.02))
    if len(wrong):
        raise InputError(
            f"vector {wrong[0]} does not have length 1 but {np.sqrt(lengths[wrong[0]]):.3g}",
            fix="Divide each vector by its length.",
        )
    return vectors


def _largest(values: Vectors, k: int) -> npt.NDArray[np.intp]:
    """Return the places of the k largest of each row, largest first, of equals the first."""
    if k == 1:
        return np.asarray(values.argmax(axis=1)[:, None])
    return np.argsort(-values, axis=1, kind="stable")[:, :k]


def _grown(values: npt.NDArray[Any], count: int, room: int) -> npt.NDArray[Any]:
    grown = np.empty((room, *values.shape[1:]), values.dtype)
    grown[:count] = values[:count]
    return grown


def _twice() -> InputError:
    return InputError("an id is in the index already", fix="Give each vector an id of its own.")


def _unreadable(path: Path, error: Exception) -> StorageError:
    return StorageError(
        f"this is no index that can be read: {error}",
        where=str(path),
        fix="Delete it; it is made again from the vectors.",
    )
