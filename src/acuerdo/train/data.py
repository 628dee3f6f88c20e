"""The data a run file names, read and split by whole questions and conversations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from acuerdo.datasets import (
    READERS,
    assigned,
    read_deliberationbank_comparisons,
    read_polarized_preferences,
    read_splits,
    split_of,
)
from acuerdo.domain.comparisons import Comparison
from acuerdo.domain.errors import InputError
from acuerdo.domain.judgements import Judgement, Judgements
from acuerdo.domain.sheets import Positions
from acuerdo.train.runs import Data, Objective, Run

_COMPARISONS = {
    "polarized_preferences": read_polarized_preferences,
    "deliberationbank_comparisons": read_deliberationbank_comparisons,
}


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Judgements and how they teach. `choice` (rows,) numbers the comparisons that rows stem from
    two by two; without it, all judgements of a person on a question belong together."""

    judgements: Judgements
    weight: float = 1.0
    objectives: Sequence[Objective] = ()
    choice: Positions | None = None

    def take(self, rows: Positions) -> Source:
        """Return the source of some rows."""
        choice = None if self.choice is None else self.choice[rows]
        return Source(self.judgements.take(rows), self.weight, self.objectives, choice)


@dataclass(frozen=True, slots=True, eq=False)
class RunData:
    """What is learned from and what training is measured and calibrated on."""

    training: tuple[Source, ...]
    validation: tuple[Source, ...]


def compared(comparisons: Sequence[Comparison]) -> tuple[Judgements, Positions]:
    """Return comparisons as judgements two by two, and the number of each row's comparison.

    The distance of the two values says how strongly one is preferred; their level says nothing, so
    such a source teaches pairs only.
    """
    rows, choice = [], []
    for number, found in enumerate(comparisons):
        for text, sign in ((found.first, 1), (found.second, -1)):
            rows.append(
                Judgement(
                    source=found.source,
                    licence=found.licence,
                    conversation=found.conversation,
                    language=found.language,
                    question=found.question,
                    context=found.context,
                    person=found.person,
                    opinion=found.opinion,
                    statement=text,
                    value=4 + 3 * sign * found.value,
                    scale="agreement",
                )
            )
            choice.append(number)
    return Judgements.of(rows), np.array(choice, dtype=np.int64)


def read_data(run: Run) -> RunData:
    """Read and split all sources of a run.

    Nobody is learned from who also judged something in another part. Raises InputError for an
    unknown reader, a file that cannot be read, or a part without rows.
    """
    training: list[Source] = []
    validation: list[Source] = []
    for number, entry in enumerate(run.data, start=1):
        where = f"[data {number}], {entry.path}"
        source = _read(entry, where)
        parts = parts_of(source.judgements, entry)
        for wanted, into in ((entry.train, training), (entry.validation, validation)):
            rows = np.flatnonzero(np.isin(parts, wanted))
            if into is training:
                rows = rows[strangers(source.judgements, parts, wanted)[rows]]
            if wanted and not len(rows):
                has = ", ".join(sorted(set(parts.tolist()))) or "nothing"
                raise InputError(
                    f"no rows in {', '.join(wanted)}", where=where, fix=f"It has: {has}."
                )
            if len(rows):
                into.append(source.take(rows))
    return RunData(tuple(training), tuple(validation))


def strangers(
    table: Judgements, parts: npt.NDArray[np.str_], wanted: Sequence[str]
) -> npt.NDArray[np.bool_]:
    """Return which rows are of people with no row outside the `wanted` parts, shape (rows,)."""
    elsewhere = np.unique(table.person.codes[~np.isin(parts, wanted)])
    return ~np.isin(table.person.codes, elsewhere)


def _read(entry: Data, where: str) -> Source:
    path = Path(entry.path)
    if entry.reader in _COMPARISONS:
        table, choice = compared(_COMPARISONS[entry.reader](path))
        return Source(table, entry.weight, entry.objectives or ("pairs",), choice)
    if entry.reader not in READERS:
        known = ", ".join(sorted([*READERS, *_COMPARISONS]))
        raise InputError(
            f"there is no reader {entry.reader!r}", where=where, fix=f"There are: {known}."
        )
    return Source(READERS[entry.reader](path), entry.weight, entry.objectives)


def parts_of(table: Judgements, entry: Data) -> npt.NDArray[np.str_]:
    """Return the part of the split that each row belongs to, shape (rows,).

    Raises InputError if a conversation is in no part of the file of splits.
    """
    if entry.splits:
        return np.array(assigned(table, read_splits(Path(entry.splits))))
    return np.array(split_of(table, entry.shares, entry.seed))
