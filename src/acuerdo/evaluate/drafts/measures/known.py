"""Stances that people labelled: opinions made of arguments whose side is published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from acuerdo.domain.text import comparable

Known = TypeVar("Known")


def begins_with(opinion: str, known: Mapping[str, Known]) -> Known | None:
    """Return what is known of the longest argument that an opinion begins with, None if of none.

    The keys of `known` are arguments as `comparable` texts.
    """
    spoken = comparable(opinion).split(" ")
    starts = (" ".join(spoken[:end]) for end in range(len(spoken), 0, -1))
    return next((known[start] for start in starts if start in known), None)


def known_stances(
    opinions: Iterable[tuple[str, str]], arguments: Mapping[str, int]
) -> dict[tuple[str, str], float]:
    """Return P(for) of those (question, opinion) that begin with a published argument: 1 or 0.

    `arguments` gives the side of each, 1 or -1. An opinion that joins two of them takes the side of
    the first, the longest that fits; in this project's groups both are of one side.
    """
    sides = {comparable(text): side for text, side in arguments.items()}
    found: dict[tuple[str, str], float] = {}
    for question, opinion in opinions:
        side = begins_with(opinion, sides)
        if side:
            found[question, opinion] = 1.0 if side > 0 else 0.0
    return found
