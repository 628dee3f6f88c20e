"""Compare the winners of every rule with pref_voting on 10,000 random profiles.

Run by `make test-oracle`. Prints a table; the exit code is 1 if a single winner differs.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Mapping

import numpy as np

from acuerdo.choose import rule_named
from acuerdo.domain.ballots import UNRANKED, Ballots, ranks_from_ratings
from pref_voting_counterparts import RATED, STRICT, WEAK, Counterpart, Theirs

SEED = 20_260
KINDS: Mapping[str, Mapping[str, Counterpart]] = {
    "strict": {**STRICT, **RATED},
    "tied": {**WEAK, **RATED},
    "partial": WEAK,
}


def random_ballots(kind: str, rng: np.random.Generator) -> Ballots:
    """Return 1-30 rows of 1-3 ballots each on 2-6 candidates; partial ones carry no ratings."""
    candidates, rows = int(rng.integers(2, 7)), int(rng.integers(1, 31))
    counts = rng.integers(1, 4, size=rows)
    names = tuple(f"candidate {column}" for column in range(candidates))
    ratings = rng.integers(1, 8, size=(rows, candidates)).astype(float)
    ranks = ranks_from_ratings(ratings)
    if kind == "strict":
        ranks = np.argsort(rng.random((rows, candidates)), axis=1)
    if kind == "partial":
        ranks[rng.random(ranks.shape) < rng.uniform(0.1, 0.7)] = UNRANKED
        return Ballots(ranks, names, counts)
    return Ballots(ranks, names, counts, ratings)


def agree(ours: list[int], theirs: list[int], counterpart: Counterpart) -> bool:
    """Say whether the winners are the same (or refine theirs, where theirs breaks fewer ties)."""
    if counterpart.exact or len(theirs) == 1:
        return ours == theirs
    return set(ours) <= set(theirs)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profiles", type=int, default=10_000)
    wanted = parser.parse_args().profiles
    rng = np.random.default_rng(SEED)
    compared: Counter[tuple[str, str]] = Counter()
    tied: Counter[tuple[str, str]] = Counter()
    different: Counter[tuple[str, str]] = Counter()
    for number in range(wanted):
        kind = list(KINDS)[number % len(KINDS)]
        ballots = random_ballots(kind, rng)
        theirs = Theirs(ballots)
        for name, counterpart in KINDS[kind].items():
            expected = counterpart.run(theirs)
            if expected is None:
                continue
            winners = list(rule_named(name).choose(ballots, rng).winners)
            compared[name, kind] += 1
            tied[name, kind] += len(winners) > 1
            if not agree(winners, [int(c) for c in expected], counterpart):
                different[name, kind] += 1
                print(f"{name}, profile {number} ({kind}): {winners}, theirs {expected}")
    print("| Our rule | Ballots | pref_voting | Profiles | Several winners | Different |")
    print("|---|---|---|---:|---:|---:|")
    for name, kind in sorted(compared):
        counterpart = KINDS[kind][name]
        cell = f"`{counterpart.called}`" + ("" if counterpart.exact else " (refined)")
        numbers = (compared[name, kind], tied[name, kind], different[name, kind])
        print(f"| {name} | {kind} | {cell} | {' | '.join(f'{n:,}' for n in numbers)} |")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
