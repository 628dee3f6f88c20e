"""The axioms of social choice as checks of one case, and which rule satisfies which.

All are stated for rules that may name several winners, before any tie is broken. F(P) are the
winners of the ballots P.

condorcet        a candidate that beats every other one is the only winner
condorcet_loser  a candidate that loses to every other one does not win
monotonicity     a winner that is raised on a ballot, everything else staying in order, still wins
clones           candidates next to each other on every ballot (rating rules: rated alike) may be
                 merged into one: the others win as before, and one of the clones wins if and only
                 if their single stand-in does
participation    an additional ballot makes neither the best nor the worst winner worse for it
reinforcement    where two electorates have winners in common, exactly these win in the union
anonymity        it does not matter in which order ballots come, nor how they are grouped
neutrality       renaming the candidates renames the ranking
weak_pareto      a candidate to which every ballot prefers one and the same other one does not win
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from acuerdo.choose import condorcet_loser, condorcet_winner, preferences
from acuerdo.domain.ballots import UNRANKED, Ballots, BoolMatrix, LevelRanking
from acuerdo.ports import Rule


@dataclass(frozen=True, eq=False)
class Case:
    """What an axiom speaks about.

    `other` is the second set of ballots: the changed ones (monotonicity), the additional ballot
    (participation), the second electorate (reinforcement). `columns` are the raised candidate, the
    clones, or the order of columns (neutrality) or rows (anonymity).
    """

    ballots: Ballots
    other: Ballots | None = None
    columns: tuple[int, ...] = ()

    @property
    def second(self) -> Ballots:
        assert self.other is not None
        return self.other


def winners(rule: Rule, ballots: Ballots) -> frozenset[int]:
    return frozenset(ranking(rule, ballots)[0])


def ranking(rule: Rule, ballots: Ballots) -> LevelRanking:
    return rule.choose(ballots, np.random.default_rng(0)).ranking


def together(first: Ballots, second: Ballots) -> Ballots:
    ratings = None
    if first.ratings is not None and second.ratings is not None:
        ratings = np.vstack((first.ratings, second.ratings))
    return Ballots(
        np.vstack((first.ranks, second.ranks)),
        first.names,
        np.concatenate((first.counts, second.counts)),
        ratings,
    )


def with_columns(ballots: Ballots, columns: tuple[int, ...]) -> Ballots:
    """Keep these candidates, in this order."""
    kept = list(columns)
    return Ballots(
        ballots.ranks[:, kept],
        tuple(ballots.names[column] for column in kept),
        ballots.counts,
        None if ballots.ratings is None else ballots.ratings[:, kept],
    )


def _condorcet(rule: Rule, case: Case) -> bool:
    best = condorcet_winner(preferences(case.ballots))
    return best is None or winners(rule, case.ballots) == {best}


def _condorcet_loser(rule: Rule, case: Case) -> bool:
    return condorcet_loser(preferences(case.ballots)) not in winners(rule, case.ballots)


def _monotonicity(rule: Rule, case: Case) -> bool:
    (raised,) = case.columns
    return raised not in winners(rule, case.ballots) or raised in winners(rule, case.second)


def _clones(rule: Rule, case: Case) -> bool:
    stand_in, *merged = case.columns
    kept = tuple(c for c in range(len(case.ballots.names)) if c not in merged)
    before = winners(rule, case.ballots)
    after = {kept[column] for column in winners(rule, with_columns(case.ballots, kept))}
    return before - set(case.columns) == after - {stand_in} and bool(
        before & set(case.columns)
    ) == (stand_in in after)


def _participation(rule: Rule, case: Case) -> bool:
    without = winners(rule, case.ballots)
    with_it = winners(rule, together(case.ballots, case.second))
    likes = _likes(case.second)
    best = max(likes[c] for c in with_it) >= max(likes[c] for c in without)
    worst = min(likes[c] for c in with_it) >= min(likes[c] for c in without)
    return best and worst


def _likes(ballot: Ballots) -> list[float]:
    """How much one ballot likes every candidate; only the order matters."""
    if ballot.ratings is not None:
        return [float(value) for value in ballot.ratings[0]]
    return [-np.inf if rank == UNRANKED else -float(rank) for rank in ballot.ranks[0]]


def _reinforcement(rule: Rule, case: Case) -> bool:
    common = winners(rule, case.ballots) & winners(rule, case.second)
    return not common or winners(rule, together(case.ballots, case.second)) == common


def _anonymity(rule: Rule, case: Case) -> bool:
    rows = np.repeat(np.array(case.columns), case.ballots.counts[list(case.columns)])
    ratings = case.ballots.ratings
    single = Ballots(
        case.ballots.ranks[rows],
        case.ballots.names,
        np.ones(rows.size, dtype=np.int64),
        None if ratings is None else ratings[rows],
    )
    return ranking(rule, single) == ranking(rule, case.ballots)


def _neutrality(rule: Rule, case: Case) -> bool:
    renamed = ranking(rule, with_columns(case.ballots, case.columns))
    back = tuple(tuple(sorted(case.columns[c] for c in level)) for level in renamed)
    return back == ranking(rule, case.ballots)


def _weak_pareto(rule: Rule, case: Case) -> bool:
    dominated = np.flatnonzero(_unanimous(case.ballots).any(axis=0)).tolist()
    return winners(rule, case.ballots).isdisjoint(dominated)


def _unanimous(ballots: Ballots) -> BoolMatrix:
    """Pairs [a, b] where every ballot prefers a to b."""
    return np.asarray(preferences(ballots) == ballots.size)


AXIOMS: Mapping[str, Callable[[Rule, Case], bool]] = {
    "condorcet": _condorcet,
    "condorcet_loser": _condorcet_loser,
    "monotonicity": _monotonicity,
    "clones": _clones,
    "participation": _participation,
    "reinforcement": _reinforcement,
    "anonymity": _anonymity,
    "neutrality": _neutrality,
    "weak_pareto": _weak_pareto,
}
"""Each says whether the axiom holds in one case."""

_ALWAYS = frozenset({"anonymity", "neutrality", "weak_pareto"})
_CONDORCET_METHOD = _ALWAYS | {"condorcet", "condorcet_loser", "monotonicity"}
_EVERY_RATING_COUNTS_ALONE = _ALWAYS | {"monotonicity", "clones"}

SATISFIED: Mapping[str, frozenset[str]] = {
    "plurality": _ALWAYS | {"monotonicity", "participation", "reinforcement"},
    "borda": _ALWAYS | {"condorcet_loser", "monotonicity", "participation", "reinforcement"},
    "instant_runoff": _ALWAYS | {"condorcet_loser", "clones"},
    "minimax": _CONDORCET_METHOD - {"condorcet_loser"},
    "copeland": _CONDORCET_METHOD,
    "ranked_pairs": _CONDORCET_METHOD | {"clones"},
    "schulze": _CONDORCET_METHOD | {"clones"},
    "split_cycle": _CONDORCET_METHOD | {"clones"},
    "utilitarian": _EVERY_RATING_COUNTS_ALONE | {"participation", "reinforcement"},
    "bernoulli_nash": _EVERY_RATING_COUNTS_ALONE | {"participation", "reinforcement"},
    "rawlsian": _EVERY_RATING_COUNTS_ALONE | {"participation"},
    "leximin": _EVERY_RATING_COUNTS_ALONE | {"participation", "reinforcement"},
    "gini": _EVERY_RATING_COUNTS_ALONE,
    "approval": _EVERY_RATING_COUNTS_ALONE - {"weak_pareto"} | {"participation", "reinforcement"},
    "majority_judgement": _EVERY_RATING_COUNTS_ALONE,
    "veto_core": _ALWAYS | {"monotonicity"},
}
"""The axioms each rule satisfies; for every other one a counterexample is kept."""
