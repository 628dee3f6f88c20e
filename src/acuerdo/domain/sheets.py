"""What a scorer reads and returns: one question's people and statements, and pairs of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from acuerdo.domain.records import LIKERT_MAX, LIKERT_MIN

Positions = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One question, everybody's opinion on it, statements, and the pairs that are asked about.

    `opinions` has one text per person, "" where a person gave none. `context` is background that
    every participant saw. `person` and `statement`, both of shape (pairs,), are positions in
    `opinions` and `statements`. `ratings` (pairs,) holds what is known already, 1-7, and nan where
    a prediction is wanted. Opinions and statements that occur in no pair may still be read: they
    are what the group said. Raises ValueError if the arrays do not fit together.
    """

    question: str
    opinions: tuple[str, ...]
    statements: tuple[str, ...]
    person: Positions
    statement: Positions
    ratings: Values
    context: str = ""

    def __post_init__(self) -> None:
        if not self.person.shape == self.statement.shape == self.ratings.shape:
            raise ValueError("person, statement and ratings differ in length")
        if self.person.ndim != 1:
            raise ValueError("person, statement and ratings are not lists of pairs")
        for name, places, size in (
            ("person", self.person, len(self.opinions)),
            ("statement", self.statement, len(self.statements)),
        ):
            if places.size and not 0 <= places.min() <= places.max() < size:
                raise ValueError(f"a pair names a {name} that is not on the sheet")
        known = self.ratings[~np.isnan(self.ratings)]
        if known.size and not LIKERT_MIN <= known.min() <= known.max() <= LIKERT_MAX:
            raise ValueError(f"ratings go from {LIKERT_MIN} to {LIKERT_MAX}")

    @property
    def size(self) -> int:
        """Number of pairs."""
        return len(self.person)

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        """Which pairs have a rating already, shape (pairs,)."""
        return ~np.isnan(self.ratings)


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """Expected agreement of every pair on 1-7 with its spread, both of shape (pairs,).

    `expected` is nan where the scorer cannot say, and `spread` (one standard deviation of what the
    person would say, in the same unit) is nan exactly there. Raises ValueError otherwise.
    """

    expected: Values
    spread: Values

    def __post_init__(self) -> None:
        if self.expected.shape != self.spread.shape or self.expected.ndim != 1:
            raise ValueError("expected and spread are not two lists of one length")
        silent = np.isnan(self.expected)
        if not np.array_equal(silent, np.isnan(self.spread)):
            raise ValueError("expected and spread are not silent on the same pairs")
        said = self.expected[~silent]
        if said.size and not LIKERT_MIN <= said.min() <= said.max() <= LIKERT_MAX:
            raise ValueError(f"expected agreement leaves {LIKERT_MIN} to {LIKERT_MAX}")
        if said.size and not self.spread[~silent].min() > 0:
            raise ValueError("a spread is not above 0")
