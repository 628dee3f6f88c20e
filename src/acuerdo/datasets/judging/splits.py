"""Which judgements are for training and which for testing, by wholes that are never divided."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from acuerdo.datasets.judging.files import read_text
from acuerdo.domain.errors import InputError, SettingsError
from acuerdo.domain.judgements import Judgements
from acuerdo.domain.text import comparable

FOLDED: Final = "fold{}"


@dataclass(frozen=True, slots=True)
class Splits:
    """The split of every whole (conversation, dialogue, question or thesis) by source."""

    file: str
    by_source: Mapping[str, Mapping[str, str]]
    """Wholes are compared by their words, without case and punctuation."""

    def of(self, source: str, whole: str) -> str:
        """Return the split of a whole of a source, "" if the file does not name it."""
        return self.by_source.get(source, {}).get(comparable(whole), "")


def read_splits(path: Path) -> Splits:
    """Read a JSON object: source, then whole, then the split's name.

    Numbers are folds of a cross-validation: 0 becomes "fold0". The key "note" is free text. Raises
    InputError naming the place.
    """
    try:
        content = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise InputError(f"this is not JSON: {error}", where=str(path)) from None
    if not isinstance(content, dict):
        raise InputError("this is not an object of sources", where=str(path))
    found: dict[str, dict[str, str]] = {}
    for source, wholes in content.items():
        if source == "note":
            continue
        if not isinstance(wholes, dict):
            raise InputError("this is not an object of splits", where=f"{path}, {source!r}")
        for whole, split in wholes.items():
            if isinstance(split, bool) or not isinstance(split, int | str) or split == "":
                raise InputError(
                    "a split is a name or the number of a fold",
                    where=f"{path}, {source!r}, {whole[:60]!r}",
                )
            name = FOLDED.format(split) if isinstance(split, int) else split
            found.setdefault(source, {})[comparable(whole)] = name
    return Splits(str(path), found)


def assigned(table: Judgements, splits: Splits) -> tuple[str, ...]:
    """Return the name of every row's split, by its source and conversation.

    Raises InputError for a conversation that has no split.
    """
    size = len(table.conversation.texts)
    pairs, whole_of_row = np.unique(
        table.source.codes * size + table.conversation.codes, return_inverse=True
    )
    names: list[str] = []
    for pair in pairs.tolist():
        source, whole = table.source.texts[pair // size], table.conversation.texts[pair % size]
        split = splits.of(source, whole)
        if not split:
            raise InputError(
                f"the conversation {whole[:80]!r} of {source!r} is in no split",
                where=splits.file,
                fix="Add it to a split, or split the data with shares.",
            )
        names.append(split)
    return tuple(names[place] for place in whole_of_row.tolist())


def without_people_of(table: Judgements, other: Judgements) -> Judgements:
    """Return the rows of people who are not in `other`: a test's people may not be trained on.

    Splits are by question or conversation, and one person may have taken part in several. The same
    name in another source is somebody else.
    """
    taken = _people(other)
    return table.take(np.array([person not in taken for person in _people_by_row(table)], bool))


def split_of(table: Judgements, shares: Mapping[str, float], seed: int) -> tuple[str, ...]:
    """Return a split for every row of one's own data, whole conversations together.

    Where there is one conversation only, whole questions are kept together instead. `shares` maps
    the name of each split to its share of the wholes; every split gets at least one. A whole's
    place depends on its name and the seed, not on the order of rows. Raises SettingsError for
    shares that do not add up to 1 and InputError if there are fewer wholes than splits.
    """
    check_shares(shares)
    size = len(table.conversation.texts)
    names_of, codes = table.conversation, table.source.codes * size + table.conversation.codes
    if len(np.unique(codes)) == 1:
        names_of, codes = table.question, table.question.codes
    wholes, first, whole = np.unique(codes, return_index=True, return_inverse=True)
    if len(wholes) < len(shares):
        raise InputError(
            f"{len(wholes)} conversations or questions cannot be divided into {len(shares)} splits",
            fix="Judge on data of more than one question, or name fewer splits.",
        )
    names = [f"{table.source[row]}\0{names_of[row]}" for row in first.tolist()]
    split = dealt(names, shares, seed)
    return tuple(split[names[code]] for code in whole.tolist())


def check_shares(shares: Mapping[str, float]) -> None:
    """Raise SettingsError for shares of splits that are not above 0 or do not add up to 1."""
    if not shares or min(shares.values()) <= 0 or abs(sum(shares.values()) - 1) > 1e-9:
        raise SettingsError(
            f"shares of splits are above 0 and add up to 1, not {dict(shares)}",
            fix="For example train=0.8, validation=0.1, test=0.1.",
        )


def dealt(names: Sequence[str], shares: Mapping[str, float], seed: int) -> dict[str, str]:
    """Return a split for every name; whose turn it is depends on the name and the seed."""
    order = sorted(names, key=lambda name: _lot(name, seed))
    return dict(zip(order, _dealt(len(names), shares), strict=True))


def _people(table: Judgements) -> set[tuple[str, str]]:
    return set(_people_by_row(table))


def _people_by_row(table: Judgements) -> Iterator[tuple[str, str]]:
    sources, people = table.source.texts, table.person.texts
    codes = zip(table.source.codes.tolist(), table.person.codes.tolist(), strict=True)
    return ((sources[source], people[person]) for source, person in codes)


def _lot(name: str, seed: int) -> bytes:
    return hashlib.blake2b(f"{seed}\0{name}".encode(), digest_size=16).digest()


def _dealt(size: int, shares: Mapping[str, float]) -> Sequence[str]:
    """Return `size` names of splits: one of each first, then whoever is furthest behind."""
    counts = dict.fromkeys(shares, 1)
    for dealt in range(len(shares), size):
        behind = max(shares, key=lambda name: shares[name] * (dealt + 1) - counts[name])
        counts[behind] += 1
    return [name for name, count in counts.items() for _ in range(count)]
