"""One factory per record: sensible defaults, every field can be overridden. Append only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from acuerdo.domain.ballots import (
    Agreement,
    Choice,
    LevelRanking,
    Margin,
    ballots_from_agreement,
    levels,
)
from acuerdo.domain.completions import Usage
from acuerdo.domain.records import Opinion, PersonId, Question
from acuerdo.domain.rounds import Round, RoundResult
from acuerdo.domain.statements import (
    NO_STATEMENT,
    Candidate,
    Origin,
    Provenance,
    RejectedDraft,
    Rejection,
    RejectionReason,
)
from acuerdo.mediate.coverage import Coverage
from acuerdo.mediate.verdict import best_statement, verdict, views

OPINIONS: Mapping[str, str] = {
    "Ana": "Cars make the main street loud. I want it closed to traffic at weekends.",
    "Ben": "My shop lives from people who park in front. Closing the street would hurt me.",
    "Chloé": "Children should be able to play outside. But buses must still get through.",
}
TEXTS: tuple[str, ...] = (
    "We close the main street to cars on Sundays and keep the bus lane open.",
    "We keep the main street open and slow traffic to 20 kilometres an hour.",
    "We try a car-free Sunday once a month, add parking behind the shops, and decide after a year.",
)
EXPECTED: tuple[tuple[float, ...], ...] = ((6.2, 3.1, 5.4), (2.3, 5.8, 4.6), (5.9, 4.2, 5.6))
"""People x statements: under the mean and the minimum the third statement wins."""


def make_round(
    opinions: Mapping[str, str] = OPINIONS,
    *,
    question: str = "Should our main street be closed to cars?",
    language: str = "en",
    **overrides: Any,
) -> Round:
    """Return a round; `opinions` maps people to texts, overrides are fields of `Round`."""
    round_ = Round(
        question=Question(question, language=language),
        opinions=tuple(Opinion(PersonId(person), text) for person, text in opinions.items()),
    )
    return replace(round_, **overrides)


def make_candidate(text: str = TEXTS[0], origin: Origin = "model", **provenance: Any) -> Candidate:
    """Return a candidate; overrides are fields of `Provenance`."""
    made = Provenance(origin=origin)
    if origin == "model":
        made = replace(
            made, author="tiny-model", template="direct", prompt_hash="0f1e2d3c4b5a6978", seed=7
        )
    return Candidate(text, replace(made, **provenance))


def make_no_statement() -> Candidate:
    """Return the candidate that stands for "rather none"."""
    return Candidate("No statement", Provenance(origin="no_statement"), NO_STATEMENT)


def make_rejected(
    text: str = "As an AI I cannot take sides.",
    reason: RejectionReason = "refused",
    detail: str = "The model refused to answer.",
) -> RejectedDraft:
    """Return a rejected draft."""
    return RejectedDraft(text, Rejection(reason, detail), Provenance(origin="model", attempt=1))


def make_agreement(
    expected: Sequence[Sequence[float]] = EXPECTED,
    *,
    people: Sequence[str] = tuple(OPINIONS),
    candidates: Sequence[Candidate] | None = None,
    spread: float = 0.9,
    known: Sequence[tuple[int, int]] = (),
) -> Agreement:
    """Return agreement; `known` lists (row, column) of ratings that people gave themselves."""
    columns = tuple(make_candidate(t) for t in TEXTS) if candidates is None else candidates
    values = np.array(expected, dtype=np.float64).reshape(len(people), len(columns))
    own = np.zeros(values.shape, dtype=np.bool_)
    for place in known:
        own[place] = True
    spreads = np.where(np.isnan(values), np.nan, np.where(own, 0.0, spread))
    return Agreement(
        people=tuple(PersonId(person) for person in people),
        candidates=tuple(candidate.id for candidate in columns),
        expected=values,
        spread=spreads,
        known=own,
    )


def make_choice(
    rule: str = "mean", scores: Sequence[float] = (4.8, 4.4, 5.2), voters: int = 3
) -> Choice:
    """Return what a rule chooses that puts the highest score first, ties to the lowest column."""
    ranking: LevelRanking = levels(scores) if voters else ()
    winners = ranking[0] if ranking else ()
    return Choice(
        rule=rule,
        winners=winners,
        winner=winners[0] if winners else None,
        ranking=ranking,
        voters=voters,
        scores=tuple(scores) if voters else (),
        tie_break="the first of them was taken" if len(winners) > 1 else "",
        note="" if winners else "nobody's ballot could be counted",
    )


def make_result(
    expected: Sequence[Sequence[float]] = EXPECTED,
    *,
    round_: Round | None = None,
    candidates: Sequence[Candidate] | None = None,
    known: Sequence[tuple[int, int]] = (),
    spread: float = 0.9,
    least_covered: Mapping[str, str] | None = None,
    **overrides: Any,
) -> RoundResult:
    """Return a consistent result of `expected` (people x candidates), decided by the mean.

    The rules beside it are the minimum and the number of favourites. Overrides are fields of
    `RoundResult`.
    """
    round_ = round_ or make_round()
    drafts = [make_candidate(text, seed=seed) for seed, text in enumerate(TEXTS)]
    statements = tuple(drafts if candidates is None else candidates)
    agreement = make_agreement(
        expected, people=round_.people, candidates=statements, spread=spread, known=known
    )
    ballots = ballots_from_agreement(agreement)
    values = agreement.expected[agreement.deciding]
    rules = {
        name: make_choice(name, scores, ballots.size) for name, scores in _scores(values).items()
    }
    chosen = rules["mean"]
    judged = verdict(round_, statements, agreement, chosen)
    covered = {
        PersonId(person): Coverage(sentence, 0.3)
        for person, sentence in (least_covered or {}).items()
    }
    result = RoundResult(
        round=round_,
        outcome=judged.outcome,
        candidates=statements,
        rejected=(),
        agreement=agreement,
        ballots=ballots,
        chosen=chosen,
        rules=rules,
        margin=Margin(ballots=1, kind="exact", at_least=1, fragile=True),
        slate=(),
        winner=chosen.winner,
        runner_up=judged.runner_up,
        worst_off=judged.worst_off,
        support=judged.support,
        people=views(agreement, best_statement(statements, chosen), covered),
        differences=judged.differences,
        models={"drafting": "tiny-model", "predicting": "similarity"},
        usage=Usage(prompt_tokens=1200, completion_tokens=340, requests=4),
        seconds={"draft": 12.3, "predict": 0.8, "choose": 0.01},
        seed=7,
    )
    return replace(result, **overrides)


def _scores(values: npt.NDArray[np.float64]) -> dict[str, list[float]]:
    columns = values.shape[1]
    if not values.size:
        return dict.fromkeys(("mean", "minimum", "plurality"), [0.0] * columns)
    favourites = np.bincount(values.argmax(axis=1), minlength=columns)
    return {
        "mean": [float(score) for score in values.mean(axis=0)],
        "minimum": [float(score) for score in values.min(axis=0)],
        "plurality": [float(score) for score in favourites],
    }
