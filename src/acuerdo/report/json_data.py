"""A result as plain data that any JSON reader takes: no nan, no foreign types."""

from __future__ import annotations

import math
from dataclasses import asdict

import numpy as np
import numpy.typing as npt

from acuerdo.domain.ballots import Choice
from acuerdo.domain.rounds import Difference, PersonView, RoundResult
from acuerdo.domain.statements import Candidate, Provenance

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def as_json(result: RoundResult) -> dict[str, Json]:
    """Return everything a result holds, ready for `json.dumps(..., allow_nan=False)`.

    `agreement`, `spread` and `known` are people x candidates in the order of `people` and
    `candidates`; agreement is on 1-7, null where the predictor cannot say. Wherever a candidate is
    referred to, it is by its index in `candidates`, from 0. `rules` holds every rule's winners,
    `rule_details` the rest. `winner` is what came first, "no statement" included; `statement` is
    its text, null unless the outcome is "agreement".
    """
    return {
        "question": _question(result),
        "outcome": result.outcome,
        "statement": result.statement,
        "winner": result.winner,
        "runner_up": result.runner_up,
        "worst_off": result.worst_off,
        "support": _number(result.support),
        "threshold": result.round.terms.threshold,
        "margin": asdict(result.margin),
        "rule": result.chosen.rule,
        "voters": result.chosen.voters,
        "candidates": [_candidate(index, one) for index, one in enumerate(result.candidates)],
        "people": [_person(view, result) for view in result.people],
        "agreement": _matrix(result.agreement.expected),
        "spread": _matrix(result.agreement.spread),
        "known": [[bool(value) for value in row] for row in result.agreement.known],
        "rules": {name: list(choice.winners) for name, choice in result.rules.items()},
        "rule_details": {name: _choice(choice) for name, choice in result.rules.items()},
        "slate": list(result.slate),
        "differences": [_difference(found) for found in result.differences],
        "rejected": [
            {
                "text": draft.text,
                "reason": draft.rejection.reason,
                "detail": draft.rejection.detail,
                **_provenance(draft.provenance),
            }
            for draft in result.rejected
        ],
        "degraded": result.degraded,
        "problems": [asdict(problem) for problem in result.problems],
        "models": dict(result.models),
        "usage": asdict(result.usage),
        "seconds": {stage: _number(seconds) for stage, seconds in result.seconds.items()},
        "seed": result.seed,
    }


def _question(result: RoundResult) -> dict[str, Json]:
    question = result.round.question
    return {
        "text": question.text,
        "language": question.language,
        "context": question.context,
        "previous": result.round.previous,
    }


def _candidate(index: int, candidate: Candidate) -> dict[str, Json]:
    return {
        "index": index,
        "id": candidate.id,
        "text": candidate.text,
        **_provenance(candidate.provenance),
    }


def _provenance(made: Provenance) -> dict[str, Json]:
    return {
        "origin": made.origin,
        "author": made.author,
        "template": made.template,
        "prompt_hash": made.prompt_hash,
        "seed": made.seed,
        "order": list(made.order),
        "attempt": made.attempt,
        "raw": made.raw,
    }


def _person(view: PersonView, result: RoundResult) -> dict[str, Json]:
    return {
        "id": view.person,
        "opinion": result.round.opinion_of(view.person),
        "critique": result.round.critique_of(view.person),
        "abstains": view.abstains,
        "agreement": _number(view.agreement),
        "spread": _number(view.spread),
        "known": view.known,
        "favourite": view.favourite,
        "least_covered": view.least_covered,
        "coverage": _number(view.coverage),
    }


def _choice(choice: Choice) -> dict[str, Json]:
    return {
        "winner": choice.winner,
        "ranking": [list(group) for group in choice.ranking],
        "scores": [_number(score) for score in choice.scores],
        "voters": choice.voters,
        "tie_break": choice.tie_break,
        "note": choice.note,
    }


def _difference(found: Difference) -> dict[str, Json]:
    return {
        "candidate": found.candidate,
        "gap": _number(found.gap),
        "agrees": found.agrees,
        "disagrees": found.disagrees,
    }


def _matrix(values: npt.NDArray[np.float64]) -> list[Json]:
    return [[_number(value) for value in row] for row in values.tolist()]


def _number(value: float) -> float | None:
    """Return the number, None where there is none: JSON knows neither nan nor infinity."""
    return float(value) if math.isfinite(value) else None
