"""What an arm wrote for a group, and what it is asked to write for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from acuerdo.domain.material import Material

Origin = Literal["model", "extractive", "opinion", "longest", "reference"]
"""Who wrote a draft: a language model; sentences taken from the opinions; one person's opinion;
the longest opinion; whoever wrote the statement of the material."""


WITHOUT: Final = 10
"""From here on are the generators' uses of a task without a person; each use has its own stream."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A text as an arm wrote it, good or bad; "" where nothing came.

    `order` are the opinions in the order in which the prompt showed them, from 0. `raw` is the
    model's whole reply where the statement is only a part of it. `fault` says why there is no text.
    """

    text: str
    origin: Origin
    template: str = ""
    finish: Literal["stop", "length"] = "stop"
    seed: int | None = None
    order: tuple[int, ...] = ()
    raw: str = ""
    fault: str = ""

    @property
    def blank(self) -> bool:
        """Whether there is nothing to measure: no text, or only signs, such as "***"."""
        return not any(map(str.isalnum, self.text))


Drafts = tuple[Draft, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """Drafts wanted for one group: how many, with which seed, whose opinion is left out.

    Two arms with the same task get the same orders of opinions and the same sampling seeds.
    """

    material: Material
    candidates: int
    seed: int
    without: int | None = None

    @property
    def shown(self) -> Material:
        """The material that a drafter sees: without the person left out."""
        return self.material if self.without is None else left_out(self.material, self.without)

    def rng(self) -> np.random.Generator:
        """Return the generator that all arms draw orders and seeds from."""
        use = 0 if self.without is None else WITHOUT + self.without
        return group_rng(self.material, self.seed, use)

    def key(self, writer: Sequence[object]) -> str:
        """Return a hash of the task and of who writes: drafts are kept under it."""
        told = [*writer, group_hash(self.material), self.candidates, self.seed, self.without]
        return _hash(told)


def left_out(material: Material, person: int) -> Material:
    """Return the material as if one person, by position, had never been there."""
    opinions = _others(material.opinions, person)
    return replace(material, opinions=opinions, critiques=_others(material.critiques, person))


def group_hash(material: Material) -> str:
    """Return a hash of what a group was asked and said."""
    return _hash(
        [
            material.group,
            material.question,
            material.context,
            material.language,
            material.opinions,
            material.previous,
            material.critiques,
        ]
    )


def group_rng(material: Material, seed: int, *use: int) -> np.random.Generator:
    """Return a generator of the group's own, so that it draws the same whichever others there are.

    `use` tells apart what is drawn: 0 orders and seeds, 1 which groups, 2 ties, 3 who is left out,
    `WITHOUT` and more orders and seeds without a person.
    """
    return np.random.default_rng([seed, int(group_hash(material)[:16], 16), *use])


def _others(texts: tuple[str, ...], person: int) -> tuple[str, ...]:
    return tuple(text for place, text in enumerate(texts) if place != person)


def _hash(content: object) -> str:
    text = json.dumps(content, ensure_ascii=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
