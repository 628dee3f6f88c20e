"""Which groups are drafted for: a few of each held-out question, drawn once."""

from __future__ import annotations

from collections.abc import Iterable

from acuerdo.domain.errors import InputError
from acuerdo.domain.material import Material
from acuerdo.evaluate.drafts.records import group_rng


def sample_material(
    materials: Iterable[Material], split: str, per_question: int, seed: int
) -> tuple[Material, ...]:
    """Draw up to `per_question` groups of every question of a split, first drafts only.

    A group is drawn or not whichever order the file is in; fewer groups per question are a part of
    more. Raises InputError if no group is left.
    """
    by_question: dict[str, list[Material]] = {}
    found: set[str] = set()
    for material in materials:
        found.add(material.split)
        if material.split == split and not material.revises:
            by_question.setdefault(material.question, []).append(material)
    if not by_question or per_question < 1:
        raise InputError(
            f"no group is left to draft for in the split {split!r}",
            where="material",
            fix=f"The file has the splits {', '.join(sorted(found)) or 'none'}; first drafts of at "
            "least one question are needed, and at least one group per question.",
        )
    return tuple(
        material
        for question in sorted(by_question)
        for material in _drawn(by_question[question], per_question, seed)
    )


def _drawn(materials: list[Material], count: int, seed: int) -> list[Material]:
    """Give every group a lot of its own and take the lowest."""
    return sorted(materials, key=lambda one: float(group_rng(one, seed, 1).random()))[:count]
