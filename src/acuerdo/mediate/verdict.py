"""What a choice means for the group: the outcome, who is worst off, what divides people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from acuerdo.domain.ballots import Agreement, Choice
from acuerdo.domain.records import LIKERT_NEUTRAL, PersonId
from acuerdo.domain.rounds import Difference, Outcome, PersonView, Round
from acuerdo.domain.statements import Candidate
from acuerdo.mediate.coverage import Coverage

DIFFERENCES_SHOWN: Final = 3


@dataclass(frozen=True)
class Verdict:
    """Fields as in `RoundResult`; `best` is the winner, or the statement that came closest."""

    outcome: Outcome
    best: int | None
    runner_up: int | None
    worst_off: PersonId | None
    support: float
    differences: tuple[Difference, ...]


def verdict(
    round_: Round,
    candidates: Sequence[Candidate],
    agreement: Agreement,
    chosen: Choice,
) -> Verdict:
    """Read the chosen result back to the people it is about."""
    best = best_statement(candidates, chosen)
    share = support(agreement, chosen.winner, candidates)
    return Verdict(
        outcome=_outcome(candidates, chosen, share, round_.terms.threshold),
        best=best,
        runner_up=_runner_up(chosen),
        worst_off=_worst_off(agreement, best),
        support=share,
        differences=differences(candidates, agreement),
    )


def best_statement(candidates: Sequence[Candidate], chosen: Choice) -> int | None:
    """Return the winner, or the statement that came closest where "no statement" won."""
    if chosen.winner is None or _is_statement(candidates[chosen.winner]):
        return chosen.winner
    ordered = (column for level in chosen.ranking for column in level)
    return next((column for column in ordered if _is_statement(candidates[column])), None)


def support(agreement: Agreement, winner: int | None, candidates: Sequence[Candidate]) -> float:
    """Return the share of deciding people expected above neutral for the winner, nan if none."""
    deciding = agreement.deciding
    if winner is None or not _is_statement(candidates[winner]) or not deciding.any():
        return float("nan")
    return float((agreement.expected[deciding, winner] > LIKERT_NEUTRAL).mean())


def differences(candidates: Sequence[Candidate], agreement: Agreement) -> tuple[Difference, ...]:
    """Return the statements that divide the group most: some above neutral, some below."""
    deciding = np.flatnonzero(agreement.deciding)
    if deciding.size < 2:
        return ()
    found: list[Difference] = []
    for column, candidate in enumerate(candidates):
        values = agreement.expected[deciding, column]
        low, high = int(values.argmin()), int(values.argmax())
        if _is_statement(candidate) and values[low] < LIKERT_NEUTRAL < values[high]:
            found.append(
                Difference(
                    candidate=column,
                    gap=float(values[high] - values[low]),
                    agrees=agreement.people[deciding[high]],
                    disagrees=agreement.people[deciding[low]],
                )
            )
    return tuple(sorted(found, key=lambda d: (-d.gap, d.candidate))[:DIFFERENCES_SHOWN])


def _is_statement(candidate: Candidate) -> bool:
    return candidate.provenance.origin != "no_statement"


def _outcome(
    candidates: Sequence[Candidate], chosen: Choice, share: float, threshold: float
) -> Outcome:
    if not candidates:
        return "no_candidates"
    if chosen.winner is None:
        return "undecided"
    if not _is_statement(candidates[chosen.winner]) or share < threshold:
        return "no_common_ground"
    return "agreement"


def _runner_up(chosen: Choice) -> int | None:
    ordered = (column for level in chosen.ranking for column in level)
    return next((column for column in ordered if column != chosen.winner), None)


def _worst_off(agreement: Agreement, best: int | None) -> PersonId | None:
    deciding = np.flatnonzero(agreement.deciding)
    if best is None or not deciding.size:
        return None
    row: int = deciding[agreement.expected[deciding, best].argmin()]
    return agreement.people[row]


def views(
    agreement: Agreement, best: int | None, covered: Mapping[PersonId, Coverage]
) -> tuple[PersonView, ...]:
    """Return each person's place: agreement with column `best` and what it leaves out of theirs."""
    found = []
    for row, person in enumerate(agreement.people):
        values = agreement.expected[row]
        least = covered.get(person, Coverage("", float("nan")))
        found.append(
            PersonView(
                person=person,
                abstains=not bool(agreement.deciding[row]),
                agreement=float("nan") if best is None else float(values[best]),
                spread=float("nan") if best is None else float(agreement.spread[row, best]),
                known=best is not None and bool(agreement.known[row, best]),
                favourite=int(values.argmax()) if values.size and agreement.deciding[row] else None,
                least_covered=least.sentence,
                coverage=least.similarity,
            )
        )
    return tuple(found)
