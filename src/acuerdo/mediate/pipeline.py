"""One round: draft, predict, choose. Without state: same round, parts and rng, same result."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from acuerdo.domain.ballots import (
    Agreement,
    Ballots,
    Choice,
    Margin,
    ballots_from_agreement,
)
from acuerdo.domain.completions import Usage
from acuerdo.domain.errors import Cancelled, ModelError
from acuerdo.domain.records import LIKERT_NEUTRAL, PersonId
from acuerdo.domain.rounds import Problem, Round, RoundResult
from acuerdo.domain.statements import (
    NO_STATEMENT,
    Candidate,
    CandidateId,
    Provenance,
    RejectedDraft,
)
from acuerdo.mediate.coverage import Coverage, coverage
from acuerdo.mediate.parts import Parts
from acuerdo.mediate.unreadable import left_out, unread, without
from acuerdo.mediate.verdict import verdict, views
from acuerdo.ports import Drafting, Prediction, Progress, Unwatched, Watch, stop_if_asked

NOBODY_VOTED: Final = Margin(ballots=None, kind="none", at_least=0, fragile=False)
RATHER_NONE: Final = Candidate(
    text="No statement: rather none of these than any of them.",
    provenance=Provenance(origin="no_statement"),
    id=NO_STATEMENT,
)


def mediate(
    round_: Round, parts: Parts, rng: np.random.Generator, watch: Watch | None = None
) -> RoundResult:
    """Run one round and keep every intermediate.

    Failures of models become `problems` of the result, which then names a state from which the
    round can be resumed. Raises Cancelled if the watcher stops; nothing is lost then, since
    whatever a model answered is in its cache.
    """
    watch = watch or Unwatched()
    drafting_rng, prediction_rng, choice_rng = rng.spawn(3)
    clock = _Clock()
    round_ = _with_language(round_, parts)
    drafting = _draft(round_, parts, drafting_rng, watch)
    clock.lap("draft")
    stop_if_asked(watch)
    candidates = _unique((*round_.candidates, *drafting.candidates))
    prediction = _predict(round_, candidates, parts, prediction_rng, watch)
    clock.lap("predict")
    stop_if_asked(watch)
    watch.report(Progress("choose", 0, 1))
    agreement = with_known_ratings(prediction.agreement, round_)
    silent = unread(agreement, prediction)
    if silent:
        candidates = tuple(c for column, c in enumerate(candidates) if column not in silent)
        agreement = without(agreement, silent)
    if round_.terms.no_statement and candidates:
        candidates = (*candidates, RATHER_NONE)
        agreement = with_no_statement(agreement, round_)
    election = _elect(round_, candidates, ballots_from_agreement(agreement), parts, choice_rng)
    judged = verdict(round_, candidates, agreement, election.chosen)
    covered = _covered(round_, candidates, judged.best, parts)
    clock.lap("choose")
    watch.report(Progress("choose", 1, 1))
    return RoundResult(
        round=round_,
        outcome=judged.outcome,
        candidates=candidates,
        rejected=drafting.rejected,
        agreement=agreement,
        ballots=election.ballots,
        chosen=election.chosen,
        rules=election.rules,
        margin=election.margin,
        slate=election.slate,
        winner=election.chosen.winner,
        runner_up=judged.runner_up,
        worst_off=judged.worst_off,
        support=judged.support,
        people=views(agreement, judged.best, covered.by_person),
        differences=judged.differences,
        problems=(
            *drafting.problems,
            *prediction.problems,
            *left_out(len(silent)),
            *_lost_ratings(round_, candidates),
            *covered.problems,
        ),
        models={**parts.models, "predicting": prediction.by or parts.predictor.name},
        usage=drafting.usage + prediction.usage,
        seconds=clock.laps,
    )


class _Clock:
    """Seconds per stage."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.laps[stage] = now - self._last
        self._last = now


def _with_language(round_: Round, parts: Parts) -> Round:
    question = round_.question
    if question.language:
        return round_
    language = parts.language_of([question.text, *(o.text for o in round_.opinions)])
    return replace(round_, question=replace(question, language=language))


def _draft(round_: Round, parts: Parts, rng: np.random.Generator, watch: Watch) -> Drafting:
    candidates: list[Candidate] = []
    rejected: list[RejectedDraft] = []
    problems: list[Problem] = []
    usage = Usage()
    for drafter, own_rng in zip(parts.drafters, rng.spawn(len(parts.drafters)), strict=True):
        try:
            drafting = drafter.draft(round_, parts.screen, own_rng, watch)
        except ModelError as error:
            problems.append(Problem("draft", type(error).__name__, str(error)))
            continue
        candidates += drafting.candidates
        rejected += drafting.rejected
        problems += drafting.problems
        usage += drafting.usage
    return Drafting(tuple(candidates), tuple(rejected), tuple(problems), usage)


def _unique(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Keep the first of texts that say the same; blank texts never stand."""
    by_id: dict[CandidateId, Candidate] = {}
    for candidate in candidates:
        if candidate.text.strip() and candidate.provenance.origin != "no_statement":
            by_id.setdefault(candidate.id, candidate)
    return tuple(by_id.values())


def _predict(
    round_: Round,
    candidates: tuple[Candidate, ...],
    parts: Parts,
    rng: np.random.Generator,
    watch: Watch,
) -> Prediction:
    try:
        return parts.predictor.predict(round_, candidates, rng, watch)
    except Cancelled:
        raise
    except ModelError as error:
        nothing = np.full((len(round_.people), len(candidates)), np.nan)
        agreement = Agreement(
            people=round_.people,
            candidates=tuple(candidate.id for candidate in candidates),
            expected=nothing,
            spread=nothing.copy(),
            known=np.zeros(nothing.shape, dtype=np.bool_),
        )
        return Prediction(agreement, (Problem("predict", type(error).__name__, str(error)),))


def with_known_ratings(agreement: Agreement, round_: Round) -> Agreement:
    """Lay the ratings people gave themselves over what was predicted; their spread is 0."""
    expected, spread, known = (
        agreement.expected.copy(),
        agreement.spread.copy(),
        agreement.known.copy(),
    )
    rows = {person: row for row, person in enumerate(agreement.people)}
    columns = {candidate: column for column, candidate in enumerate(agreement.candidates)}
    for rating in round_.ratings:
        column = columns.get(CandidateId(rating.candidate))
        if column is not None:
            place = rows[rating.person], column
            expected[place] = rating.value
            spread[place] = 0.0
            known[place] = True
    return replace(agreement, expected=expected, spread=spread, known=known)


def with_no_statement(agreement: Agreement, round_: Round) -> Agreement:
    """Put "no statement" on the ballot: neutral for everybody who did not rate it themselves."""
    people = len(agreement.people)
    extended = Agreement(
        people=agreement.people,
        candidates=(*agreement.candidates, NO_STATEMENT),
        expected=np.hstack([agreement.expected, np.full((people, 1), float(LIKERT_NEUTRAL))]),
        spread=np.hstack([agreement.spread, np.zeros((people, 1))]),
        known=np.hstack([agreement.known, np.zeros((people, 1), dtype=np.bool_)]),
    )
    own = tuple(rating for rating in round_.ratings if rating.candidate == NO_STATEMENT)
    return with_known_ratings(extended, replace(round_, ratings=own))


def _lost_ratings(round_: Round, candidates: Sequence[Candidate]) -> tuple[Problem, ...]:
    known = {candidate.id for candidate in candidates} | {NO_STATEMENT}
    lost = sum(rating.candidate not in known for rating in round_.ratings)
    if not lost:
        return ()
    detail = "ratings are of statements that are not in this round; they were left out"
    return (Problem("predict", "unknown_candidate", detail, lost, resumable=False),)


@dataclass(frozen=True)
class _Covered:
    by_person: Mapping[PersonId, Coverage]
    problems: tuple[Problem, ...] = ()


def _covered(
    round_: Round, candidates: Sequence[Candidate], best: int | None, parts: Parts
) -> _Covered:
    try:
        text = candidates[best].text if best is not None else ""
        return _Covered(coverage(round_, text, parts.embedder))
    except ModelError as error:
        return _Covered({}, (Problem("choose", type(error).__name__, str(error)),))


@dataclass(frozen=True)
class _Election:
    ballots: Ballots
    chosen: Choice
    rules: Mapping[str, Choice]
    margin: Margin
    slate: tuple[int, ...]


def _elect(
    round_: Round,
    candidates: Sequence[Candidate],
    ballots: Ballots,
    parts: Parts,
    rng: np.random.Generator,
) -> _Election:
    """Count the same ballots by every rule.

    Each rule starts from the same tie-breaking stream, so that none depends on which others run.
    """
    seed = int(rng.integers(2**63))
    chosen = parts.rule.choose(ballots, np.random.default_rng(seed))
    others = {
        name: rule.choose(ballots, np.random.default_rng(seed))
        for name, rule in parts.rules.items()
        if name != parts.rule.name
    }
    in_order = [name for name in parts.rules if name != chosen.rule]
    rules = {chosen.rule: chosen} | {name: others[name] for name in in_order}
    statements = sum(c.provenance.origin != "no_statement" for c in candidates)
    size = min(round_.terms.slate, statements)
    slate = (
        parts.slate(_without_last(ballots, statements), size, np.random.default_rng(seed))
        if size and ballots.size
        else ()
    )
    margin = parts.margin(parts.rule, ballots) if ballots.size else NOBODY_VOTED
    return _Election(ballots, chosen, rules, margin, slate)


def _without_last(ballots: Ballots, columns: int) -> Ballots:
    """Drop "no statement": a slate is made of statements only."""
    return replace(
        ballots,
        ranks=ballots.ranks[:, :columns],
        names=ballots.names[:columns],
        ratings=None if ballots.ratings is None else ballots.ratings[:, :columns],
    )
