"""Which seed questions a request shows: a fresh draw for each, mixed in area and leaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Final, TypeVar

import numpy as np

from acuerdo.domain.questions import DebateQuestion

_SEEDS: Final = 2**31

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Draw:
    """The examples of one request and the seed that its reply is drawn with."""

    number: int
    seed: int
    shown: tuple[DebateQuestion, ...]


def draw_of(number: int, seeds: Sequence[DebateQuestion], shown: int, seed: int) -> Draw:
    """Return what request `number` (from 0) shows; depends on nothing but these four.

    `shown` of the seeds, fewer if there are no more: areas take turns, so that none is there twice
    before every other is there once, and so do leanings as far as there are seeds. They stand in a
    random order, so that the place in the list says nothing.
    """
    rng = np.random.default_rng([seed, number])
    reply_seed = int(rng.integers(_SEEDS))
    waiting = [seeds[place] for place in rng.permutation(len(seeds))]
    areas = _shuffled(sorted({question.area for question in seeds}), rng)
    leanings = cycle(_shuffled(sorted({question.leans for question in seeds}), rng))
    drawn: list[DebateQuestion] = []
    for area in cycle(areas):
        if len(drawn) >= shown or not waiting:
            break
        here = [question for question in waiting if question.area == area]
        if here:
            leaning = next(leanings)
            # Of an area with nothing left that leans this way, the next in line.
            found = next((question for question in here if question.leans == leaning), here[0])
            waiting.remove(found)
            drawn.append(found)
    return Draw(number, reply_seed, tuple(_shuffled(drawn, rng)))


def _shuffled(items: Sequence[Item], rng: np.random.Generator) -> list[Item]:
    return [items[place] for place in rng.permutation(len(items))]
