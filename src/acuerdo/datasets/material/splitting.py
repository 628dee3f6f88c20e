"""Which material is for training and which is held out: whole questions, never both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from acuerdo.datasets.judging.leaks import text_leaks
from acuerdo.datasets.judging.splits import Splits, check_shares, dealt, read_splits
from acuerdo.datasets.material.questions import clusters, meaning
from acuerdo.domain.errors import InputError
from acuerdo.domain.material import Material
from acuerdo.domain.text import comparable

TRAIN: Final = "train"
VALIDATION: Final = "validation"
SHARES: Final[Mapping[str, float]] = {TRAIN: 0.8, VALIDATION: 0.1, "test": 0.1}

_QUESTION_LEAKED: Final = "question is held out elsewhere"
_TEXT_LEAKED: Final = "an opinion or statement is held out elsewhere"


@dataclass(frozen=True, slots=True)
class Separated:
    """Material without what stood on two sides; `dropped` counts what was left out and why."""

    materials: tuple[Material, ...]
    dropped: Mapping[str, int]


def settled(
    materials: Sequence[Material],
    *,
    splits: Path | None = None,
    shares: Mapping[str, float] = SHARES,
    seed: int = 0,
) -> tuple[Material, ...]:
    """Return the material, each with a split.

    A file of splits (`read_splits`) names questions by source: the question itself, or a thesis of
    the same words ("We should ban zoos" for "Should we ban zoos?"). What it does not name keeps the
    split it came with. Where there is neither for any, whole questions are dealt by `shares` and
    `seed`, those that are nearly the same together. Raises InputError if the file contradicts the
    material, or if some have a split and others have none, SettingsError for impossible shares.
    """
    named = _named(materials, read_splits(splits)) if splits else [m.split for m in materials]
    missing = [m for m, split in zip(materials, named, strict=True) if not split]
    if not missing:
        return tuple(replace(m, split=split) for m, split in zip(materials, named, strict=True))
    if len(missing) < len(materials):
        raise InputError(
            f"{len(missing)} of {len(materials)} statements have no split, the first is of the "
            f"question {missing[0].question[:80]!r} of {missing[0].source!r}",
            where=str(splits or missing[0].group),
            fix="Name a split for each, or for none, so that they are dealt by shares.",
        )
    return _by_shares(materials, shares, seed)


def separated(materials: Sequence[Material], aside: Iterable[Material] = ()) -> Separated:
    """Leave out training material of questions, opinions and statements that are held out.

    Questions count as the same if they are so nearly (`same_questions`), opinions and statements as
    in `text_leaks`. Of two held-out sides, validation gives way to every other. `aside` is material
    that is not used, but that holds out what it has in common with the others all the same, by its
    split: it is neither returned nor counted.
    """
    dropped: Counter[str] = Counter()
    kept, others = list(materials), list(aside)
    for giving_way in (TRAIN, VALIDATION):
        weaker = (TRAIN, VALIDATION)[: (TRAIN, VALIDATION).index(giving_way) + 1]
        held_out = [m for m in (*kept, *others) if m.split not in weaker]
        mine = [m for m in kept if m.split == giving_way]
        questions = _leaked_questions(mine, held_out)
        # A leak names one spelling of a text; the others leak as well.
        texts = {comparable(leak.one) for leak in text_leaks(_texts(mine), _texts(held_out))}
        left_out: set[int] = set()
        for material in mine:
            if material.question in questions:
                dropped[_QUESTION_LEAKED] += 1
            elif texts.intersection(map(comparable, _texts([material]))):
                dropped[_TEXT_LEAKED] += 1
            else:
                continue
            left_out.add(id(material))
        kept = [m for m in kept if id(m) not in left_out]
    return Separated(tuple(kept), dropped)


def _named(materials: Sequence[Material], splits: Splits) -> list[str]:
    theses = {
        source: {meaning(whole): split for whole, split in wholes.items()}
        for source, wholes in splits.by_source.items()
    }
    found: list[str] = []
    for material in materials:
        name = splits.of(material.source, material.question) or theses.get(material.source, {}).get(
            meaning(material.question), ""
        )
        if name and material.split and name != material.split:
            raise InputError(
                f"{material.group} is in the split {material.split!r} by itself, but its question "
                f"{material.question[:80]!r} is in {name!r} by this file",
                where=splits.file,
                fix="Correct whichever is wrong: a question must be on one side only.",
            )
        found.append(name or material.split)
    return found


def _by_shares(
    materials: Sequence[Material], shares: Mapping[str, float], seed: int
) -> tuple[Material, ...]:
    check_shares(shares)
    cluster = clusters(material.question for material in materials)
    wholes = sorted(set(cluster.values()))
    if len(wholes) < len(shares):
        raise InputError(
            f"{len(wholes)} questions cannot be divided into {len(shares)} splits",
            fix="Name fewer splits with shares, e.g. train=1.0 to train on everything.",
        )
    split = dealt(wholes, shares, seed)
    return tuple(replace(m, split=split[cluster[m.question]]) for m in materials)


def _leaked_questions(mine: Sequence[Material], others: Sequence[Material]) -> set[str]:
    own, foreign = {m.question for m in mine}, {m.question for m in others}
    cluster = clusters((*own, *foreign)) if own and foreign else {}
    held_out = {cluster[question] for question in foreign if cluster}
    return {question for question in own if cluster.get(question) in held_out}


def _texts(materials: Sequence[Material]) -> list[str]:
    return [text for m in materials for text in (*m.opinions, m.statement) if text.strip()]
