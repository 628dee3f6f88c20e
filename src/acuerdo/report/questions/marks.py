"""Colours and shapes of topics: near topics never share both, so that nobody needs colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

COLOURS: Final = 8
"""How many colours the style sheet has: `.c0` to `.c7`, told apart with any colour vision."""
SHAPES: Final[tuple[str, ...]] = (
    "M0-3.4a3.4 3.4 0 1 1-.01 0z",
    "M-3-3h6v6h-6z",
    "M0-4L4 3H-4z",
    "M0-4.3L4.3 0 0 4.3-4.3 0z",
    "M-1.3-4h2.6v2.7H4v2.6H1.3V4h-2.6V1.3H-4v-2.6h2.7z",
    "M-4-3H4L0 4z",
)
"""Paths of the shapes around 0, 0, about 8 units wide."""
NO_TOPIC: Final = (COLOURS, 0)
"""The mark of questions without a topic: small and grey."""

Place = tuple[float, float]
Mark = tuple[int, int]


def marks_of(centres: Sequence[Place]) -> list[Mark]:
    """Return (colour, shape) for topics by the centre of each, shape counting from 0.

    One after the other gets the pair whose nearest user is furthest away, where another topic of
    the same colour counts as half as far: neighbours differ in colour first, then in shape.
    """
    marks: list[Mark] = []
    for number, (x, y) in enumerate(centres):
        options = [
            (colour, (number + shape) % len(SHAPES))
            for colour in range(COLOURS)
            for shape in range(len(SHAPES))
        ]
        near = [
            ((x - other_x) ** 2 + (y - other_y) ** 2, mark)
            for (other_x, other_y), mark in zip(centres, marks, strict=False)
        ]

        def room(option: Mark, near: list[tuple[float, Mark]] = near) -> float:
            same = min((d for d, mark in near if mark == option), default=float("inf"))
            colour = min((d for d, mark in near if mark[0] == option[0]), default=float("inf"))
            return min(same / 4, colour)

        marks.append(max(options, key=room))
    return marks
