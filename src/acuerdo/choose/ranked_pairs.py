"""Ranked pairs: the strongest defeats are locked in first, those that would close a cycle never."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from acuerdo.choose.counting import Tally, ranking_from_defeats
from acuerdo.choose.pairwise import (
    Strength,
    defeats,
    preferences,
    split_cycle_defeats,
    transitive_closure,
)
from acuerdo.domain.ballots import Ballots, BoolMatrix, IntMatrix

STEPS: Final = 1000
"""How many branches are followed for one candidate before it counts as not decided."""

_FEW: Final = 8


def ranked_pairs(ballots: Ballots, strength: Strength = "margins") -> Tally:
    """Let everyone win who wins under some order of equally strong defeats (Tideman 1987).

    These are the parallel-universe winners (Brill and Fischer 2012, "The price of neutrality for
    the ranked pairs method"); finding them is NP-complete. Only undefeated candidates of split
    cycle can be among them. For each of these, orders that favour it are tried first, and up to
    `STEPS` branches are followed; if that does not settle it, it is left out and the note says so.
    Below the winners, candidates are ranked by the defeats that hold in every order.
    """
    strengths = defeats(preferences(ballots), strength)
    possible = np.flatnonzero(~split_cycle_defeats(strengths).any(axis=0)).tolist()
    verdicts = [len(possible) == 1 or _can_win(candidate, strengths) for candidate in possible]
    winners = [candidate for candidate, wins in zip(possible, verdicts, strict=True) if wins]
    undecided = verdicts.count(None)
    note = f"Too many tied pairs to tell whether {undecided} more could win." if undecided else ""
    certain = _locked_in_every_order(strengths)
    if not winners:
        return Tally(ranking_from_defeats(certain), note=note)
    others = np.setdiff1d(np.arange(len(strengths)), winners)
    below = ranking_from_defeats(certain[np.ix_(others, others)])
    lower = [tuple(others[list(level)].tolist()) for level in below]
    return Tally((tuple(winners), *lower), note=note)


@dataclass(frozen=True, slots=True)
class _Branch:
    """A part of the universes: `group` strengths are done, `locked` (transitive) is what holds.

    `refused` defeats of the current strength have to be contradicted by others of it.
    """

    group: int
    locked: BoolMatrix
    refused: BoolMatrix


def _can_win(candidate: int, strengths: IntMatrix) -> bool | None:
    """Search for an order of equally strong defeats that leaves `candidate` on top.

    An order matters only through the defeats of each strength that it locks in: a largest set
    without cycles. So each branching takes one defeat in or refuses it. None means that `STEPS`
    branches were not enough to tell.
    """
    groups = [strengths == strength for strength in _falling(strengths)]
    nothing = np.zeros(strengths.shape, dtype=np.bool_)
    waiting = [_Branch(0, nothing, nothing)]
    for _ in range(STEPS):
        if not waiting:
            return False
        branch = waiting.pop()
        if branch.group == len(groups) or branch.locked[candidate].sum() == len(strengths) - 1:
            return True
        waiting.extend(_followed(branch, candidate, groups[branch.group]))
    return None


def _followed(branch: _Branch, candidate: int, group: BoolMatrix) -> list[_Branch]:
    """Return the branches that follow, the most promising one last; none at a dead end."""
    locked = branch.locked
    refused = branch.refused.copy()
    refused[:, candidate] |= group[:, candidate]
    pending = group & ~locked & ~locked.T
    accepted = pending & ~refused
    joined = _joined(locked, accepted)
    if (pending & refused & ~joined.T).any():
        return []
    conflicting = accepted & joined.T
    locked = _joined(locked, accepted & ~conflicting)
    if not conflicting.any():
        return [_Branch(branch.group + 1, locked, np.zeros_like(locked))]
    winner, loser = _most_promising(conflicting, locked, candidate)
    without = refused.copy()
    without[winner, loser] = True
    return [
        _Branch(branch.group, locked, without),
        _Branch(branch.group, _lock(locked, winner, loser), refused),
    ]


def _most_promising(conflicting: BoolMatrix, locked: BoolMatrix, candidate: int) -> tuple[int, int]:
    """Choose a defeat that puts more candidates behind `candidate`, directly if possible."""
    behind = locked[candidate].copy()
    behind[candidate] = True
    winners, losers = np.nonzero(conflicting)
    promise = 2 * (winners == candidate) + (behind[winners] & ~behind[losers])
    best = int(np.argmax(promise))
    return int(winners[best]), int(losers[best])


def _joined(locked: BoolMatrix, more: BoolMatrix) -> BoolMatrix:
    """Return the transitive closure of both; a few defeats are cheaper one by one."""
    winners, losers = np.nonzero(more)
    if winners.size > _FEW:
        return transitive_closure(locked | more)
    for winner, loser in zip(winners.tolist(), losers.tolist(), strict=True):
        locked = _lock(locked, winner, loser)
    return locked


def _lock(locked: BoolMatrix, winner: int, loser: int) -> BoolMatrix:
    above, below = locked[:, winner].copy(), locked[loser].copy()
    above[winner] = below[loser] = True
    joined: BoolMatrix = above[:, None] & below[None, :]
    return locked | joined


def _locked_in_every_order(strengths: IntMatrix) -> BoolMatrix:
    """Lock in a defeat if no way back could be locked in first, whatever the order of ties."""
    locked = np.zeros(strengths.shape, dtype=np.bool_)
    conceivable = locked
    for strength in _falling(strengths):
        pending = (strengths == strength) & ~locked & ~locked.T
        conceivable = _joined(conceivable, pending)
        locked = _joined(locked, pending & ~conceivable.T)
    return locked


def _falling(strengths: IntMatrix) -> list[int]:
    return sorted(np.unique(strengths[strengths > 0]).tolist(), reverse=True)
