"""The forward pass of the multilingual Universal Sentence Encoder, arranged to repeat no work.

The encoder (Yang et al. 2019, arXiv 1907.04307) projects each token's embedding, runs three
branches of two convolutions (over 2, 3 and 5 tokens), normalises, sums over the sentence and ends
in a small dense network. Three facts make it cheap without changing its result:

- The embedding, its projection and, slot by slot, its product with the first convolution depend on
  the token's type alone. They are computed once per distinct token of a block, not per occurrence.
- A convolution over a window is the sum of its slots, so the first one becomes a sum of rows.
- Normalising and summing commute up to a scale and a shift per token, so only sums are kept.

Arrays: tokens run down the rows; one block holds the tokens of many sentences, end to end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from acuerdo.ports import Vectors

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]

DIMENSIONS: Final = 512
CHANNELS: Final = 256
WINDOWS: Final = ((2, 0), (3, 1), (5, 2))
"""(tokens in the window, how many of them stand before the current one) per branch."""
REACH: Final = 2
"""How far the widest window reaches to either side."""
FEATURES: Final = DIMENSIONS + len(WINDOWS) * CHANNELS
BLOCK_TOKENS: Final = 8192
"""Tokens among which repeated ones are computed once; about 15 KB of memory per distinct one."""
STRIP_TOKENS: Final = 512
"""Tokens convolved at once: few enough that a strip stays in the processor's cache."""


@dataclass(frozen=True)
class Branch:
    """Two convolutions over a window of `size` tokens, `left` of them before the current one.

    `first` (CHANNELS, size * CHANNELS) maps one token to its share in every slot, `second`
    (size * CHANNELS, CHANNELS) maps a whole window.
    """

    size: int
    left: int
    first: Floats
    first_bias: Floats
    second: Floats
    second_bias: Floats

    @property
    def slots(self) -> slice:
        """Columns of the widest window that belong to this one."""
        return slice(REACH - self.left, REACH - self.left + self.size)


@dataclass(frozen=True)
class Weights:
    """Everything the encoder learnt. `table` (pieces, DIMENSIONS) holds quantised embeddings;
    piece i is read as table[i] * scale[i % chunks] + low[i % chunks]."""

    table: npt.NDArray[np.uint8]
    scale: Floats
    low: Floats
    projection: Floats
    projection_bias: Floats
    projection_gain: Floats
    projection_shift: Floats
    branches: tuple[Branch, ...]
    gain: Floats
    shift: Floats
    output: Floats
    output_bias: Floats
    dense: Mapping[str, Floats]
    epsilon: float


class _Types(NamedTuple):
    """What depends on the type of a token alone; rows are distinct tokens of a block.

    `shares[branch]` is ((types + 1) * slots, CHANNELS), the slots of a type one after the other;
    those of the last, extra type are zero and stand for slots outside the
    sentence. `total` and `squares` sum an embedding and its squares.
    """

    embedding: Floats
    projected: Floats
    shares: tuple[Floats, ...]
    total: Floats
    squares: Floats


class SentenceNetwork:
    """Maps token ids of sentences to unit vectors, shape (sentences, DIMENSIONS)."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights

    def encode(self, sentences: Sequence[Sequence[int]]) -> Vectors:
        """Encode each sentence by itself; a sentence is a non-empty sequence of token ids."""
        lengths = np.fromiter(map(len, sentences), np.int64, len(sentences))
        vectors = np.empty((len(sentences), DIMENSIONS), np.float32)
        for start, stop in _runs(lengths, BLOCK_TOKENS):
            size = int(lengths[start:stop].sum())
            tokens = np.fromiter(chain.from_iterable(sentences[start:stop]), np.int64, size)
            vectors[start:stop] = self._block(tokens, lengths[start:stop])
        return vectors

    def _block(self, tokens: Integers, lengths: Integers) -> Floats:
        distinct, places = np.unique(tokens, return_inverse=True)
        types = self._types(distinct)
        sums = np.empty((len(lengths), FEATURES), np.float32)
        ends = np.cumsum(lengths)
        for start, stop in _runs(lengths, STRIP_TOKENS):
            strip = places[ends[start] - lengths[start] : ends[stop - 1]]
            sums[start:stop] = self._strip(strip, lengths[start:stop], types)
        return self._dense(sums, lengths.astype(np.float32)[:, None])

    def _types(self, distinct: Integers) -> _Types:
        weights = self._weights
        chunk = distinct % len(weights.scale)
        embedding = weights.table[distinct].astype(np.float32)
        embedding *= weights.scale[chunk, None]
        embedding += weights.low[chunk, None]
        projected: Floats = embedding @ weights.projection
        projected += weights.projection_bias
        projected -= projected.mean(axis=1, keepdims=True)
        variance = _squares(projected) / projected.shape[1]
        projected /= np.sqrt(variance + weights.epsilon)[:, None]
        projected *= weights.projection_gain
        projected += weights.projection_shift
        shares = tuple(
            _shares(projected[:, _channels(number)], branch)
            for number, branch in enumerate(weights.branches)
        )
        return _Types(embedding, projected, shares, embedding.sum(axis=1), _squares(embedding))

    def _strip(self, places: Integers, lengths: Integers, types: _Types) -> Floats:
        """Return the sum over each sentence of its normalised features, before gain and shift."""
        size = len(places)
        window = _windows(lengths, size)
        slot_types = np.append(places, len(types.total))[window]
        features = np.empty((size, FEATURES), np.float32)
        features[:, :DIMENSIONS] = types.embedding[places]
        total, squares = types.total[places], types.squares[places]
        for number, branch in enumerate(self._weights.branches):
            projected = types.projected[places, _channels(number)]
            shares = types.shares[number]
            hidden = _first(branch, shares, slot_types[:, branch.slots], projected)
            found = _second(branch, hidden, window[:, branch.slots])
            total += found.sum(axis=1)
            squares += _squares(found)
            features[:, DIMENSIONS:][:, _channels(number)] = found
        mean = total / FEATURES
        variance = np.maximum(squares / FEATURES - mean * mean, 0)
        scale = np.reciprocal(np.sqrt(variance + self._weights.epsilon))
        features *= scale[:, None]
        starts = np.cumsum(lengths) - lengths
        sums: Floats = np.add.reduceat(features, starts, axis=0)
        sums -= np.add.reduceat(mean * scale, starts)[:, None]
        return sums

    def _dense(self, sums: Floats, lengths: Floats) -> Floats:
        weights, dense = self._weights, self._weights.dense
        pooled = (sums * weights.gain + lengths * weights.shift) @ weights.output
        pooled += lengths * weights.output_bias
        pooled /= np.sqrt(lengths)
        inner = _rectified(pooled @ dense["d0"])
        joined = _rectified(pooled @ dense["p1"] + inner @ dense["d1"])
        outer = _rectified(joined @ dense["d2"])
        vectors: Floats = np.tanh(joined @ dense["p3"] + outer @ dense["d3"])
        vectors /= np.sqrt(np.maximum(_squares(vectors), weights.epsilon))[:, None]
        return vectors


def _runs(lengths: Integers, budget: int) -> Iterator[tuple[int, int]]:
    """Yield [start, stop) of consecutive sentences of at most `budget` tokens, at least one."""
    ends = np.cumsum(lengths)
    start = 0
    while start < len(lengths):
        limit = ends[start] - lengths[start] + budget
        stop = max(start + 1, int(np.searchsorted(ends, limit, side="right")))
        yield start, stop
        start = stop


def _windows(lengths: Integers, size: int) -> Integers:
    """Return the positions around each token; `size` stands for one outside its sentence."""
    ends = np.repeat(np.cumsum(lengths), lengths)[:, None]
    starts = ends - np.repeat(lengths, lengths)[:, None]
    positions = np.arange(size)[:, None] + np.arange(-REACH, REACH + 1)
    return np.where((positions >= starts) & (positions < ends), positions, size)


def _shares(projected: Floats, branch: Branch) -> Floats:
    shares = np.zeros((len(projected) + 1, branch.size * CHANNELS), np.float32)
    np.matmul(projected, branch.first, out=shares[:-1])
    return shares.reshape(-1, CHANNELS)


def _first(branch: Branch, shares: Floats, slot_types: Integers, projected: Floats) -> Floats:
    """Return the first convolution; one row more than tokens, the last one zero."""
    rows = slot_types * branch.size + np.arange(branch.size)
    hidden = np.empty((len(projected) + 1, CHANNELS), np.float32)
    inside = hidden[:-1]
    share = np.empty_like(inside)
    np.take(shares, rows[:, 0], axis=0, out=inside, mode="clip")
    for slot in range(1, branch.size):
        inside += np.take(shares, rows[:, slot], axis=0, out=share, mode="clip")
    inside += branch.first_bias
    np.maximum(inside, 0, out=inside)
    inside += projected
    hidden[-1] = 0
    return hidden


def _second(branch: Branch, hidden: Floats, window: Integers) -> Floats:
    inputs = np.take(hidden, window.ravel(), axis=0, mode="clip").reshape(len(window), -1)
    found: Floats = inputs @ branch.second
    found += branch.second_bias
    np.maximum(found, 0, out=found)
    found += hidden[:-1]
    return found


def _channels(number: int) -> slice:
    return slice(number * CHANNELS, (number + 1) * CHANNELS)


def _squares(rows: Floats) -> Floats:
    squares: Floats = np.einsum("ij,ij->i", rows, rows)
    return squares


def _rectified(values: Floats) -> Floats:
    np.maximum(values, 0, out=values)
    return values
