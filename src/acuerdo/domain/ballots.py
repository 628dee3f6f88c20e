"""Agreement and ballots: the one convention for direction and base.

Agreement is a matrix people x candidates of values on the 1-7 scale; *higher is better*; `nan`
means "cannot say".

Ranks are a matrix voters x candidates of integers; *0 is best*, equal numbers are ties, `UNRANKED`
(-1) means that the voter left the candidate out. An unranked candidate stands below every ranked
one; two unranked candidates are not compared. Worked example, five candidates A to E:

    "B first, then A and D together, nothing about C and E"
        A  B   C  D   E
      [ 1, 0, -1, 1, -1 ]

A ranking of candidates (the result of a rule) is a tuple of tuples of column numbers, best first,
ties together: `((1,), (0, 3), (2, 4))`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from acuerdo.domain.records import LIKERT_MAX, LIKERT_MIN, PersonId
from acuerdo.domain.statements import CandidateId

FloatMatrix = npt.NDArray[np.float64]
IntMatrix = npt.NDArray[np.int64]
IntVector = npt.NDArray[np.int64]
BoolMatrix = npt.NDArray[np.bool_]
LevelRanking = tuple[tuple[int, ...], ...]

UNRANKED: Final = -1
TIE_TOLERANCE: Final = 1e-9
"""Expected agreements closer than this count as equal when they become ranks."""


@dataclass(frozen=True, eq=False)
class Agreement:
    """How much each person agrees with each candidate; shape (people, candidates) throughout.

    `expected` is on 1-7, nan where the predictor cannot say. `spread` is one standard deviation in
    the same unit: 0 for known ratings, nan where `expected` is. `known` marks ratings that people
    gave themselves; everything else is a prediction.
    """

    people: tuple[PersonId, ...]
    candidates: tuple[CandidateId, ...]
    expected: FloatMatrix
    spread: FloatMatrix
    known: BoolMatrix

    def __post_init__(self) -> None:
        shape = (len(self.people), len(self.candidates))
        for name in ("expected", "spread", "known"):
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name} has shape {getattr(self, name).shape}, not {shape}")
        said = self.expected[~np.isnan(self.expected)]
        if ((said < LIKERT_MIN) | (said > LIKERT_MAX)).any():
            raise ValueError(f"expected agreement must lie on {LIKERT_MIN}-{LIKERT_MAX}")

    @property
    def deciding(self) -> npt.NDArray[np.bool_]:
        """True for people who have a value for every candidate; the others abstain."""
        return np.asarray(~np.isnan(self.expected).any(axis=1))

    def of(self, columns: Sequence[int]) -> Agreement:
        """Return everybody's agreement with the candidates in these columns, in this order."""
        taken = np.asarray(columns, dtype=np.int64)
        return replace(
            self,
            candidates=tuple(self.candidates[column] for column in taken),
            expected=self.expected[:, taken],
            spread=self.spread[:, taken],
            known=self.known[:, taken],
        )


@dataclass(frozen=True, eq=False)
class Ballots:
    """What is counted. One row may stand for several identical ballots (`counts`).

    `ranks` (voters, candidates) as described in the module; `ratings` (voters, candidates) higher
    is better, > 0, nan where not given, or None where only rankings are known; `counts` (voters,)
    positive integers. `names` label the columns.
    """

    ranks: IntMatrix
    names: tuple[str, ...]
    counts: IntVector
    ratings: FloatMatrix | None = None

    def __post_init__(self) -> None:
        if self.ranks.ndim != 2 or self.ranks.shape[1] != len(self.names):
            raise ValueError(
                f"ranks have shape {self.ranks.shape} for {len(self.names)} candidates"
            )
        if self.counts.shape != (self.ranks.shape[0],) or (self.counts < 1).any():
            raise ValueError("counts must be one positive integer per row of ranks")
        if self.ratings is not None and self.ratings.shape != self.ranks.shape:
            raise ValueError(f"ratings have shape {self.ratings.shape}, not {self.ranks.shape}")

    @property
    def size(self) -> int:
        """Number of ballots cast."""
        return int(self.counts.sum())


@dataclass(frozen=True)
class Choice:
    """What one rule makes of the ballots.

    `winners` are all columns the rule itself puts first, in ascending order: more than one means a
    tie. `winner` is the one left after tie-breaking (None without ballots or where the rule does
    not apply, then `note` says why). `ranking` is the rule's whole order, ties together.
    `tie_break` says in a few words how the tie was broken, "" where there was none. `scores` holds
    the rule's number per candidate where it has one; higher is better.
    """

    rule: str
    winners: tuple[int, ...]
    winner: int | None
    ranking: LevelRanking
    voters: int
    scores: tuple[float, ...] = ()
    tie_break: str = ""
    note: str = ""


@dataclass(frozen=True)
class Margin:
    """How many ballots would have to change before the set of winners changes.

    `kind` "exact": `ballots` is the smallest such number. "at_most": that many are enough, fewer
    might be; `at_least` is the proven lower bound. "none": no change of ballots can do it, or
    nothing was decided. `fragile`: one ballot or 5 % of them, whichever is more, could be enough.
    """

    ballots: int | None
    kind: Literal["exact", "at_most", "none"]
    at_least: int
    fragile: bool


def ranks_from_ratings(ratings: FloatMatrix) -> IntMatrix:
    """Turn ratings (higher is better, nan = none) into ranks; shape is kept.

    >>> ranks_from_ratings(np.array([[5.0, 6.5, 5.0, np.nan]])).tolist()
    [[1, 0, 1, -1]]
    """
    ranks = np.full(ratings.shape, UNRANKED, dtype=np.int64)
    for row, values in zip(ranks, ratings, strict=True):
        rated = ~np.isnan(values)
        order = np.argsort(-values[rated], kind="stable")
        falling = values[rated][order]
        steps = np.concatenate(([0], np.cumsum(falling[:-1] - falling[1:] > TIE_TOLERANCE)))
        placed = np.empty(order.size, dtype=np.int64)
        placed[order] = steps[: order.size]
        row[rated] = placed
    return ranks


def ballots_from_agreement(agreement: Agreement) -> Ballots:
    """Turn agreement into one ballot per person who has a value for every candidate."""
    ratings = agreement.expected[agreement.deciding]
    return Ballots(
        ranks=ranks_from_ratings(ratings),
        names=tuple(agreement.candidates),
        counts=np.ones(len(ratings), dtype=np.int64),
        ratings=ratings,
    )


def levels(scores: Sequence[float], tolerance: float = TIE_TOLERANCE) -> LevelRanking:
    """Order columns by falling score, ties together.

    >>> levels([1.0, 3.0, 1.0])
    ((1,), (0, 2))
    """
    order = sorted(range(len(scores)), key=lambda column: (-scores[column], column))
    ranking: list[list[int]] = []
    for column in order:
        if ranking and abs(scores[ranking[-1][-1]] - scores[column]) <= tolerance:
            ranking[-1].append(column)
        else:
            ranking.append([column])
    return tuple(tuple(sorted(level)) for level in ranking)
