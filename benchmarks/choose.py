"""Time every rule against pref_voting: 5 people and 16 candidates, 10,000 people and 100.

    .oracle/bin/python benchmarks/choose.py

Needs the environment that `make test-oracle` builds. Both sides start from the same arrays of ranks
and ratings: theirs builds its profile, ours its ballots, then both find the winners. pref_voting is
also timed without the building. Repeats are paired; each call of theirs runs in a process of its
own that is stopped after `--limit` seconds, shown as ">". Winners must be the same.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection

import numpy as np

from acuerdo.choose import RULES, rule_named
from acuerdo.domain.ballots import Ballots
from pref_voting_counterparts import RATED, STRICT, Counterpart, Theirs

SEED = 20_261
WRONG = "**no**"
SIZES = ((5, 16), (10_000, 100))
COUNTERPARTS: Mapping[str, Counterpart] = {**STRICT, **RATED}


@dataclass(frozen=True)
class Timed:
    """Seconds with and without building the profile, and the winners, None if not attempted."""

    seconds: float
    rule_alone: float
    winners: list[int] | None


@dataclass(frozen=True)
class Pair:
    """Ours and theirs, one straight after the other; theirs is None where it was stopped."""

    ours: Timed
    theirs: Timed | None


def election(people: int, candidates: int) -> Ballots:
    """Draw how much people like a candidate around a quality all agree on; rate and rank by it."""
    rng = np.random.default_rng(SEED)
    liked = rng.normal(0, 0.3, size=candidates) + rng.normal(0, 1, size=(people, candidates))
    ratings = np.clip(np.round(4 + 1.5 * liked), 1, 7)
    ranks = np.argsort(np.argsort(-liked, axis=1), axis=1)
    names = tuple(f"statement {column}" for column in range(candidates))
    return Ballots(ranks, names, np.ones(people, dtype=np.int64), ratings)


def time_ours(name: str, ballots: Ballots, times: int) -> Timed:
    rule = rule_named(name)
    start = time.perf_counter()
    for _ in range(times):
        fresh = Ballots(ballots.ranks, ballots.names, ballots.counts, ballots.ratings)
        choice = rule.choose(fresh, np.random.default_rng(0))
    seconds = (time.perf_counter() - start) / times
    return Timed(seconds, seconds, list(choice.winners))


def time_theirs(counterpart: Counterpart, ballots: Ballots) -> Timed:
    start = time.perf_counter()
    theirs = Theirs(ballots)
    counterpart.run(theirs)
    seconds = time.perf_counter() - start
    start = time.perf_counter()
    winners = counterpart.run(theirs)
    alone = time.perf_counter() - start
    return Timed(seconds, alone, None if winners is None else [int(c) for c in winners])


def _serve(name: str, ballots: Ballots, pipe: Connection) -> None:
    """Answer each request with one timing; numba compiles on a small election beforehand."""
    time_theirs(COUNTERPARTS[name], election(3, 3))
    pipe.send(None)
    while pipe.recv():
        pipe.send(time_theirs(COUNTERPARTS[name], ballots))


def time_pairs(name: str, ballots: Ballots, repeats: int, limit: float) -> list[Pair]:
    """Time both sides in turn; after a stopped call of theirs there is no further one."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_serve, args=(name, ballots, there), daemon=True)
    process.start()
    here.recv()
    times = 1 if ballots.size > 1000 else 20
    pairs: list[Pair] = []
    for _ in range(repeats):
        ours = time_ours(name, ballots, times)
        here.send(True)
        theirs = here.recv() if here.poll(limit) else None
        pairs.append(Pair(ours, theirs))
        if theirs is None:
            break
    process.terminate()
    process.join()
    return pairs


def row(name: str, pairs: Sequence[Pair], limit: float) -> str:
    ours = milliseconds([pair.ours.seconds for pair in pairs])
    called = f"| {name} | `{COUNTERPARTS[name].called}` | {ours} |"
    done = [(pair.ours, pair.theirs) for pair in pairs if pair.theirs is not None]
    if not done:
        ratio = limit / max(pair.ours.seconds for pair in pairs)
        return f"{called} > {limit * 1000:,.0f} | | > {ratio:,.0f} | | not finished |"
    full = spread([theirs.seconds / ours.seconds for ours, theirs in done])
    alone = spread([theirs.rule_alone / ours.seconds for ours, theirs in done])
    same = "yes" if all(same_winners(name, *pair) for pair in done) else WRONG
    if done[0][1].winners is None:
        same = COUNTERPARTS[name].silent
    theirs_full = milliseconds([theirs.seconds for _, theirs in done])
    theirs_alone = milliseconds([theirs.rule_alone for _, theirs in done])
    return f"{called} {theirs_full} | {theirs_alone} | {full} | {alone} | {same} |"


def same_winners(name: str, ours: Timed, theirs: Timed) -> bool:
    if ours.winners is None or theirs.winners is None:
        return False
    if COUNTERPARTS[name].exact or len(theirs.winners) == 1:
        return ours.winners == theirs.winners
    return set(ours.winners) <= set(theirs.winners)


def milliseconds(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds) * 1000:,.3g}"


def spread(ratios: Sequence[float]) -> str:
    low, middle, high = min(ratios), statistics.median(ratios), max(ratios)
    return f"{middle:,.3g} ({low:,.3g} to {high:,.3g})"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--limit", type=float, default=60.0, help="seconds for one call of theirs")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    wrong = False
    for people, candidates in SIZES:
        ballots = election(people, candidates)
        print(f"\n{people:,} people, {candidates} candidates; milliseconds are medians\n")
        print("| Rule | pref_voting | Ours | Theirs | Theirs, profile built | Ratio | ", end="")
        print("Ratio, profile built | Same winners |\n|---|---|---:|---:|---:|---:|---:|---|")
        for name in COUNTERPARTS:
            pairs = time_pairs(name, ballots, options.repeats, options.limit)
            line = row(name, pairs, options.limit)
            wrong |= WRONG in line
            print(line, flush=True)
        alone = sum(time_ours(name, ballots, 1).seconds for name in RULES)
        print(f"\nAll {len(RULES)} rules of ours one after the other: {alone * 1000:,.3g} ms")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
