"""Material as examples: the prompt that drafting would send, and the statement to learn."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import factorial
from typing import Final

import numpy as np

from acuerdo.domain.completions import Message
from acuerdo.domain.errors import SettingsError
from acuerdo.domain.material import Material
from acuerdo.domain.records import PersonId
from acuerdo.prompts import check_template, render_draft, reply_with

TEMPLATE: Final = "plain"
ORDERS: Final = 4


@dataclass(frozen=True, slots=True)
class Example:
    """One prompt and the reply that should follow; only the reply is learnt.

    `order` lists the places (from 0) of the material's opinions as the prompt has them. `id` is
    the group, the kind ("first" or "revision"), which of the group's statements of that kind it
    is, and which order.
    """

    id: str
    material: Material
    order: tuple[int, ...]
    template: str
    messages: tuple[Message, ...]

    @property
    def reply(self) -> str:
        """The text to learn: `reply_saying` the material's statement."""
        return self.reply_saying(self.material.statement)

    def reply_saying(self, statement: str) -> str:
        """Return a statement as this prompt wants it: after notes of what people say if it asks.

        Raises InputError if it asks for notes and the material has none.
        """
        notes = [self.material.notes[place] for place in self.order if self.material.notes]
        return reply_with(statement, self.template, notes)


def build_examples(
    materials: Iterable[Material],
    *,
    template: str = TEMPLATE,
    orders: int = ORDERS,
    revision_orders: int | None = None,
    seed: int = 0,
) -> tuple[Example, ...]:
    """Return each material as examples with its opinions in `orders` different random orders.

    Fewer where there are not so many orders (2 for two people); revisions in `revision_orders`, by
    default as many. Which orders depends on the seed and the example's id, not on what else is
    built. Raises SettingsError for an unknown template or fewer than one order.
    """
    check_template(template)
    numbers = (orders, orders if revision_orders is None else revision_orders)
    if min(numbers) < 1:
        raise SettingsError(
            f"{min(numbers)} orders of opinions cannot be drawn", fix="At least one is needed."
        )
    seen: Counter[str] = Counter()
    found: list[Example] = []
    for material in materials:
        kind = "revision" if material.revises else "first"
        seen[f"{material.source}\0{material.group}:{kind}"] += 1
        count = seen[f"{material.source}\0{material.group}:{kind}"]
        name = f"{material.group}:{kind}:{count}"
        wanted = numbers[material.revises]
        for number, order in enumerate(orders_of(len(material.opinions), wanted, name, seed), 1):
            found.append(example_of(material, order, template, f"{name}:{number}"))
    return tuple(found)


def example_of(material: Material, order: tuple[int, ...], template: str, name: str) -> Example:
    """Return one example, its prompt rendered as for drafting."""
    people = [PersonId(str(place + 1)) for place in order]
    messages = render_draft(material.round(), people, template)
    return Example(name, material, order, template, messages)


def orders_of(people: int, wanted: int, name: str, seed: int) -> Iterator[tuple[int, ...]]:
    """Yield `wanted` different random orders of so many people, or as many as there are."""
    told = hashlib.blake2b(f"{seed}\0{name}".encode(), digest_size=16).digest()
    random = np.random.default_rng(int.from_bytes(told, "big"))
    seen: set[tuple[int, ...]] = set()
    # Nine people have 362,880 orders; beyond that nobody asks for all of them.
    available = factorial(min(people, 9))
    while len(seen) < min(wanted, available):
        order = tuple(random.permutation(people).tolist())
        if order not in seen:
            seen.add(order)
            yield order
