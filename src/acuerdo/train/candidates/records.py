"""What was drafted for one group and what is expected of every draft, as it lies on disk."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from pydantic import BaseModel, ConfigDict

from acuerdo.domain.material import Material

WELFARE: Final = "welfare"
"""The part of a score that comes from people's predicted agreement."""


class ScoredDraft(BaseModel):
    """A draft that passed the screen.

    `parts` holds the predicted welfare and what each judge says, None where it cannot be said;
    `agreement` is everybody's predicted agreement (1-7) in the order of the opinions. `order` are
    the opinions in the order in which the prompt showed them, from 0.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str
    parts: Mapping[str, float | None]
    agreement: tuple[float | None, ...]
    order: tuple[int, ...]
    template: str = ""
    seed: int | None = None
    attempt: int = 1
    prompt_hash: str = ""

    def score(self, weights: Mapping[str, float]) -> float:
        """Return the weighted sum of the parts, nan if one of them is not known."""
        found = {name: self.parts.get(name) for name in weights}
        known = {name: value for name, value in found.items() if value is not None}
        if len(known) < len(found):
            return math.nan
        return math.fsum(weights[name] * value for name, value in known.items())


class GroupCandidates(BaseModel):
    """All drafts of one group that passed, how many did not and why, and who judged.

    `key` changes with the group's words and with everything that decides what is drafted for them.
    `tokens` counts prompt and completion; replies from the cache cost none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    group: str
    revision: bool
    model: str
    predictor: str
    welfare: str
    drafts: tuple[ScoredDraft, ...]
    rejected: Mapping[str, int]
    tokens: int = 0


def rounds_of(materials: Iterable[Material]) -> tuple[Material, ...]:
    """Return the first material of every round: a group may have several statements for one."""
    found: dict[str, Material] = {}
    for material in materials:
        found.setdefault(key_of(material, {}), material)
    return tuple(found.values())


def key_of(material: Material, recipe: Mapping[str, object]) -> str:
    """Return a hash of what a group was asked and said and of the recipe drafted by."""
    told = json.dumps([_content(material), sorted(recipe.items())], ensure_ascii=True, default=str)
    return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


def group_rng(material: Material, seed: int) -> np.random.Generator:
    """Return the group's own generator: what it draws depends on no other group and no model."""
    told = json.dumps(_content(material), ensure_ascii=True)
    digest = hashlib.blake2b(told.encode(), digest_size=8).digest()
    return np.random.default_rng([seed, int.from_bytes(digest, "big")])


def _content(material: Material) -> list[object]:
    return [
        material.group,
        material.question,
        material.context,
        material.language,
        material.opinions,
        material.previous,
        material.critiques,
    ]
