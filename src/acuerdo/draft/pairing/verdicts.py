"""Pairs from drafts that somebody read: one that can stand before its group, one that cannot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import cycle
from typing import Final

from acuerdo.domain.material import GRADES, DraftPair, Material, Verdict

AUTHOR: Final = "a drafting model"


def verdict_pairs(
    materials: Sequence[Material], verdicts: Iterable[Verdict]
) -> Iterator[DraftPair]:
    """Yield a better and a worse draft of the same group; `reason` is the fault of the worse.

    Every wrong draft is held against one that was found fine or has but a slip, every slip against
    a fine one, the better ones in turn: such a pair differs in what is right and not in who wrote
    it. Every wrong draft that has no better one, and the first of every group, is held against the
    group's own statement. Verdicts on groups that are not among the materials are passed over;
    revisions get no pairs.
    """
    read: defaultdict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        read[verdict.group].append(verdict)
    for material in materials:
        if not material.revises:
            yield from _pairs_of(material, read.get(material.group, []))


def _pairs_of(material: Material, verdicts: Sequence[Verdict]) -> Iterator[DraftPair]:
    fine, slips, wrong = ([one for one in verdicts if one.grade == grade] for grade in GRADES)
    for number, one in enumerate(wrong):
        if number == 0 or not (fine or slips):
            yield DraftPair(material, one.draft, one.why)
    for better, worse in ((fine or slips, wrong), (fine, slips)):
        for good, bad in zip(cycle(better), worse, strict=False):
            written = replace(material, statement=good.draft, author=AUTHOR)
            yield DraftPair(written, bad.draft, bad.why)
