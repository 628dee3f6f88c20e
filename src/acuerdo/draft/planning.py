"""Which prompt and which seed every draft gets, settled before the first request."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from acuerdo.domain.records import PersonId

SEEDS: Final = 2**31 - 1
"""Seeds lie below this, which every back end accepts."""

Order = tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The order of people and the seed for every slot and attempt.

    A slot is one wanted candidate. All attempts of a slot share its order, so that a redraw finds
    its prompt already computed. Seeds do not depend on what failed before: a run that is repeated
    after faults asks for the same drafts again and finds them in the cache.
    """

    orders: tuple[Order, ...]
    seeds: tuple[tuple[int, ...], ...]

    def order(self, slot: int) -> Order:
        """Return the order of people for a slot; neighbouring slots share it."""
        return self.orders[slot * len(self.orders) // len(self.seeds)]


def make_plan(
    people: Sequence[PersonId],
    *,
    slots: int,
    orders: int,
    attempts: int,
    rng: np.random.Generator,
) -> Plan:
    """Draw at most `orders` different random orders and a seed of its own for every attempt.

    Drafts of one order and attempt have consecutive seeds, since some engines read a prompt once
    for seeds that follow each other. No seed is used twice.
    """
    wanted = min(orders, slots, math.factorial(len(people)))
    drawn: dict[Order, None] = {}
    while len(drawn) < wanted:
        drawn[tuple(people[place] for place in rng.permutation(len(people)))] = None
    bases = rng.choice(SEEDS // slots - 1, size=(wanted, attempts), replace=False) * slots
    seeds = tuple(
        tuple(int(base) + slot for base in bases[slot * wanted // slots]) for slot in range(slots)
    )
    return Plan(tuple(drawn), seeds)
