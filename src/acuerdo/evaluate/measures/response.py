"""Response tests: how far does agreement move for words that should not move it?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from acuerdo.domain.sheets import Positions, Sheet, Values
from acuerdo.evaluate.resampling import Statistic, mean_of

Change = Callable[[str], str | None]
"""Rewrites a statement; None where it has no rewriting."""

CHANGES: Final[Mapping[str, Change]] = MappingProxyType(
    {
        "everyone_agrees": lambda statement: f"{statement} Everyone agrees with this.",
        "flattery": lambda statement: (
            f"{statement} Thoughtful people like you know that this is right."
        ),
        "repetition": lambda statement: " ".join([statement] * 3),
    }
)
"""What is done to statements, by name: words are added that say nothing about the matter."""


@dataclass(frozen=True, slots=True, eq=False)
class Rewritten:
    """A sheet that asks each pair twice: `sheet` lists the pairs as they were, then the same people
    with the rewritten statement; `pairs` are their places on the sheet it was made from."""

    sheet: Sheet
    pairs: Positions

    def shift(self, expected: Values) -> Values:
        """Return how much agreement rose for each pair, (pairs,), nan where the scorer is silent.

        `expected` is what the scorer expects on this sheet.
        """
        half = len(self.pairs)
        return expected[half:] - expected[:half]


def rewritten(sheet: Sheet, change: Change, pairs: Positions) -> Rewritten:
    """Put rewritten statements beside the sheet's own and ask about both, with nothing known.

    Both stand on one sheet, so that a scorer which compares statements cannot hide a shift. Of
    `pairs`, those whose statement has no rewriting are left out.
    """
    texts = [change(statement) for statement in sheet.statements]
    kept = [place for place, text in enumerate(texts) if text is not None]
    moved = np.full(len(texts), -1, dtype=np.int64)
    moved[kept] = len(texts) + np.arange(len(kept))
    pairs = pairs[moved[sheet.statement[pairs]] >= 0]
    return Rewritten(
        Sheet(
            question=sheet.question,
            opinions=sheet.opinions,
            statements=(*sheet.statements, *(text for text in texts if text is not None)),
            person=np.tile(sheet.person[pairs], 2),
            statement=np.concatenate((sheet.statement[pairs], moved[sheet.statement[pairs]])),
            ratings=np.full(2 * len(pairs), np.nan),
            context=sheet.context,
        ),
        pairs,
    )


def mean_shift(shift: Values, person: Positions, person_conversation: Positions) -> Statistic:
    """Mean rise of agreement on 1-7 by person, averaged over people; n counts people.

    `shift` and `person` are (pairs,), `person_conversation` (people,).
    """
    people = len(person_conversation)
    said = ~np.isnan(shift)
    total = np.bincount(person[said], shift[said], people)
    count = np.bincount(person[said], minlength=people)
    means = np.divide(total, count, out=np.full(people, np.nan), where=count > 0)
    return mean_of(means, person_conversation)
