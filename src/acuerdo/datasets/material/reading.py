"""What every reader of material takes and gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from acuerdo.domain.errors import InputError
from acuerdo.domain.material import Material

QUALITY_ABOVE: Final = 5.0
"""Statements are learnt from if people rated their quality (1-7) above this on average."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found: material, and how many statements it left out for which reason."""

    materials: tuple[Material, ...]
    dropped: Mapping[str, int] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class ReaderOptions:
    """How rated statements are chosen: by a mean quality (1-7) above `quality_above`.

    `quality_levels` are the names of the seven levels, worst first, for files that hold names.
    """

    quality_above: float = QUALITY_ABOVE
    quality_levels: tuple[str, ...] = ()


Reader = Callable[[Path, ReaderOptions], Reading]
"""Reads a file or folder. Raises InputError naming file, line and field."""


def quality_reason(above: float) -> str:
    """Return how reports call statements that were not rated well enough."""
    return f"mean quality not above {above:g}"


def material_of(
    where: str,
    *,
    group: str,
    question: str,
    opinions: tuple[str, ...],
    statement: str,
    previous: str = "",
    critiques: tuple[str, ...] = (),
    context: str = "",
    language: str = "",
    split: str = "",
    source: str = "",
    licence: str = "",
    author: str = "",
    notes: tuple[str, ...] = (),
) -> Material:
    """Return the material, with the place in the file in the error if it cannot be one."""
    try:
        material = Material(
            group=group,
            question=question,
            opinions=opinions,
            statement=statement,
            previous=previous,
            critiques=critiques,
            context=context,
            language=language or "en",
            split=split,
            source=source,
            licence=licence,
            author=author,
            notes=notes,
        )
        # What no round takes (31 opinions, 10,000 characters in one) is told now, with its place.
        material.round()
    except InputError as error:
        raise InputError(error.what, where=where, fix=error.fix) from None
    return material
