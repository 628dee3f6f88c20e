"""How two pairs of a person and a statement go together, before anybody has rated anything.

What a rating differs from its prior forecast, in units of the prior's spread, is a sum of
independent normal parts: the level of the sheet, the statement, the person, what a person thinks
of a subject, what like-minded people think of a statement, and the person's own view of this one
statement. Each part has a share of the variance; all shares together are 1, so that without
ratings the spread is exactly the prior's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.sheets import Positions, Values

Matrix = npt.NDArray[np.float64]

BLOCK: Final = 1 << 16
"""Pairs handled at once, so that memory stays in bounds and in the processor's cache."""


@dataclass(frozen=True, slots=True)
class FactorWeights:
    """Shares of the prior's variance, each from 0 to 1 and together below 1.

    `level`: all pairs of a sheet. `statement`: one statement, whoever rates it; `statement_text`:
    statements, as far as their texts are similar. `person`: one person, whatever they rate;
    `person_text`: people, as far as their opinions are similar. `taste`: one person on similar
    statements. `likeness`: one statement among people who rated alike; `likeness_text`: among
    people whose opinions are similar. `repeat`: what one person says differently when asked again.
    What is left is the person's own view of the statement, which tells nothing about others.

    `ratings`: how many ratings it takes until what two people rated counts half in how alike they
    are. Raises ValueError for a share outside its range or nothing left.
    """

    level: float
    statement: float
    statement_text: float
    person: float
    person_text: float
    taste: float
    likeness: float
    likeness_text: float
    repeat: float
    ratings: float

    def __post_init__(self) -> None:
        shares = [getattr(self, field.name) for field in fields(self) if field.name != "ratings"]
        if not (min(shares) >= 0 and sum(shares) < 1 and self.repeat > 0 and self.ratings > 0):
            raise ValueError(f"shares of the variance must be 0 or more and below 1 in all: {self}")


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Positions of people and statements, both of shape (pairs,)."""

    person: Positions
    statement: Positions

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: npt.NDArray[np.integer] | npt.NDArray[np.bool_] | slice) -> Pairs:
        """Return some of the pairs."""
        return Pairs(self.person[rows], self.statement[rows])

    def blocks(self, size: int = BLOCK) -> Iterator[slice]:
        """Yield slices that cover all pairs."""
        for start in range(0, len(self), size):
            yield slice(start, min(start + size, len(self)))


@dataclass(frozen=True, slots=True, eq=False)
class Kernel:
    """The covariance that pairs share, as features whose inner products it is.

    Two pairs share `level`; `statement` if they have one statement, and the inner product of their
    rows in `statements` (statements, any); `person` if they have one person, and the inner product
    of their rows in `people` (people, any); on one statement the inner product of their people's
    rows in `alike` (people, any); of one person that of their statements' rows in `tastes`
    (statements, any). `repeat` is what one person says differently another time; what is left of
    the variance of 1 is a person's own view of one statement.
    """

    level: float
    statement: float
    person: float
    repeat: float
    statements: Matrix
    people: Matrix
    alike: Matrix
    tastes: Matrix

    def covariance(self, left: Pairs, right: Pairs) -> Matrix:
        """Return the shared covariance of all pairs with all others, shape (left, right)."""
        same_statement = left.statement[:, None] == right.statement
        same_person = left.person[:, None] == right.person
        statements = self.statements[left.statement] @ self.statements[right.statement].T
        people = self.people[left.person] @ self.people[right.person].T
        alike = self.alike[left.person] @ self.alike[right.person].T
        tastes = self.tastes[left.statement] @ self.tastes[right.statement].T
        found = self.level + statements + people
        found += same_statement * (self.statement + alike)
        found += same_person * (self.person + tastes)
        return np.asarray(found)

    def variance(self, pairs: Pairs) -> Values:
        """Return each pair's shared variance, shape (pairs,)."""
        by_statement = _squares(self.statements) + _squares(self.tastes)
        by_person = _squares(self.people) + _squares(self.alike)
        alone = self.level + self.statement + self.person
        return np.asarray(alone + by_statement[pairs.statement] + by_person[pairs.person])

    def own_variance(self, pairs: Pairs) -> Values:
        """Return the variance of each person's own view of a statement, shape (pairs,)."""
        return np.asarray(np.maximum(1 - self.repeat - self.variance(pairs), 0.0))

    def gather(self, pairs: Pairs, values: Values) -> Gathered:
        """Sum up values (pairs,); `spread_out` then gives `covariance @ values` in linear time."""
        size_s, size_p = len(self.statements), len(self.people)
        by_statement = np.bincount(pairs.statement, values, size_s)
        by_person = np.bincount(pairs.person, values, size_p)
        alike = np.zeros((size_s, self.alike.shape[1]))
        tastes = np.zeros((size_p, self.tastes.shape[1]))
        for column in range(alike.shape[1]):
            weighted = self.alike[pairs.person, column] * values
            alike[:, column] = np.bincount(pairs.statement, weighted, size_s)
        for column in range(tastes.shape[1]):
            weighted = self.tastes[pairs.statement, column] * values
            tastes[:, column] = np.bincount(pairs.person, weighted, size_p)
        return Gathered(
            self.level * float(values.sum())
            + self.statement * by_statement
            + self.statements @ (self.statements.T @ by_statement),
            self.person * by_person + self.people @ (self.people.T @ by_person),
            alike,
            tastes,
        )

    def spread_out(self, gathered: Gathered, pairs: Pairs) -> Values:
        """Return what was gathered as it bears on each pair, shape (pairs,)."""
        found = np.empty(len(pairs))
        for block in pairs.blocks():
            i, j = pairs.person[block], pairs.statement[block]
            found[block] = gathered.statement[j] + gathered.person[i]
            found[block] += np.einsum("nk,nk->n", self.alike[i], gathered.alike[j])
            found[block] += np.einsum("nk,nk->n", self.tastes[j], gathered.tastes[i])
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """Sums over pairs by statement and by person: `statement` (statements,), `person` (people,),
    `alike` (statements, any), `tastes` (people, any)."""

    statement: Values
    person: Values
    alike: Matrix
    tastes: Matrix


def _squares(rows: Matrix) -> Values:
    return np.asarray((rows**2).sum(axis=1))
