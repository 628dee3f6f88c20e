"""From rows of different lengths to tensors: padded to a few fixed lengths, like with like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from acuerdo.neural.readers import Row

BUCKET: Final = 32
"""Lengths are rounded up to a multiple of this: few shapes, little padding."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Token ids, segments and mask, all (rows, length), and the log-length of statements (rows,).

    Padding stands on the right. The log-length is the natural logarithm of the statement's tokens.
    """

    ids: Tensor
    types: Tensor
    mask: Tensor
    length: Tensor

    def to(self, device: torch.device) -> Batch:
        """Return the batch on a device."""
        return Batch(*(t.to(device) for t in (self.ids, self.types, self.mask, self.length)))

    def __len__(self) -> int:
        return len(self.ids)


def collated(rows: Sequence[Row], statement_tokens: Sequence[int], padding: int) -> Batch:
    """Pad rows to their bucket; `statement_tokens` are counted before any cut."""
    length = bucket(max(len(row.ids) for row in rows))
    shape = (len(rows), length)
    ids = np.full(shape, padding, dtype=np.int64)
    types = np.zeros(shape, dtype=np.int64)
    mask = np.zeros(shape, dtype=np.int64)
    for place, row in enumerate(rows):
        ids[place, : len(row.ids)] = row.ids
        types[place, : len(row.types)] = row.types
        mask[place, : len(row.ids)] = 1
    logs = np.log(np.maximum(statement_tokens, 1)).astype(np.float32)
    return Batch(*(torch.from_numpy(array) for array in (ids, types, mask, logs)))


def bucket(length: int) -> int:
    """Round a length up to its bucket.

    >>> bucket(1), bucket(32), bucket(33)
    (32, 32, 64)
    """
    return -(-length // BUCKET) * BUCKET


def by_length(lengths: npt.ArrayLike, size: int) -> Iterator[npt.NDArray[np.int64]]:
    """Yield places in batches of `size`, shortest first, so that little is padding."""
    order = np.argsort(np.asarray(lengths), kind="stable")
    for start in range(0, len(order), size):
        yield order[start : start + size]
