"""Ranked pairs: the strongest defeats are locked in first, those that would close a cycle never."""

from __future__ import annotations

from collections.abc import Iterator
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

STEPS: Final = 2000
"""How many branches are followed for one candidate before it counts as "could not be told"."""


def ranked_pairs(ballots: Ballots, strength: Strength = "margins") -> Tally:
    """Let everyone win who wins under some order of equally strong defeats (Tideman 1987).

    These are the parallel-universe winners (Brill and Fischer 2012, "The price of neutrality for
    the ranked pairs method"); finding them is NP-complete. Only undefeated candidates of split
    cycle can be among them, which leaves few; for each, orders that favour it are tried first and
    up to `STEPS` branches are followed. If that does not settle a candidate, it is left out and the
    note says so. Below the winners, candidates are ranked by the defeats that hold in every order.
    """
    strengths = defeats(preferences(ballots), strength)
    certain = _locked_in_every_order(strengths)
    possible = np.flatnonzero(~split_cycle_defeats(strengths).any(axis=0)).tolist()
    verdicts = {candidate: _can_win(candidate, strengths) for candidate in possible}
    winners = [candidate for candidate, wins in verdicts.items() if wins]
    open_cases = sum(wins is None for wins in verdicts.values())
    note = f"Too many tied pairs to tell whether {open_cases} more could win." if open_cases else ""
    if not winners:
        return Tally(ranking_from_defeats(certain), note=note)
    others = np.setdiff1d(np.arange(len(strengths)), winners)
    below = ranking_from_defeats(certain[np.ix_(others, others)])
    lower = (tuple(others[list(level)].tolist()) for level in below)
    return Tally((tuple(winners), *lower), note=note)


@dataclass(frozen=True, slots=True)
class _Branch:
    """Defeats locked in so far (a transitive relation) and how far down the strengths it got."""

    group: int
    locked: BoolMatrix


def _can_win(candidate: int, strengths: IntMatrix) -> bool | None:
    """Search the orders of equally strong defeats for one that leaves `candidate` on top.

    None means that `STEPS` branches were not enough to tell.
    """
    groups = _falling(strengths)
    waiting = [_Branch(0, np.zeros(strengths.shape, dtype=np.bool_))]
    seen: set[tuple[int, bytes]] = set()
    for _ in range(STEPS):
        if not waiting:
            return False
        branch = waiting.pop()
        key = (branch.group, branch.locked.tobytes())
        if key in seen:
            continue
        seen.add(key)
        settled = _settle(branch, candidate, groups, strengths)
        if settled is None:
            continue
        if settled.locked[candidate].sum() == len(strengths) - 1 or settled.group == len(groups):
            return True
        waiting.extend(_next_branches(settled, candidate, groups, strengths))
    return None


def _settle(
    branch: _Branch, candidate: int, groups: list[int], strengths: IntMatrix
) -> _Branch | None:
    """Lock in what no order of ties can prevent, up to the first real conflict.

    None if the candidate is beaten by then. A branch past the last group is a finished universe.
    """
    group, locked = branch.group, branch.locked
    while group < len(groups):
        safe, conflicting = _sorted_out(strengths == groups[group], locked)
        if safe.any():
            locked = transitive_closure(locked | safe)
        if locked[:, candidate].any():
            return None
        if conflicting.any():
            return _Branch(group, locked)
        group += 1
    return _Branch(group, locked)


def _next_branches(
    branch: _Branch, candidate: int, groups: list[int], strengths: IntMatrix
) -> Iterator[_Branch]:
    """Lock in each conflicting defeat in turn; the most promising branch comes last."""
    locked = branch.locked
    _, conflicting = _sorted_out(strengths == groups[branch.group], locked)
    behind = locked[candidate].copy()
    behind[candidate] = True
    above = locked[:, candidate].copy()
    above[candidate] = True
    winners, losers = np.nonzero(conflicting & ~above[None, :])
    promise = 2 * (winners == candidate) + (behind[winners] & ~behind[losers])
    for edge in np.argsort(promise, kind="stable"):
        yield _Branch(branch.group, _lock(locked, winners[edge], losers[edge]))


def _sorted_out(group: BoolMatrix, locked: BoolMatrix) -> tuple[BoolMatrix, BoolMatrix]:
    """Split the open defeats of a group into those on no cycle and those in conflict."""
    pending = group & ~locked & ~locked.T
    if not pending.any():
        return pending, pending
    joined = transitive_closure(locked | pending)
    conflicting = pending & joined.T
    return pending & ~conflicting, conflicting


def _lock(locked: BoolMatrix, winner: np.intp, loser: np.intp) -> BoolMatrix:
    above, below = locked[:, winner].copy(), locked[loser].copy()
    above[winner] = below[loser] = True
    joined: BoolMatrix = above[:, None] & below[None, :]
    return locked | joined


def _locked_in_every_order(strengths: IntMatrix) -> BoolMatrix:
    """Lock in all defeats but those that tie with others on a cycle."""
    locked = np.zeros(strengths.shape, dtype=np.bool_)
    for group in _falling(strengths):
        safe, _ = _sorted_out(strengths == group, locked)
        if safe.any():
            locked = transitive_closure(locked | safe)
    return locked


def _falling(strengths: IntMatrix) -> list[int]:
    return sorted(np.unique(strengths[strengths > 0]).tolist(), reverse=True)
