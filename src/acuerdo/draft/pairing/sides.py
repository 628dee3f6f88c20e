"""Which side of a question people stand on, where their words come with a known stance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from acuerdo.domain.text import comparable

Side = Literal[-1, 0, 1]
"""For (1) or against (-1) what the question asks, or not known (0)."""


def labels_of(labelled: Iterable[tuple[str, Side]]) -> dict[str, Side]:
    """Return the side of every text, by its words; a text found on both sides has none.

    >>> labels_of([("Cats are kind.", 1), ("cats are kind", -1), ("Cats bite.", -1)])
    {'cats are kind': 0, 'cats bite': -1}
    """
    found: dict[str, Side] = {}
    for text, side in labelled:
        words = comparable(text)
        if words:
            found[words] = side if found.get(words, side) == side else 0
    return found


def side_of(opinion: str, labels: Mapping[str, Side]) -> Side:
    """Return the side of an opinion that is one labelled text, or several in a row of one side.

    `labels` is what `labels_of` returns. 0 if it is made of anything else.
    """
    words = comparable(opinion).split()
    sides: set[Side] = set()
    start = 0
    while start < len(words):
        for end in range(len(words), start, -1):
            side = labels.get(" ".join(words[start:end]), 0)
            if side:
                sides.add(side)
                start = end
                break
        else:
            return 0
    return sides.pop() if len(sides) == 1 else 0


def majority(sides: Sequence[Side]) -> Side:
    """Return the side of more than half of the people, 0 if there is none or it is not known.

    Everybody's side must be known: a group with one unknown has none.

    >>> majority([1, 1, -1]), majority([1, -1]), majority([1, 1, 0])
    (1, 0, 0)
    """
    if not sides or 0 in sides:
        return 0
    total = sum(sides)
    return 1 if total > 0 else -1 if total < 0 else 0
