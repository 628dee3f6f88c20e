"""What known ratings say about all pairs: exactly for few ratings, in linear time for many.

Both ways solve the same system: residuals = (shared covariance + own variance) @ weights. The
exact one factorises it (Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006,
algorithm 2.1); the other is conjugate gradients, where one step costs a pass over the ratings.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from acuerdo.domain.sheets import Positions, Values
from acuerdo.ports import Watch, stop_if_asked
from acuerdo.predict.factor_kernel import Gathered, Kernel, Pairs

STEPS: Final = 200
TOLERANCE: Final = 1e-6
"""Conjugate gradients stop at this share of the first residual, or after so many steps."""
EXACT_BLOCK: Final = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Ratings in units of the prior: each of different `pairs`, its `residual` from the prior's
    forecast and how often it was `given`, both of shape (pairs,)."""

    pairs: Pairs
    residual: Values
    given: Values


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Pairs to forecast, and each one's `place` (pairs,) among the ratings, -1 if not rated."""

    pairs: Pairs
    place: Positions


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """Mean and variance of what the asked pairs would say, in units of the prior, (pairs,)."""

    mean: Values
    variance: Values


def exact_posterior(kernel: Kernel, known: Known, asked: Asked, watch: Watch) -> Posterior:
    """Solve by Cholesky factors: exact; time grows with ratings squared times pairs."""
    own = kernel.own_variance(known.pairs)
    matrix = kernel.covariance(known.pairs, known.pairs)
    matrix[np.diag_indices_from(matrix)] += own + kernel.repeat / known.given
    inverse = np.linalg.inv(np.linalg.cholesky(matrix))
    weights = inverse.T @ (inverse @ known.residual)
    mean, variance = np.empty(len(asked.pairs)), np.empty(len(asked.pairs))
    for block in asked.pairs.blocks(EXACT_BLOCK):
        stop_if_asked(watch)
        shared = kernel.covariance(asked.pairs.take(block), known.pairs)
        rows = np.flatnonzero(asked.place[block] >= 0)
        columns = asked.place[block][rows]
        shared[rows, columns] += own[columns]
        mean[block] = shared @ weights
        variance[block] = 1 - ((shared @ inverse.T) ** 2).sum(axis=1)
    return Posterior(mean, variance)


def solved(kernel: Kernel, known: Known, watch: Watch) -> Values:
    """Return the weights of the ratings, shape (ratings,), by conjugate gradients.

    Preconditioned with the diagonal. Each step is linear in the number of ratings.
    """
    diagonal = kernel.own_variance(known.pairs) + kernel.repeat / known.given
    scale = diagonal + kernel.variance(known.pairs)
    weights = np.zeros(len(known.pairs))
    rest = known.residual.copy()
    goal = TOLERANCE * float(np.linalg.norm(rest))
    ready = rest / scale
    direction, size = ready, float(rest @ ready)
    for _ in range(STEPS):
        if float(np.linalg.norm(rest)) <= goal:
            break
        stop_if_asked(watch)
        image = diagonal * direction
        image += kernel.spread_out(kernel.gather(known.pairs, direction), known.pairs)
        step = size / float(direction @ image)
        weights += step * direction
        rest -= step * image
        ready = rest / scale
        size, before = float(rest @ ready), size
        direction = ready + size / before * direction
    return weights


def linear_posterior(kernel: Kernel, known: Known, asked: Asked, watch: Watch) -> Posterior:
    """Solve by conjugate gradients: the same mean, in time linear in ratings and pairs.

    The variance takes each part by itself, as if the others were known: of a part with variance w,
    n ratings leave w * v / (v + n * w), where v is the variance of a person's own view. In the
    tests its root is within a tenth of the exact one.
    """
    own = kernel.own_variance(known.pairs)
    weights = solved(kernel, known, watch)
    mean = kernel.spread_out(kernel.gather(known.pairs, weights), asked.pairs)
    shared = _left(kernel, known, asked.pairs, float(own.mean()) + kernel.repeat)
    variance = kernel.own_variance(asked.pairs) + shared
    rows = np.flatnonzero(asked.place >= 0)
    columns = asked.place[rows]
    mean[rows] += own[columns] * weights[columns]
    # Somebody who rated would say the same again but for what repeating changes.
    once = kernel.repeat / known.given[columns]
    variance[rows] *= once / (variance[rows] + once)
    return Posterior(mean, variance + kernel.repeat)


def _left(kernel: Kernel, known: Known, asked: Pairs, rest: float) -> Values:
    """Return what the ratings leave of the shared variance, shape (asked,)."""
    pairs, ones = known.pairs, np.ones(len(known.pairs))
    by_statement = np.bincount(pairs.statement, ones, len(kernel.statements))
    by_person = np.bincount(pairs.person, ones, len(kernel.people))
    statement = kernel.statement + (kernel.statements**2).sum(axis=1)
    person = kernel.person + (kernel.people**2).sum(axis=1)
    alike, tastes = kernel.alike**2, kernel.tastes**2
    squares = replace(
        kernel,
        level=0.0,
        statement=0.0,
        person=0.0,
        statements=np.zeros_like(kernel.statements),
        people=np.zeros_like(kernel.people),
        alike=alike,
        tastes=tastes,
    )
    counted = squares.gather(pairs, ones)
    return squares.spread_out(
        Gathered(
            kernel.level * rest / (rest + len(pairs) * kernel.level)
            + statement * rest / (rest + by_statement * statement),
            person * rest / (rest + by_person * person),
            rest / (rest + counted.alike),
            rest / (rest + counted.tastes),
        ),
        asked,
    )
