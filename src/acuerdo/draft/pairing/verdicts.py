"""Pairs from drafts that somebody read: one that can stand before its group, one that cannot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from typing import Final

from acuerdo.domain.material import GRADES, DraftPair, Material, Verdict
from acuerdo.domain.text import comparable

AUTHOR: Final = "a drafting model"
UNNAMED: Final = "unnamed"
"""How a reader without a name is called."""


@dataclass(frozen=True, slots=True)
class ReadPair:
    """A pair and the names of those who read its drafts, each once."""

    pair: DraftPair
    read_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """A draft with what all of its readers found; the fault is in the words of the first."""

    verdict: Verdict
    readers: tuple[str, ...]


def verdict_pairs(materials: Sequence[Material], verdicts: Iterable[Verdict]) -> Iterator[ReadPair]:
    """Yield a better and a worse draft of the same group; `reason` is the fault of the worse.

    Every wrong draft is held against one that was found fine or has but a slip, every slip against
    a fine one, the better ones in turn: such a pair differs in what is right and not in who wrote
    it. Every wrong draft that has no better one, and the first of every group, is held against the
    group's own statement: of several the first. A draft counts once, however it is spelled and
    however many read it, and not at all where they disagree on its grade. Verdicts on groups that
    are not among the materials are passed over; revisions get no pairs.
    """
    read: defaultdict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        read[verdict.group].append(verdict)
    groups: dict[tuple[str, str], Material] = {}
    for material in materials:
        if not material.revises:
            groups.setdefault((material.source, material.group), material)
    for material in groups.values():
        yield from _pairs_of(material, _agreed(read.get(material.group, [])))


def _agreed(verdicts: Iterable[Verdict]) -> list[_Read]:
    """Return each draft whose readers agree on its grade, in the order of the first verdicts."""
    by_draft: defaultdict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        by_draft[comparable(verdict.draft)].append(verdict)
    return [
        _Read(same[0], _names(one.reader for one in same))
        for same in by_draft.values()
        if len({one.grade for one in same}) == 1
    ]


def _pairs_of(material: Material, drafts: Sequence[_Read]) -> Iterator[ReadPair]:
    fine, slips, wrong = ([one for one in drafts if one.verdict.grade == g] for g in GRADES)
    own = comparable(material.statement)
    unlike = [one for one in wrong if comparable(one.verdict.draft) != own]
    for one in unlike[:1] if fine or slips else unlike:
        yield _pair(material, one, one.readers)
    for better, worse in ((fine or slips, wrong), (fine, slips)):
        for good, bad in zip(cycle(better), worse, strict=False):
            written = replace(material, statement=good.verdict.draft, author=AUTHOR)
            yield _pair(written, bad, _names((*good.readers, *bad.readers)))


def _pair(better: Material, worse: _Read, readers: tuple[str, ...]) -> ReadPair:
    return ReadPair(DraftPair(better, worse.verdict.draft, worse.verdict.why), readers)


def _names(readers: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reader or UNNAMED for reader in readers))
