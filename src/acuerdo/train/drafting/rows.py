"""Examples of any length in rows of one length, so that every batch has the same shape.

On processors every new shape costs a compilation, and on GPUs padding costs time. Examples of a row
do not see each other: attention and positions start again with each (see `segments`).
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

IGNORED: Final = -100
"""The label of a token that is read and not learned."""


@dataclass(frozen=True, slots=True)
class Example:
    """A prompt and the statement that should follow it, as tokens; `group` says whose it is."""

    group: str
    prompt: tuple[int, ...]
    statement: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.prompt) + len(self.statement)


@dataclass(frozen=True, slots=True)
class Row:
    """Tokens and labels, (row_tokens,), and the lengths of the segments they consist of.

    `tokens` counts those of examples: the last segment may be filler.
    """

    input_ids: list[int]
    labels: list[int]
    seq_lengths: list[int]
    tokens: int


def packed_rows(
    examples: Sequence[Example], row_tokens: int, filler: int, random: np.random.Generator
) -> list[Row]:
    """Return rows in random order, each example whole in one of them.

    The longest first, each into the fullest row that has room for it (best-fit decreasing); which
    of two as long comes first is drawn. Examples longer than a row are left out.
    """
    order = random.permutation(len(examples))
    fitting = [examples[place] for place in order if len(examples[place]) <= row_tokens]
    fitting.sort(key=len, reverse=True)
    rows: list[list[Example]] = []
    room: list[tuple[int, int]] = []
    for example in fitting:
        at = bisect.bisect_left(room, (len(example), -1))
        if at == len(room):
            rows.append([])
            free, row = row_tokens, len(rows) - 1
        else:
            free, row = room.pop(at)
        rows[row].append(example)
        bisect.insort(room, (free - len(example), row))
    return [filled(rows[place], row_tokens, filler) for place in random.permutation(len(rows))]


def filled(examples: Sequence[Example], row_tokens: int, filler: int) -> Row:
    """Return one row of these examples; what is left is a segment of its own, never learned."""
    ids: list[int] = []
    labels: list[int] = []
    lengths = [len(example) for example in examples]
    for example in examples:
        ids += [*example.prompt, *example.statement]
        labels += [IGNORED] * len(example.prompt) + list(example.statement)
    tokens = len(ids)
    left = row_tokens - tokens
    if left:
        lengths.append(left)
    return Row(ids + [filler] * left, labels + [IGNORED] * left, lengths, tokens)
