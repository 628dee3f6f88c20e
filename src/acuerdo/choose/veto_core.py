"""The proportional veto core: what no group can veto with the share of vetoes its size earns.

With n ballots and m candidates, t ballots may veto ceil(m t / n) - 1 candidates. They block a
candidate c if there is a set B that every one of them strictly prefers to c and the vetoes are
enough for all candidates outside B. The core is what nobody blocks; it is never empty (Moulin,
"The proportional veto principle", 1981).

c is in the core if and only if every ballot can spread m units of weight over candidates that it
does not strictly prefer to c so that each of the m candidates receives exactly n: a bipartite flow
(Ianovski and Kondratev, "Computing the proportional veto core", 2021, arXiv 2003.09153).

Conventions: tied candidates and two unranked candidates are not strictly preferred to each other;
an unranked candidate is worse than every ranked one.
"""

from __future__ import annotations

from math import gcd
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from acuerdo.choose.ties import break_tie
from acuerdo.domain.ballots import Ballots, BoolMatrix, Choice, FloatMatrix, IntMatrix, LevelRanking

_FloatVector = npt.NDArray[np.float64]

_SCALINGS: Final = 24
_TINY: Final = 1e-10


class VetoCore:
    """Chooses the proportional veto core, often several candidates.

    The tie inside the core is broken by veto by consumption, which always ends in the core: all
    voters at once eat away their worst candidate at equal speed, and whatever is eaten last wins
    (Ianovski and Kondratev). Below the core, candidates are ranked by how long they last.
    """

    @property
    def name(self) -> str:
        return "veto_core"

    @property
    def needs(self) -> Literal["rankings", "ratings"]:
        return "rankings"

    def choose(self, ballots: Ballots, rng: np.random.Generator) -> Choice:
        """Return the core as winners; without ballots no winner."""
        if not ballots.size or not ballots.names:
            return Choice(self.name, (), None, (), ballots.size, note="nobody voted")
        positions, weights = _distinct(ballots)
        eaten = _eaten_at(positions, weights)
        last = {int(c) for c in np.flatnonzero(eaten >= eaten.max() - _TINY)}
        core = tuple(
            column
            for column in range(len(ballots.names))
            if column in last or _in_core(positions, weights, column)
        )
        lasting = tuple(sorted(last))
        winner, how = core[0], ""
        if len(core) > 1:
            winner, how = lasting[0], "lasts longest under veto by consumption"
        if len(lasting) > 1:
            broken = break_tie(lasting, ballots, rng)
            winner, how = broken.winner, f"{how}, then {broken.how}"
        return Choice(
            rule=self.name,
            winners=core,
            winner=winner,
            ranking=(core, *_by_time(eaten, core)),
            voters=ballots.size,
            tie_break=how,
        )


def _distinct(ballots: Ballots) -> tuple[IntMatrix, _FloatVector]:
    """Return distinct ballots as positions (lower is better, unranked last) and their counts."""
    last = ballots.ranks.max() + 1
    positions = np.where(ballots.ranks < 0, last, ballots.ranks)
    distinct, which = np.unique(positions, axis=0, return_inverse=True)
    weights = np.bincount(which.ravel(), weights=ballots.counts, minlength=len(distinct))
    return distinct, weights.astype(np.float64)


def _by_time(eaten: _FloatVector, core: tuple[int, ...]) -> LevelRanking:
    """Rank the candidates outside the core, the longest lasting first, ties together."""
    outside = [column for column in np.argsort(-eaten, kind="stable") if column not in core]
    ranking: list[list[int]] = []
    for column in outside:
        if ranking and eaten[ranking[-1][0]] - eaten[column] <= _TINY * eaten.size:
            ranking[-1].append(int(column))
        else:
            ranking.append([int(column)])
    return tuple(tuple(sorted(level)) for level in ranking)


def _eaten_at(positions: IntMatrix, weights: _FloatVector) -> _FloatVector:
    """Return when each candidate is eaten up; the last one at time m.

    Every candidate has as much to eat as there are voters; voters eat one unit in one unit of
    time, divided equally among the candidates they put last of those that remain.
    """
    voters, candidates = positions.shape
    left = np.full(candidates, weights.sum())
    eaten = np.zeros(candidates)
    remaining = np.ones(candidates, dtype=np.bool_)
    bites = np.zeros((voters, candidates))
    hungry: npt.NDArray[np.bool_] = np.ones(voters, dtype=np.bool_)
    time = 0.0
    while remaining.any():
        standing = np.where(remaining, positions[hungry], -1)
        worst = standing == standing.max(axis=1, keepdims=True)
        bites[hungry] = worst * (weights[hungry] / worst.sum(axis=1))[:, None]
        speed = bites.sum(axis=0)
        step = (left[remaining & (speed > 0)] / speed[remaining & (speed > 0)]).min()
        time += step
        left -= step * speed
        gone = remaining & (left <= _TINY * weights.sum())
        eaten[gone] = time
        remaining &= ~gone
        hungry = np.asarray(bites[:, gone].any(axis=1))
    return eaten


def _in_core(positions: IntMatrix, weights: _FloatVector, column: int) -> bool:
    """Say whether the weights can be spread so that every candidate receives its share."""
    allowed = positions >= positions[:, [column]]
    supply = weights * allowed.shape[1]
    demand = np.full(allowed.shape[1], weights.sum())
    # All capacities are multiples of the divisor: a flow closer to the full one than that proves
    # that the full one exists, so rounding errors cannot decide.
    close = gcd(int(weights.sum()), allowed.shape[1]) / 2
    forced = allowed.sum(axis=1) == 1
    demand[column] -= supply[forced].sum()
    allowed, supply = allowed[~forced], supply[~forced]
    if demand[column] < 0 or not allowed[:, demand > 0].any(axis=0).all():
        return False
    favour, met = _favour(allowed, supply, demand, close)
    if met:
        return True
    if _overloaded(allowed, supply, demand, favour, close):
        return False
    flow = allowed * favour
    flow *= (supply / flow.sum(axis=1))[:, None]
    return _settle(flow, allowed, demand, close)


def _favour(
    allowed: BoolMatrix, supply: _FloatVector, demand: _FloatVector, close: float
) -> tuple[_FloatVector, bool]:
    """Return how much each ballot should favour each candidate, and whether that meets demand.

    Favouring what lacks some, again and again, comes near the demand wherever it can be met.
    """
    dense = allowed.astype(np.float64)
    favour = (demand > 0).astype(np.float64)
    wanted = demand > 0
    for _ in range(_SCALINGS):
        received = favour * ((supply / (dense @ favour)) @ dense)
        if np.maximum(received - demand, 0).sum() < close:
            return favour, True
        favour[wanted] *= demand[wanted] / received[wanted]
        favour /= favour.max()
    return favour, False


def _overloaded(
    allowed: BoolMatrix,
    supply: _FloatVector,
    demand: _FloatVector,
    favour: _FloatVector,
    close: float,
) -> bool:
    """Say whether some least favoured candidates are all that too many ballots allow."""
    order = np.argsort(favour, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(order.size)
    furthest = np.where(allowed, place, -1).max(axis=1)
    load = np.bincount(furthest, weights=supply, minlength=order.size)
    return bool((np.cumsum(load) > np.cumsum(demand[order]) + close).any())


def _settle(flow: FloatMatrix, allowed: BoolMatrix, demand: _FloatVector, close: float) -> bool:
    """Push what is too much towards candidates that lack some, along shortest ways.

    Return whether everything finds a place (push-relabel with exact distances on the graph of
    candidates; weight moves from d to e through any ballot that gives to d and allows e).
    """
    tiny = _TINY * float(demand.max())
    while True:
        surplus = flow.sum(axis=0) - demand
        if np.maximum(surplus, 0).sum() < close:
            return True
        ways = (flow > tiny).T.astype(np.float32) @ allowed.astype(np.float32) > 0
        distance = _distances(ways, surplus < -tiny)
        if np.isinf(distance[surplus > tiny]).all():
            return False
        for column in np.argsort(-distance, kind="stable"):
            if 0 < distance[column] < np.inf:
                nearer = np.flatnonzero(ways[column] & (distance == distance[column] - 1))
                surplus = float(flow[:, column].sum() - demand[column])
                _push(flow, allowed, (int(column), nearer), surplus, tiny)


def _distances(ways: BoolMatrix, targets: npt.NDArray[np.bool_]) -> _FloatVector:
    """Return the number of steps from each candidate to the nearest target, inf if none."""
    distance = np.where(targets, 0.0, np.inf)
    frontier, steps = targets, 0
    while frontier.any():
        steps += 1
        frontier = ways[:, frontier].any(axis=1) & np.isinf(distance)
        distance[frontier] = steps
    return distance


def _push(
    flow: FloatMatrix,
    allowed: BoolMatrix,
    way: tuple[int, npt.NDArray[np.intp]],
    surplus: float,
    tiny: float,
) -> None:
    """Move the surplus of one candidate to nearer ones, ballot by ballot."""
    source, nearer = way
    for target in nearer:
        if surplus <= tiny:
            return
        givers = np.flatnonzero(allowed[:, target] & (flow[:, source] > 0))
        amounts = flow[givers, source]
        before = np.cumsum(amounts) - amounts
        moved = np.clip(surplus - before, 0, amounts)
        flow[givers, source] -= moved
        flow[givers, target] += moved
        surplus -= moved.sum()
