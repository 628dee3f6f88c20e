"""What makes statements and people alike: their texts, and the ratings that people gave."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from acuerdo.domain.sheets import Positions, Sheet, Values
from acuerdo.ports import Embedder
from acuerdo.predict.factor_kernel import FactorWeights, Kernel, Matrix, Pairs
from acuerdo.predict.matching import beyond_question
from acuerdo.predict.matrices import has_opinion

TEXT_DIMENSIONS: Final = 16
"""Main directions in which the texts of one sheet differ; the rest is left out."""
LIKENESS_DIMENSIONS: Final = 8
"""Main directions in which the ratings of one sheet differ."""
SMALL_SHEET: Final = 20_000_000
"""Up to so many cells, people times statements, the main directions of ratings are exact."""
SHORT_SIDE: Final = 400
"""... and up to so many people or statements, whichever are fewer."""
ROUNDS: Final = 12
"""Passes over the ratings that find the main directions of a larger sheet."""


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Texts by their main directions: `statements` (statements, d) and `opinions` (people, e).

    An inner product is about the cosine of two texts beyond the question. Who gave no opinion has
    the mean one.
    """

    statements: Matrix
    opinions: Matrix


def read_texts(sheet: Sheet, embedder: Embedder | None) -> Texts:
    """Embed the texts that pairs name; without an embedder no text is like another."""
    size_s, size_p = len(sheet.statements), len(sheet.opinions)
    if embedder is None:
        return Texts(np.zeros((size_s, 0)), np.zeros((size_p, 0)))
    stated = np.unique(sheet.statement)
    heard = np.unique(sheet.person[has_opinion(sheet)])
    vectors = embedder.embed(
        [
            sheet.question,
            *(sheet.statements[place] for place in stated),
            *(sheet.opinions[place] for place in heard),
        ]
    )
    rest = beyond_question(vectors[1:], vectors[0]).astype(np.float64)
    statements = np.zeros((size_s, rest.shape[1]))
    statements[stated] = rest[: len(stated)]
    opinions = np.zeros((size_p, rest.shape[1]))
    if len(heard):
        opinions[:] = rest[len(stated) :].mean(axis=0)
        opinions[heard] = rest[len(stated) :]
    return Texts(main_directions(statements), main_directions(opinions))


def main_directions(rows: Matrix, dimensions: int = TEXT_DIMENSIONS) -> Matrix:
    """Return rows of fewer columns, the principal axes, with nearly the same inner products."""
    if not rows.size:
        return rows[:, :0]
    if len(rows) <= rows.shape[1]:
        values, vectors = np.linalg.eigh(rows @ rows.T)
        kept = np.maximum(values[::-1][:dimensions], 0)
        return np.asarray(vectors[:, ::-1][:, :dimensions] * np.sqrt(kept))
    _, vectors = np.linalg.eigh(rows.T @ rows)
    return np.asarray(rows @ vectors[:, ::-1][:, :dimensions])


def text_kernel(weights: FactorWeights, texts: Texts) -> Kernel:
    """Return the covariance before it is known who rates alike."""
    return Kernel(
        level=weights.level,
        statement=weights.statement,
        person=weights.person,
        repeat=weights.repeat,
        statements=np.sqrt(weights.statement_text) * texts.statements,
        people=np.sqrt(weights.person_text) * texts.opinions,
        alike=np.sqrt(weights.likeness_text) * texts.opinions,
        tastes=np.sqrt(weights.taste) * texts.statements,
    )


def with_likeness(kernel: Kernel, weights: FactorWeights, pairs: Pairs, surprise: Values) -> Kernel:
    """Return the kernel that also knows who rated alike.

    `surprise` (pairs,) is what the kernel so far does not explain of the known ratings. The
    likeness of two people is the inner product of their surprises on the main directions of all
    surprises, each direction weighted by the variance along it, which keeps chance out; divided by
    sizes that `weights.ratings` is added to, so that few ratings make nobody alike.
    """
    if not weights.likeness:
        return kernel
    placed = directions_of_ratings(pairs, surprise, len(kernel.people), len(kernel.statements))
    variances = (placed**2).sum(axis=0)
    placed *= variances / max(float(variances.max()), np.finfo(np.float64).tiny)
    size = np.sqrt((placed**2).sum(axis=1, keepdims=True) + weights.ratings)
    likeness = np.sqrt(weights.likeness) * placed / size
    return replace(kernel, alike=np.hstack([kernel.alike, likeness]))


def directions_of_ratings(pairs: Pairs, values: Values, people: int, statements: int) -> Matrix:
    """Return each person's ratings on the main directions, shape (people, directions).

    Pairs without a rating count as 0. On a large sheet the directions are found by subspace
    iteration (Halko, Martinsson and Tropp 2011, algorithm 4.4), each pass linear in the ratings.
    """
    if people * statements <= SMALL_SHEET and min(people, statements) <= SHORT_SIDE:
        table = np.zeros((people, statements))
        table[pairs.person, pairs.statement] = values
        return main_directions(table, LIKENESS_DIMENSIONS)
    rng = np.random.default_rng(0)
    columns = min(LIKENESS_DIMENSIONS + 4, people, statements)
    basis = np.linalg.qr(rng.standard_normal((statements, columns)))[0]
    for _ in range(ROUNDS):
        placed = _times(pairs.person, pairs.statement, values, basis, people)
        basis = np.linalg.qr(_times(pairs.statement, pairs.person, values, placed, statements))[0]
    placed = _times(pairs.person, pairs.statement, values, basis, people)
    return main_directions(placed, LIKENESS_DIMENSIONS)


def _times(rows: Positions, columns: Positions, values: Values, basis: Matrix, size: int) -> Matrix:
    """Multiply the table of values at (rows, columns) with a basis; shape (size, basis columns)."""
    found = np.empty((size, basis.shape[1]))
    for column in range(basis.shape[1]):
        found[:, column] = np.bincount(rows, values * basis[columns, column], size)
    return found
