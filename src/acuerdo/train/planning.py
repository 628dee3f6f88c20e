"""Which rows are read together, in which order: a function of seed and epoch alone.

So training that goes on after a kill reads what it would have read.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from acuerdo.domain.sheets import Positions
from acuerdo.train.examples import Examples

WINDOW: Final = 32
"""Batches are filled from this many batches' worth of people, sorted by length within."""


def epoch_batches(
    examples: Examples, *, batch: int, per_person: int, seed: int, epoch: int
) -> list[Positions]:
    """Return the batches of an epoch: rows, those of one unit in one batch where they fit.

    At most `per_person` rows of a unit are drawn (0: all), others in another epoch.
    """
    random = np.random.default_rng([seed, epoch])
    key = random.random(len(examples))
    order = np.lexsort((key, examples.unit))
    unit = examples.unit[order]
    starts = np.flatnonzero(np.r_[True, unit[1:] != unit[:-1]])
    most = min(per_person or batch, batch)
    lengths = examples.lengths()
    chunks: list[Positions] = []
    for start, end in zip(starts, np.r_[starts[1:], len(unit)], strict=True):
        last = min(end, start + per_person) if per_person else end
        chunks += [order[place : min(place + most, last)] for place in range(start, last, most)]
    shuffled = [chunks[place] for place in random.permutation(len(chunks))]
    batches: list[Positions] = []
    for window in _windows(shuffled, WINDOW * batch):
        window.sort(key=lambda rows: float(lengths[rows].mean()))
        batches += _packed(window, batch)
    return [batches[place] for place in random.permutation(len(batches))]


def halves(examples: Examples, rows: Positions, parts: int) -> list[Positions]:
    """Cut a batch into up to `parts` smaller ones between units; into fewer if it has fewer."""
    unit = examples.unit[rows]
    edges = np.flatnonzero(unit[1:] != unit[:-1]) + 1
    if parts <= 1 or not len(edges):
        return [rows]
    wanted = np.arange(1, parts) * len(rows) / parts
    cuts = np.unique(edges[np.abs(edges[None, :] - wanted[:, None]).argmin(axis=1)])
    return np.split(rows, cuts)


def sampled(examples: Examples, most: int, seed: int) -> Positions:
    """Return about `most` rows of whole units, drawn once, to measure on; sorted by unit."""
    order = np.argsort(examples.unit, kind="stable")
    if len(order) <= most:
        return order
    units = np.random.default_rng([seed, 0x5A]).permutation(int(examples.unit.max()) + 1)
    size = np.bincount(examples.unit, minlength=len(units))[units]
    chosen = np.zeros(len(units), dtype=bool)
    chosen[units[: max(int(np.searchsorted(np.cumsum(size), most)), 1)]] = True
    return order[chosen[examples.unit[order]]]


def _windows(chunks: list[Positions], rows: int) -> list[list[Positions]]:
    found: list[list[Positions]] = []
    count = rows
    for chunk in chunks:
        if count >= rows:
            found.append([])
            count = 0
        found[-1].append(chunk)
        count += len(chunk)
    return found


def _packed(chunks: list[Positions], batch: int) -> list[Positions]:
    found: list[list[Positions]] = []
    room = 0
    for chunk in chunks:
        if len(chunk) > room:
            found.append([])
            room = batch
        found[-1].append(chunk)
        room -= len(chunk)
    return [np.concatenate(some) for some in found]
