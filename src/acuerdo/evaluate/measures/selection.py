"""Selection: what a group really thinks of the statement that was chosen for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from acuerdo.domain.ballots import Ballots, ranks_from_ratings
from acuerdo.domain.sheets import Positions, Values
from acuerdo.evaluate.groups import Group
from acuerdo.evaluate.truth import NEUTRAL, Mask
from acuerdo.ports import Rule


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """What the groups' choices came to, each (groups,).

    `approval`: share of the members who agree with the chosen statement. `least`: the judgement of
    the least satisfied member, on 1-7. `win`: how often another member prefers the chosen statement
    to a random member's own, equal judgements half; nan where nobody judged both.
    """

    approval: Values
    least: Values
    win: Values


def chosen_by_rule(
    group: Group, expected: Values, rule: Rule, rng: np.random.Generator
) -> int | None:
    """Return the column that a rule picks from expected agreement (people, statements).

    People with a nan abstain; None if nobody is left or the rule does not apply.
    """
    ratings = expected[~np.isnan(expected).any(axis=1)]
    ballots = Ballots(
        ranks=ranks_from_ratings(ratings),
        names=tuple(str(column) for column in range(len(group.statements))),
        counts=np.ones(len(ratings), dtype=np.int64),
        ratings=ratings,
    )
    return rule.choose(ballots, rng).winner


def chosen_by_score(score: Values, rng: np.random.Generator) -> int | None:
    """Return a column of the highest score, ties drawn; None if all are nan."""
    if np.isnan(score).all():
        return None
    return int(rng.choice(np.flatnonzero(score == np.nanmax(score))))


def oracle_score(group: Group) -> Values:
    """Score statements by what members really said: approval first, then mean agreement."""
    approving = (group.judged > NEUTRAL).sum(axis=0)
    return np.asarray(approving + group.judged.mean(axis=0) / 100)


def with_known(group: Group, expected: Values, known: Mask) -> Values:
    """Lay known judgements over what is expected; both (people, statements)."""
    return np.where(known, group.judged, expected)


def known_cells(group: Group, share: float, rng: np.random.Generator) -> Mask:
    """Draw which of the group's own judgements are known, a share of them, rounded."""
    known = np.zeros(group.judged.size, dtype=np.bool_)
    known[rng.permutation(known.size)[: round(share * known.size)]] = True
    return known.reshape(group.judged.shape)


def outcomes(groups: Sequence[Group], chosen: Sequence[int | None]) -> Outcomes:
    """Look up what members said about the statements chosen for them.

    Where nothing was chosen, the outcome is the mean over all statements: a random pick.
    """
    found = np.full((3, len(groups)), np.nan)
    for place, (group, column) in enumerate(zip(groups, chosen, strict=True)):
        by_statement = _of_all_statements(group)
        found[:, place] = by_statement.mean(axis=1) if column is None else by_statement[:, column]
    return Outcomes(*found)


def _of_all_statements(group: Group) -> Values:
    """Approval, least and win of every statement, (3, statements)."""
    approval = (group.judged > NEUTRAL).mean(axis=0)
    wins = np.array(
        [_win(group, column) for column in range(len(group.statements))], dtype=np.float64
    )
    return np.stack((approval, group.judged.min(axis=0), wins))


def _win(group: Group, column: int) -> float:
    """Mean over members with a statement of their own that another member judged."""
    ahead = (np.sign(group.judged[:, column, None] - group.rivals) + 1) / 2
    voters = np.arange(len(group.judged))[:, None]
    ahead[voters == group.author] = np.nan
    judged = ~np.isnan(ahead)
    counts = judged.sum(axis=0)
    by_own = np.where(judged, ahead, 0).sum(axis=0)[counts > 0] / counts[counts > 0]
    if not len(by_own):
        return np.nan
    members: Positions = group.author[counts > 0]
    totals, sizes = np.bincount(members, by_own), np.bincount(members)
    return float((totals[sizes > 0] / sizes[sizes > 0]).mean())
