"""Pairs of arguments as judgements: a first lesson in who would agree with what.

An argument stands for the opinion of somebody who would make it. They agree with another argument
on their side of the thesis and disagree with one on the other side; and they agree more with a key
point that says what they said than with one on their side that says something else. Each source has
thresholds of its own on the one latent, so "covered" may lie higher than "on my side".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from acuerdo.datasets import read_arguments, read_key_points, read_perspectives
from acuerdo.domain.errors import InputError
from acuerdo.domain.judgements import Judgement, Judgements
from acuerdo.train.data import RunData, Source, parts_of
from acuerdo.train.runs import Data, Stance


@dataclass(frozen=True, slots=True)
class Side:
    """A text on one side of a thesis; texts of one `group` (0: none) say the same."""

    thesis: str
    text: str
    supports: bool
    group: int = 0


@dataclass(frozen=True, slots=True)
class _Pair:
    thesis: str
    own: str
    other: str
    agrees: bool
    number: int

    def judgement(self, source: str, licence: str) -> Judgement:
        return Judgement(
            source=source,
            licence=licence,
            conversation=self.thesis,
            language="en",
            question=self.thesis,
            context="",
            person=str(self.number),
            opinion=self.own,
            statement=self.other,
            value=1.0 if self.agrees else -1.0,
            scale="binary",
        )


def stance_pairs(
    sides: Sequence[Side], per_argument: int, source: str, licence: str, seed: int
) -> Judgements:
    """Draw up to `per_argument` partners on its thesis for every text, half of them on its side.

    Texts that say the same as the first are left out: they would teach to compare words.
    """
    random = np.random.default_rng(seed)
    places: dict[tuple[str, bool], list[int]] = {}
    for place, side in enumerate(sides):
        places.setdefault((side.thesis, side.supports), []).append(place)
    rows = []
    for place, side in enumerate(sides):
        for same in (True, False):
            partners = [
                other
                for other in places.get((side.thesis, side.supports is same), [])
                if other != place and not (side.group and sides[other].group == side.group)
            ]
            wanted = min(-(-per_argument // 2) if same else per_argument // 2, len(partners))
            for other in random.choice(partners, wanted, replace=False) if wanted else ():
                pair = _Pair(side.thesis, side.text, sides[int(other)].text, same, place)
                rows.append(pair.judgement(source, licence))
    return Judgements.of(rows)


def _argument_sides(path: Path) -> tuple[list[Side], str, str]:
    found = read_arguments(path)
    sides = [Side(one.topic, one.text, one.stance > 0) for one in found]
    return sides, found[0].source, found[0].licence


def _perspective_sides(path: Path) -> tuple[list[Side], str, str]:
    found = read_perspectives(path)
    sides = [Side(one.claim, one.text, one.supports, one.group) for one in found]
    return sides, found[0].source, found[0].licence


SIDE_READERS: Final[Mapping[str, Callable[[Path], tuple[list[Side], str, str]]]] = {
    "ibm_argq_rank_30k": _argument_sides,
    "perspectrum": _perspective_sides,
}


def _arguments(path: Path, per_argument: int, seed: int) -> Judgements:
    sides, source, licence = _argument_sides(path)
    return stance_pairs(sides, per_argument, source, licence, seed)


def _perspectives(path: Path, per_argument: int, seed: int) -> Judgements:
    sides, source, licence = _perspective_sides(path)
    return stance_pairs(sides, per_argument, source, licence, seed)


def _key_points(path: Path, per_argument: int, seed: int) -> Judgements:
    """Does a key point cover an argument? All pairs there are: each was judged by people."""
    del per_argument, seed
    numbers: dict[str, int] = {}
    rows = []
    for one in read_key_points(path):
        number = numbers.setdefault(one.argument, len(numbers))
        pair = _Pair(one.topic, one.argument, one.key_point, one.covers, number)
        rows.append(pair.judgement(one.source, one.licence))
    return Judgements.of(rows)


ARGUMENT_READERS: Final[Mapping[str, Callable[[Path, int, int], Judgements]]] = {
    "ibm_argq_rank_30k": _arguments,
    "perspectrum": _perspectives,
    "ibm_argkp_2021": _key_points,
}


def read_stance(stance: Stance, seed: int) -> RunData:
    """Read the arguments of a run, split by whole theses.

    Raises InputError for an unknown reader, unusable files or a part without rows.
    """
    training: list[Source] = []
    validation: list[Source] = []
    for number, entry in enumerate(stance.data, start=1):
        where = f"[stance.data {number}], {entry.path}"
        if entry.reader not in ARGUMENT_READERS:
            known = ", ".join(sorted(ARGUMENT_READERS))
            raise InputError(
                f"there is no reader {entry.reader!r}", where=where, fix=f"There are: {known}."
            )
        table = ARGUMENT_READERS[entry.reader](Path(entry.path), stance.per_argument, seed)
        training += _part(table, entry, entry.train, where)
        validation += _part(table, entry, entry.validation, where)
    return RunData(tuple(training), tuple(validation))


@dataclass(frozen=True, slots=True, eq=False)
class SideSource:
    """Texts of one source and part of the split, and a judgement per text that describes them."""

    part: str
    sides: tuple[Side, ...]
    described: Source


def read_sides(stance: Stance) -> list[SideSource]:
    """Read texts with their sides, for training and validation, split by whole theses.

    Raises InputError for a reader that does not tell sides, unusable files or an empty part.
    """
    found: list[SideSource] = []
    for number, entry in enumerate(stance.data, start=1):
        where = f"[stance.data {number}], {entry.path}"
        if entry.reader not in SIDE_READERS:
            raise InputError(
                f"the reader {entry.reader!r} does not tell sides",
                where=where,
                fix=f"Use one of: {', '.join(SIDE_READERS)}.",
            )
        sides, source, licence = SIDE_READERS[entry.reader](Path(entry.path))
        table = Judgements.of(
            [
                _Pair(side.thesis, side.text, side.thesis, side.supports, place).judgement(
                    source, licence
                )
                for place, side in enumerate(sides)
            ]
        )
        parts = parts_of(table, entry)
        for part, wanted in (("train", entry.train), ("validation", entry.validation)):
            rows = np.flatnonzero(np.isin(parts, wanted))
            if not len(rows):
                raise InputError(f"no rows in {', '.join(wanted) or part}", where=where)
            found.append(
                SideSource(part, tuple(sides[int(row)] for row in rows), Source(table.take(rows)))
            )
    return found


def _part(table: Judgements, entry: Data, wanted: Sequence[str], where: str) -> list[Source]:
    rows = np.flatnonzero(np.isin(parts_of(table, entry), wanted))
    if wanted and not len(rows):
        raise InputError(f"no rows in {', '.join(wanted)}", where=where)
    return [Source(table.take(rows), entry.weight, entry.objectives)] if len(rows) else []
