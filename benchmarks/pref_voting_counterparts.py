"""Which function of pref_voting corresponds to which of our rules, on which kind of ballots.

Imported by `compare_pref_voting.py` and `choose.py`; needs pref_voting 1.18.2 in an environment of
its own (it pins numpy and brings packages under other licences).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from pref_voting import grade_methods, utility_methods
from pref_voting.c1_methods import copeland
from pref_voting.grade_profiles import GradeProfile
from pref_voting.iterative_methods import instant_runoff_put
from pref_voting.margin_based_methods import (
    beat_path,
    minimax,
    minimax_support,
    ranked_pairs,
    split_cycle,
)
from pref_voting.profiles import Profile
from pref_voting.profiles_with_ties import ProfileWithTies
from pref_voting.scoring_methods import borda, borda_for_profile_with_ties, plurality
from pref_voting.utility_profiles import UtilityProfile

from acuerdo.choose.grades import APPROVAL_THRESHOLD
from acuerdo.domain.ballots import Ballots

Winners = list[int]

STATUS_QUO = -1
"""An extra alternative of utility 0, from which pref_voting's Nash product is measured."""

_ORDERS_TRIED = 720
_TOO_MANY_ORDERS = "too many tied pairs for them"
_TIED_PROFILE_CANDIDATES = 5


@dataclass(frozen=True, eq=False)
class Theirs:
    """The same ballots as pref_voting holds them; each form is built when first asked for."""

    ballots: Ballots

    @cached_property
    def strict(self) -> Profile:
        """Linear orders."""
        orders = np.argsort(self.ballots.ranks, axis=1, kind="stable")
        return Profile(orders, rcounts=self.ballots.counts.tolist())

    @cached_property
    def weak(self) -> ProfileWithTies:
        """Rankings with ties or gaps; a ranked candidate beats every unranked one."""
        rankings = [
            {column: rank + 1 for column, rank in enumerate(row) if rank >= 0}
            for row in self.ballots.ranks.tolist()
        ]
        profile = ProfileWithTies(
            rankings,
            rcounts=self.ballots.counts.tolist(),
            candidates=list(range(len(self.ballots.names))),
        )
        profile.use_extended_strict_preference()
        return profile

    @cached_property
    def utilities(self) -> UtilityProfile:
        """Ratings as utilities."""
        rows = [dict(enumerate(row)) for row in self._ratings]
        return UtilityProfile(rows, ucounts=self.ballots.counts.tolist())

    @cached_property
    def utilities_above_zero(self) -> UtilityProfile:
        """Ratings as utilities, with a status quo of utility 0."""
        rows = [{STATUS_QUO: 0, **dict(enumerate(row))} for row in self._ratings]
        return UtilityProfile(rows, ucounts=self.ballots.counts.tolist())

    @cached_property
    def grades(self) -> GradeProfile:
        """Ratings as grades."""
        rows = [dict(enumerate(row)) for row in self._ratings]
        steps = sorted({value for row in self._ratings for value in row})
        return GradeProfile(rows, steps, gcounts=self.ballots.counts.tolist())

    @cached_property
    def approvals(self) -> GradeProfile:
        """1 for a rating that approves, 0 for one that does not."""
        rows = [
            {column: int(value >= APPROVAL_THRESHOLD) for column, value in enumerate(row)}
            for row in self._ratings
        ]
        return GradeProfile(rows, [0, 1], gcounts=self.ballots.counts.tolist())

    @property
    def _ratings(self) -> list[list[float]]:
        assert self.ballots.ratings is not None
        values: list[list[float]] = self.ballots.ratings.tolist()
        return values


@dataclass(frozen=True)
class Counterpart:
    """A function of pref_voting; `run` gives None where it has no answer, `silent` says why.

    `exact` is False where theirs stops breaking ties earlier: then our winners must be among
    theirs, and the same wherever theirs is a single one.
    """

    called: str
    run: Callable[[Theirs], Winners | None]
    exact: bool = True
    silent: str = ""


def _split_plurality(theirs: Theirs) -> Winners:
    scores = theirs.weak.tops_scores(score_type="split")
    best = max(scores.values())
    return sorted(candidate for candidate in scores if math.isclose(scores[candidate], best))


def _nash(theirs: Theirs) -> Winners | None:
    """Their product of the ratings overflows beyond a few hundred people."""
    assert theirs.ballots.ratings is not None
    largest = (theirs.ballots.counts @ np.log(theirs.ballots.ratings)).max()
    winners: Winners = utility_methods.nash(theirs.utilities_above_zero, sq=STATUS_QUO)
    return winners if largest < math.log(np.finfo(np.float64).max) else None


def _ranked_pairs_strict(theirs: Theirs) -> Winners | None:
    return _ranked_pairs(theirs.strict)


def _ranked_pairs_weak(theirs: Theirs) -> Winners | None:
    return _ranked_pairs(theirs.weak)


def _ranked_pairs(profile: Profile | ProfileWithTies) -> Winners | None:
    """Take the quick one of their two algorithms, neither if both would try too many orders."""
    names = profile.candidates
    margins = np.array([[profile.margin(a, b) for b in names] for a in names])
    size = len(margins)
    tied_twice = (margins == 0) & ~np.eye(size, dtype=bool)
    _, groups = np.unique(margins[(margins > 0)], return_counts=True)
    orders = math.prod(math.factorial(n) for n in groups.tolist())
    orders *= math.factorial(int(tied_twice.sum()))
    if orders <= _ORDERS_TRIED or profile.condorcet_winner() is not None:
        return ranked_pairs(profile)
    if size <= _TIED_PROFILE_CANDIDATES:
        return ranked_pairs(profile, algorithm="from_stacks")
    return None


STRICT: Mapping[str, Counterpart] = {
    "schulze": Counterpart(
        "beat_path(strength_function=support)",
        lambda t: beat_path(t.strict, strength_function=t.strict.support),
    ),
    "schulze:margins": Counterpart("beat_path", lambda t: beat_path(t.strict)),
    "minimax": Counterpart("minimax_support", lambda t: minimax_support(t.strict)),
    "minimax:margins": Counterpart("minimax", lambda t: minimax(t.strict)),
    "ranked_pairs": Counterpart("ranked_pairs", _ranked_pairs_strict, silent=_TOO_MANY_ORDERS),
    "split_cycle": Counterpart("split_cycle", lambda t: split_cycle(t.strict)),
    "borda": Counterpart("borda", lambda t: borda(t.strict)),
    "copeland": Counterpart("copeland", lambda t: copeland(t.strict)),
    "instant_runoff": Counterpart("instant_runoff_put", lambda t: instant_runoff_put(t.strict)),
    "plurality": Counterpart("plurality", lambda t: plurality(t.strict)),
}
"""For ballots that rank every candidate without ties (`Profile`)."""

WEAK: Mapping[str, Counterpart] = {
    "schulze": Counterpart(
        "beat_path(strength_function=support)",
        lambda t: beat_path(t.weak, strength_function=t.weak.support),
    ),
    "schulze:margins": Counterpart("beat_path", lambda t: beat_path(t.weak)),
    "minimax": Counterpart("minimax_support", lambda t: minimax_support(t.weak)),
    "minimax:margins": Counterpart("minimax", lambda t: minimax(t.weak)),
    "ranked_pairs": Counterpart("ranked_pairs", _ranked_pairs_weak, silent=_TOO_MANY_ORDERS),
    "split_cycle": Counterpart("split_cycle", lambda t: split_cycle(t.weak)),
    "split_cycle:winning_votes": Counterpart(
        "split_cycle(strength_function=support, algorithm='floyd_warshall')",
        lambda t: split_cycle(t.weak, strength_function=t.weak.support, algorithm="floyd_warshall"),
    ),
    "borda": Counterpart(
        "borda_for_profile_with_ties", lambda t: borda_for_profile_with_ties(t.weak)
    ),
    "copeland": Counterpart("copeland", lambda t: copeland(t.weak)),
    "instant_runoff": Counterpart(
        "approval_irv_put", lambda t: instant_runoff_put(t.weak, score_method="approval")
    ),
    "plurality": Counterpart("tops_scores(score_type='split')", _split_plurality),
}
"""For ballots with ties or gaps (`ProfileWithTies`, extended strict preference)."""

RATED: Mapping[str, Counterpart] = {
    "utilitarian": Counterpart(
        "sum_utilitarian", lambda t: utility_methods.sum_utilitarian(t.utilities)
    ),
    "bernoulli_nash": Counterpart(
        "nash(sq=an alternative of utility 0)", _nash, silent="their product overflows"
    ),
    "rawlsian": Counterpart("maximin", lambda t: utility_methods.maximin(t.utilities)),
    "leximin": Counterpart(
        "lexicographic_maximin", lambda t: utility_methods.lexicographic_maximin(t.utilities)
    ),
    "approval": Counterpart("approval", lambda t: grade_methods.approval(t.approvals)),
    "majority_judgement": Counterpart(
        "majority_judgement", lambda t: grade_methods.majority_judgement(t.grades), exact=False
    ),
}
"""For ballots with a rating of every candidate."""
