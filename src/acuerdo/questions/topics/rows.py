"""Vectors in a fixed order, read block by block, so that files of millions need little memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.errors import InputError
from acuerdo.ports import Vectors

Places = npt.NDArray[np.int64]

BLOCK: Final = 8192


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of `vectors`, shape (n, dimensions), in the order of `order`, shape (m,).

    `vectors` may be mapped from a file and of any floating type; what is read comes in single
    precision.
    """

    vectors: npt.NDArray[np.floating]
    order: Places

    def __len__(self) -> int:
        return len(self.order)

    def take(self, places: Places | slice) -> Vectors:
        """Return the rows at these places of the order, shape (places, dimensions)."""
        return np.asarray(self.vectors[self.order[places]], np.float32)

    def blocks(self, size: int = BLOCK) -> Iterator[tuple[int, Vectors]]:
        """Yield the first place and the rows of each block."""
        for start in range(0, len(self), size):
            yield start, self.take(slice(start, start + size))


def all_rows(vectors: npt.NDArray[np.floating]) -> Rows:
    """Return the rows in the order they have."""
    return Rows(vectors, np.arange(len(vectors)))


def check_vectors(vectors: npt.NDArray[np.floating]) -> None:
    """Raise InputError unless these are vectors of finite numbers, shape (n, dimensions)."""
    if vectors.ndim != 2 or (len(vectors) and not vectors.shape[1]):
        raise InputError(f"vectors of shape (n, dimensions) are needed, not {vectors.shape}")
    for start, block in all_rows(vectors).blocks():
        broken = np.flatnonzero(~np.isfinite(block).all(axis=1))
        if len(broken):
            raise InputError(
                f"the vector in row {start + int(broken[0])} holds numbers that are not finite",
                fix="Embed the questions again.",
            )


def sampled(count: int, at_most: int, rng: np.random.Generator) -> Places:
    """Return all places, or `at_most` of them drawn without replacement, in rising order."""
    if count <= at_most:
        return np.arange(count)
    return np.sort(rng.choice(count, at_most, replace=False))


def on_unit_sphere(vectors: Vectors) -> Vectors:
    """Return the rows scaled to length 1; a row of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return scaled


def distinct_rows(vectors: npt.NDArray[np.floating], enough: int) -> int:
    """Count distinct rows, up to `enough`: reading stops there."""
    seen: set[bytes] = set()
    for _, block in all_rows(vectors).blocks():
        for row in block:
            # Adding 0 makes -0 and 0 the same bytes.
            seen.add((row + np.float32(0)).tobytes())
            if len(seen) >= enough:
                return enough
    return len(seen)
