"""The margin of victory: how many ballots would have to be different before the winners change.

Definition: the smallest number of ballots that, replaced by other ballots that rank or rate every
candidate (ties allowed, ratings anywhere on 1-7), change the rule's *set* of winners before any
tie is broken. A tie therefore has a small margin: one ballot usually ends it. (Margins of victory:
Magrino, Rivest, Shen and Wagner 2011; Xia 2012, who replaces ballots too.)

Every number is either found, by running the rule on changed ballots, or proven from below:

- Sums over ballots (plurality, Borda, approval, mean, Bernoulli-Nash, isoelastic): replacing the
  ballots that favour the winner most over a challenger is best, so the number is exact.
- Rules that compare two candidates by their own ratings alone and can only gain from better ones
  (minimum, leximin, Gini, majority judgement): no ballot harms a winner more than 1 for it and 7
  for all others. For few people every choice of ballots is tried, so the number is exact; for many,
  the winner loses its highest and every challenger its lowest ratings, which bounds from below.
- Rules that elect a Condorcet winner: the winner stays while it beats everybody, which bounds from
  below; it takes half as many ballots as the lead over the closest challenger.
- Instant runoff and the veto core: a search for few ballots that change the winners.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

import numpy as np

from acuerdo.choose.replacing import (
    NewBallot,
    all_or_nothing,
    fewest_to_close,
    in_order,
    positions,
    replaced,
)
from acuerdo.choose.row_scores import row_scores
from acuerdo.domain.ballots import Ballots, FloatMatrix, IntVector, Margin
from acuerdo.domain.records import LIKERT_MAX, LIKERT_MIN
from acuerdo.ports import Rule

FRAGILE_ONE_IN: Final = 20

_BY_OWN_RATINGS: Final = frozenset({"rawlsian", "leximin", "gini", "majority_judgement"})
_WORST_OFF_FIRST: Final = frozenset({"rawlsian", "leximin"})
_CONDORCET: Final = frozenset({"schulze", "minimax", "ranked_pairs", "split_cycle", "copeland"})
_RATED: Final = _BY_OWN_RATINGS | {"utilitarian", "bernoulli_nash", "isoelastic", "approval"}

_MOST_COUNTS: Final = 48
_FEWEST_COUNTS: Final = 6
_CELLS_COUNTED: Final = 4_000_000
_MOST_SORTED: Final = 200_000


def margin_of_victory(rule: Rule, ballots: Ballots) -> Margin:
    """Return how many ballots must be replaced to change the winners (see the module).

    The rule is run a limited number of times, fewer on more ballots; what that leaves open is
    labelled "at_most". Never uses chance.
    """
    attack = _Attack(rule, ballots)
    if not attack.winners or len(ballots.names) < 2:
        return Margin(None, "none", 0, fragile=False)
    at_least = _proven(attack)
    if attack.found is None or attack.found > at_least:
        _search(attack, at_least)
    return Margin(
        ballots=attack.best,
        kind="exact" if attack.best == at_least else "at_most",
        at_least=at_least,
        fragile=attack.best <= attack.fragile,
    )


@dataclass
class _Attack:
    """Tries changed ballots and keeps the fewest that changed the winners."""

    rule: Rule
    ballots: Ballots
    counts_left: int = field(init=False)
    winners: tuple[int, ...] = field(init=False)
    order: tuple[int, ...] = field(init=False)
    found: int | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        cells = max(1, self.ballots.ranks.size)
        self.counts_left = min(_MOST_COUNTS, max(_FEWEST_COUNTS, _CELLS_COUNTED // cells))
        choice = self.rule.choose(self.ballots, np.random.default_rng(0))
        self.winners = choice.winners
        self.order = tuple(column for level in choice.ranking for column in level)

    @property
    def fragile(self) -> int:
        """Return the most ballots that make a result fragile if they can change it."""
        return max(1, self.ballots.size // FRAGILE_ONE_IN)

    @property
    def best(self) -> int:
        """Return the fewest ballots known to be enough: all of them if nothing else is."""
        return self.ballots.size if self.found is None else self.found

    @property
    def family(self) -> str:
        return self.rule.name.partition(":")[0]

    def winners_of(self, ballots: Ballots) -> tuple[int, ...]:
        self.counts_left = max(0, self.counts_left - 1)
        return self.rule.choose(ballots, np.random.default_rng(0)).winners

    def changes(self, rows: IntVector, number: int, new: NewBallot) -> bool:
        winners = self.winners_of(replaced(self.ballots, rows, number, new))
        # A rule that no longer applies has not elected anybody else.
        changed = bool(winners) and winners != self.winners
        if changed and (self.found is None or number < self.found):
            self.found = number
        return changed


def _proven(attack: _Attack) -> int:
    """Return a number of ballots below which the winners are proven to stay."""
    ballots, family = attack.ballots, attack.family
    if family in _BY_OWN_RATINGS and ballots.size <= 12 and (ballots.counts == 1).all():
        return _try_all_choices(attack)
    if len(attack.winners) > 1:
        return 1
    if family in _BY_OWN_RATINGS:
        return _by_separate_columns(attack)
    closing = _closing(attack)
    return 1 if closing is None else int(closing.min())


def _closing(attack: _Attack) -> IntVector | None:
    """Return how many ballots it takes to close the lead over each challenger, None if unknown.

    The challengers are all columns but the sole winner's, in order.
    """
    ballots, (winner, *_) = attack.ballots, attack.winners
    scores = row_scores(attack.rule.name, ballots)
    if scores is not None:
        differences = scores.points[:, [winner]] - scores.points
        return fewest_to_close(np.delete(differences, winner, axis=1), scores.reach, ballots.counts)
    if attack.family not in _CONDORCET:
        return None
    places = positions(ballots)
    ahead = np.sign(np.delete(places - places[:, [winner]], winner, axis=1)).astype(np.float64)
    if (ballots.counts @ ahead <= 0).any():
        return None
    return fewest_to_close(ahead, 1.0, ballots.counts)


def _strongest(attack: _Attack) -> Iterator[NewBallot]:
    """Yield ballots such that if any ballot changes the winners, one of these does.

    Holds for rules that compare two candidates by their own ratings alone.
    """
    columns = np.arange(len(attack.ballots.names))
    for winner in attack.winners:
        yield all_or_nothing(columns != winner)
    if len(attack.winners) > 1:
        for column in columns:
            if column not in attack.winners:
                yield all_or_nothing(columns == column)


def _try_all_choices(attack: _Attack) -> int:
    """Try every choice of one ballot, of two, ... while counts are left; return what is proven."""
    voters = attack.ballots.size
    strongest = list(_strongest(attack))
    for number in range(1, voters + 1):
        if math.comb(voters, number) * len(strongest) > max(attack.counts_left, voters):
            return number
        for chosen in combinations(range(voters), number):
            rows = np.array(chosen)
            if any(attack.changes(rows, number, new) for new in strongest):
                return number
    return voters


def _by_separate_columns(attack: _Attack) -> int:
    """Bound from below by letting every candidate lose other ballots: the worst for the winner."""
    ballots, (winner, *_) = attack.ballots, attack.winners
    if ballots.ratings is None or np.isnan(ballots.ratings).any() or ballots.size > _MOST_SORTED:
        return 1
    rising = np.sort(np.repeat(ballots.ratings, ballots.counts, axis=0), axis=0)
    stays, changes = 0, ballots.size
    while changes - stays > 1 and attack.counts_left > _FEWEST_COUNTS // 2:
        number = attack.fragile if stays < attack.fragile < changes else (stays + changes) // 2
        worst = rising.copy()
        worst[:number] = LIKERT_MAX
        worst[:, winner] = np.sort(rising[:, winner])
        worst[len(worst) - number :, winner] = LIKERT_MIN
        if attack.winners_of(_unranked(ballots, worst)) == attack.winners:
            stays = number
        else:
            changes = number
    return stays + 1


def _unranked(ballots: Ballots, ratings: FloatMatrix) -> Ballots:
    """Ballots for a rule that reads ratings only."""
    ones = np.ones(len(ratings), dtype=np.int64)
    return Ballots(np.zeros(ratings.shape, dtype=np.int64), ballots.names, ones, ratings)


def _search(attack: _Attack, at_least: int) -> None:
    """Look for few ballots that change the winners, challenger by challenger."""
    for rows, new in _plans(attack):
        if attack.found is None or attack.changes(rows, attack.found - 1, new):
            _narrow(attack, at_least, rows, new)
        if attack.found == at_least or not attack.counts_left:
            return


def _narrow(attack: _Attack, at_least: int, rows: IntVector, new: NewBallot) -> None:
    """Close in on the fewest ballots: first the least possible, then what counts as fragile."""
    stays = at_least - 1
    first = [at_least, attack.fragile]
    while attack.best - stays > 1 and attack.counts_left:
        number = next((n for n in first if stays < n < attack.best), (stays + attack.best) // 2)
        if not attack.changes(rows, number, new):
            stays = number


def _plans(attack: _Attack) -> Iterator[tuple[IntVector, NewBallot]]:
    """Yield which ballots to replace first, and by what: promising challengers come first."""
    winner, *tied = attack.winners
    rivals = tied or _by_closeness(attack)
    for rival in rivals:
        rows = _most_opposed(attack, winner, rival)
        for new in _new_ballots(attack, winner, rival):
            yield rows, new
        if tied:
            yield rows[::-1], in_order(_around(attack, winner, rival))


def _by_closeness(attack: _Attack) -> list[int]:
    """Order challengers by the ballots needed to close the lead, else by the rule's own ranking."""
    (winner,) = attack.winners
    closing = _closing(attack)
    challengers = [column for column in attack.order if column != winner]
    if closing is None:
        return challengers
    needed = dict(zip(sorted(challengers), closing.tolist(), strict=True))
    return sorted(challengers, key=lambda column: needed[column])


def _new_ballots(attack: _Attack, winner: int, rival: int) -> Iterator[NewBallot]:
    columns = np.arange(len(attack.ballots.names))
    if attack.family in _RATED:
        yield all_or_nothing(columns == rival)
        yield all_or_nothing(columns != winner)
    else:
        yield in_order(_around(attack, rival, winner))


def _around(attack: _Attack, first: int, last: int) -> list[int]:
    """Put one candidate first, one last, and strong ones low in between."""
    between = [column for column in reversed(attack.order) if column not in (first, last)]
    return [first, *between, last]


def _most_opposed(attack: _Attack, winner: int, rival: int) -> IntVector:
    """Order rows by how much they favour the winner over the rival, most first."""
    scores = row_scores(attack.rule.name, attack.ballots)
    if scores is not None:
        favour = scores.points[:, winner] - scores.points[:, rival]
    elif attack.family in _RATED and attack.ballots.ratings is not None:
        ratings = attack.ballots.ratings
        if attack.family in _WORST_OFF_FIRST:
            return np.lexsort((-ratings[:, winner], ratings[:, rival]))
        favour = np.nan_to_num(ratings[:, winner] - ratings[:, rival])
    else:
        places = positions(attack.ballots)
        favour = (places[:, rival] - places[:, winner]).astype(np.float64)
    return np.argsort(-favour, kind="stable")
