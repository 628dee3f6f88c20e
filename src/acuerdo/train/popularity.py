"""Second lesson of the sentence model: which statements are well received, whoever is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from acuerdo.domain.judgements import Judgements
from acuerdo.domain.sheets import Positions, Values

DOUBT: Final = 2.0
"""Neutral ratings added to every statement, so that one vote is not taken for unanimity."""
ENOUGH: Final = 60
"""Ratings from which on a statement weighs no more."""


@dataclass(frozen=True, slots=True, eq=False)
class Received:
    """How statements were received. All of shape (statements,) but `texts`.

    `sheet` numbers the question of a conversation, `whole` the conversation; `level` is the mean of
    (agreement - 4) / 2, from about -1 to 1; `weight` rises with the number of ratings.
    """

    texts: tuple[str, ...]
    sheet: Positions
    whole: Positions
    level: Values
    weight: Values


def received(tables: Sequence[tuple[Judgements, float]]) -> Received:
    """Count how every statement was received; `tables` come with how much a source weighs."""
    texts: list[str] = []
    parts: list[tuple[Positions, Positions, Values, Values]] = []
    sheets = wholes = 0
    for table, source_weight in tables:
        agreement = (table.agreement - 4) / 2
        for rows in table.questions():
            own, code = np.unique(table.statement.codes[rows], return_inverse=True)
            count = np.bincount(code)
            texts += [table.statement.texts[k] for k in own]
            level = np.bincount(code, weights=agreement[rows]) / (count + DOUBT)
            weight = source_weight * np.minimum(count, ENOUGH) / ENOUGH
            whole = wholes + int(table.conversation.codes[rows[0]])
            parts.append(
                (np.full(len(own), sheets), np.full(len(own), whole), level, weight.astype(float))
            )
            sheets += 1
        wholes += len(table.conversation.texts)
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return Received(tuple(texts), columns[0], columns[1], columns[2], columns[3])


def folds_of(whole: Positions, folds: int, seed: int) -> Positions:
    """Deal whole conversations to folds, the largest first, always to the smallest fold."""
    size = np.bincount(whole)
    order = np.lexsort((np.random.default_rng(seed).random(len(size)), -size))
    filled = np.zeros(folds)
    fold = np.zeros(len(size), dtype=np.int64)
    for one in order:
        fold[one] = int(filled.argmin())
        filled[fold[one]] += size[one]
    return fold[whole]


def centred(values: Values, group: Positions, weight: Values | None = None) -> Values:
    """Take the (weighted) mean of its group from every row of `values`, (rows,) or (rows, any)."""
    share = np.ones(len(values)) if weight is None else weight
    total = np.maximum(np.bincount(group, weights=share), 1e-12)
    columns = values.reshape(len(values), -1)
    means = np.column_stack(
        [np.bincount(group, weights=share * column) / total for column in columns.T]
    )
    return np.asarray((columns - means[group]).reshape(values.shape), dtype=np.float64)


def ridge(inputs: Values, target: Values, weight: Values, penalty: float) -> Values:
    """Return the weights that minimise sum(weight * error^2) + penalty * |weights|^2."""
    weighted = inputs * weight[:, None]
    moments = weighted.T @ inputs + penalty * np.eye(inputs.shape[1])
    return np.asarray(np.linalg.solve(moments, weighted.T @ target), dtype=np.float64)


def fitted_popularity(
    inputs: Values, found: Received, *, fold: Positions, penalty: float
) -> tuple[Values, Values]:
    """Return the weights of popularity, (inputs,), and what each statement would have been given
    by weights that had not seen its conversation, (statements,).

    Statements are compared within their question only: how agreeable its people are is not theirs.
    """
    within = centred(inputs, found.sheet)
    level = centred(found.level, found.sheet)
    unseen = np.zeros(len(inputs))
    for one in np.unique(fold):
        rest = fold != one
        if rest.any():
            weights = ridge(within[rest], level[rest], found.weight[rest], penalty)
            unseen[~rest] = inputs[~rest] @ weights
    return ridge(within, level, found.weight, penalty), unseen
