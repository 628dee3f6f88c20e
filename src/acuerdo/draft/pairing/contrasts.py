"""Statements that a group must not get, made from what is known: pairs for learning preferences.

The better side of a pair is always the group's own statement. The worse one takes the wrong stance
in a way that is known beforehand; no model is asked and nothing is predicted.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal

from acuerdo.domain.material import DraftPair, Material
from acuerdo.domain.text import comparable
from acuerdo.draft.pairing.negation import declares_split, negated
from acuerdo.draft.pairing.sides import Side, majority, side_of
from acuerdo.draft.pairing.voices import voices_swapped

Contrast = Literal["other_side", "negated", "voices"]
CONTRASTS: Final[tuple[Contrast, ...]] = ("other_side", "negated", "voices")
"""other_side: the statement of a group on the same question whose majority thinks the opposite.
negated: the group's own statement with its stance turned round by rules. voices: the group's own
statement with majority and minority in each other's place."""


def contrasting_pairs(
    materials: Sequence[Material],
    labels: Mapping[str, Side] | None = None,
    *,
    kinds: Iterable[Contrast] = CONTRASTS,
    seed: int = 0,
) -> Iterator[DraftPair]:
    """Yield at most one pair of each kind for every material; `reason` is the kind.

    `labels` (see `labels_of`) tells people's sides: a group of which anybody's side is unknown, or
    that is split evenly or says that it is, gives no pair "other_side". The other group is drawn
    by `seed` and the material itself, so that adding data changes as little as possible. Only
    groups of the same split are paired. "negated" and "voices" are for English.
    """
    makers: dict[Contrast, Callable[[Material], str]] = {
        "other_side": _OtherSides(materials, labels or {}, seed).statement_for,
        "negated": _negated,
        "voices": _with_voices_swapped,
    }
    wanted = list(kinds)
    for material in materials:
        for kind in wanted:
            rejected = makers[kind](material)
            if comparable(rejected) not in ("", comparable(material.statement)):
                yield DraftPair(material, rejected, kind)


def _negated(material: Material) -> str:
    return negated(material.statement, material.question) if _english(material) else ""


def _with_voices_swapped(material: Material) -> str:
    return voices_swapped(material.statement) if _english(material) else ""


def _english(material: Material) -> bool:
    return material.language.lower().split("-")[0] in ("", "en")


class _OtherSides:
    """Finds statements of groups on the same question whose majority thinks the opposite."""

    def __init__(
        self, materials: Sequence[Material], labels: Mapping[str, Side], seed: int
    ) -> None:
        self._labels = labels
        self._seed = seed
        self._known: dict[str, Side] = {}
        self._statements: defaultdict[tuple[str, str, Side], list[Material]] = defaultdict(list)
        for material in materials:
            side = self._side(material)
            if side:
                self._statements[(*_whole(material), side)].append(material)

    def statement_for(self, material: Material) -> str:
        """Return a statement of the other side, "" if there is none or no side is known."""
        side = self._side(material)
        others = self._statements.get((*_whole(material), -1 if side == 1 else 1), [])
        alike = [other for other in others if other.revises == material.revises] or others
        if not side or not alike:
            return ""
        return min(alike, key=lambda other: self._lot(material, other)).statement

    def _side(self, material: Material) -> Side:
        if _english(material) and declares_split(material.statement):
            return 0
        return majority([self._side_of(opinion) for opinion in material.opinions])

    def _side_of(self, opinion: str) -> Side:
        if opinion not in self._known:
            self._known[opinion] = side_of(opinion, self._labels)
        return self._known[opinion]

    def _lot(self, material: Material, other: Material) -> bytes:
        told = f"{self._seed}\0{material.group}\0{material.revises}\0{other.group}"
        return hashlib.blake2b(told.encode(), digest_size=8).digest()


def _whole(material: Material) -> tuple[str, str]:
    return comparable(material.question), material.split
