"""Drafting candidates for many groups, one group after the other, and scoring every draft."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

import numpy as np

from acuerdo.domain.ballots import Agreement, ballots_from_agreement
from acuerdo.domain.errors import BudgetExceeded, InputError, ModelError, SettingsError
from acuerdo.domain.material import Material
from acuerdo.domain.records import SessionId
from acuerdo.domain.rounds import Problem
from acuerdo.domain.sheets import Values
from acuerdo.domain.statements import Candidate
from acuerdo.ports import (
    Drafter,
    Drafting,
    Prediction,
    Predictor,
    Progress,
    Rule,
    Screen,
    Watch,
    stop_if_asked,
)
from acuerdo.train.candidates.records import (
    WELFARE,
    GroupCandidates,
    ScoredDraft,
    group_rng,
    key_of,
    rounds_of,
)
from acuerdo.train.candidates.store import CandidateStore

STAGE: Final = "groups"
SESSION: Final = "candidates"
HELD_OUT: Final = frozenset({"test", "held-out", "held_out", "heldout", "unused"})
"""Splits that nothing may be drafted for to learn from, whatever is asked."""
OVER_BUDGET: Final = frozenset({"over_budget", "BudgetExceeded"})
TOO_FEW: Final = "too_few_drafts"
ABOUT_THE_GROUP: Final = frozenset({TOO_FEW, "too_long", "refused"})
"""Problems that end with the group they befell; others would befall every group alike."""


class Judge(Protocol):
    """Measures drafts: (drafts,), nan where it cannot say. Its weight tells what is better."""

    @property
    def name(self) -> str: ...

    def measure(self, material: Material, drafts: Sequence[str], watch: Watch) -> Values: ...


@dataclass(frozen=True, slots=True)
class CandidateParts:
    """Who drafts, what must hold of a draft, who expects how much people agree, who judges.

    `rule` makes one welfare of everybody's agreement. `recipe` names everything that decides what
    comes out (model, template, temperature, seed, ...): a group is drafted again when it changes.
    """

    model: str
    drafter: Drafter
    screen: Screen
    predictor: Predictor
    rule: Rule
    recipe: Mapping[str, object]
    judges: tuple[Judge, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """Each group once, in the order of the materials; `unfinished` says why the last are missing.

    Of several materials of one group, the first stands for all.
    """

    groups: tuple[tuple[Material, GroupCandidates], ...]
    unfinished: str = ""


def for_training(materials: Sequence[Material], splits: Sequence[str]) -> tuple[Material, ...]:
    """Return the materials of these splits.

    Raises SettingsError if one of them is held out, InputError if nothing is left.
    """
    for split in splits:
        if split.lower() in HELD_OUT:
            raise SettingsError(
                f"the questions of the split {split!r} are held out: what is drafted for them must "
                "not be learned from",
                where="splits",
                fix='Draft for the split "train".',
            )
    found = tuple(material for material in materials if material.split in splits)
    if not found:
        there = sorted({material.split or "none" for material in materials})
        raise InputError(
            f"no group is in the split {' or '.join(splits)}",
            where="material",
            fix=f"The material has the splits {', '.join(there) or 'none'}.",
        )
    return found


def draw_candidates(
    materials: Sequence[Material],
    parts: CandidateParts,
    store: CandidateStore,
    *,
    seed: int,
    watch: Watch,
    clock: Callable[[], float] = time.monotonic,
) -> Drawn:
    """Draft and score candidates for every group that the store does not hold yet.

    Every group is kept as soon as it is done, and only if everything that it takes could be asked.
    When the budget is spent the groups so far are returned. Raises ModelError if a model cannot be
    used, StorageError if the disk is full, Cancelled if the watcher stops; what was kept stays.
    """
    rounds = rounds_of(materials)
    keys = [key_of(material, parts.recipe) for material in rounds]
    waiting = sum(store.get(key) is None for key in keys)
    groups: list[tuple[Material, GroupCandidates]] = []
    start, fresh = clock(), 0
    for number, (material, key) in enumerate(zip(rounds, keys, strict=True)):
        stop_if_asked(watch)
        note = _time_left(clock() - start, fresh, waiting)
        watch.report(Progress(STAGE, number, len(rounds), note))
        held = store.get(key)
        if held is None:
            made = _of_group(material, key, parts, group_rng(material, seed), watch)
            if isinstance(made, str):
                return Drawn(tuple(groups), made)
            store.add(made)
            held, fresh = made, fresh + 1
        groups.append((material, held))
    watch.report(Progress(STAGE, len(rounds), len(rounds)))
    return Drawn(tuple(groups))


def _of_group(
    material: Material, key: str, parts: CandidateParts, rng: np.random.Generator, watch: Watch
) -> GroupCandidates | str:
    """Return the group's candidates, or why there can be no more because the budget is spent."""
    round_ = replace(material.round(), session=SessionId(f"{SESSION}-{material.group}"))
    drafting = parts.drafter.draft(round_, parts.screen, rng, watch)
    if spent := _spent(drafting.problems):
        return spent
    _raise_if_unusable(drafting, material.group)
    drafts: tuple[ScoredDraft, ...] = ()
    usage = drafting.usage
    if drafting.candidates:
        try:
            prediction = parts.predictor.predict(round_, drafting.candidates, rng, watch)
            if spent := _spent(prediction.problems):
                return spent
            _raise_if_silent(prediction, material.group)
            drafts = _scored(
                material, drafting.candidates, prediction.agreement, parts, rng=rng, watch=watch
            )
        except BudgetExceeded as error:
            return str(error)
        usage += prediction.usage
    return GroupCandidates(
        key=key,
        group=material.group,
        revision=material.revises,
        model=parts.model,
        predictor=parts.predictor.name,
        welfare=parts.rule.name,
        drafts=drafts,
        rejected=Counter(draft.rejection.reason for draft in drafting.rejected),
        tokens=usage.prompt_tokens + usage.completion_tokens,
    )


def _spent(problems: Sequence[Problem]) -> str:
    """Return what says that the budget is spent, "" if it is not."""
    return next((problem.detail for problem in problems if problem.kind in OVER_BUDGET), "")


def _raise_if_unusable(drafting: Drafting, group: str) -> None:
    """Raise ModelError if drafts are missing for a reason that another run may not meet."""
    serious = [p for p in drafting.problems if p.kind not in ABOUT_THE_GROUP]
    short = not drafting.candidates or any(p.kind == TOO_FEW for p in drafting.problems)
    if serious and short:
        said = "not all drafts could be asked for" if drafting.candidates else "nothing was drafted"
        raise _failure(said, serious[0], group)


def _raise_if_silent(prediction: Prediction, group: str) -> None:
    """Raise ModelError if the predictor was silent for a reason that another run may not meet."""
    for problem in prediction.problems:
        if problem.resumable and problem.kind not in ABOUT_THE_GROUP:
            raise _failure("not everybody's agreement could be predicted", problem, group)


def _failure(what: str, problem: Problem, group: str) -> ModelError:
    return ModelError(
        f"{what} ({problem.kind}: {problem.detail})",
        where=f"group {group}",
        fix="Run the same command again once this is mended: finished groups are kept.",
    )


def _scored(
    material: Material,
    candidates: Sequence[Candidate],
    agreement: Agreement,
    parts: CandidateParts,
    *,
    rng: np.random.Generator,
    watch: Watch,
) -> tuple[ScoredDraft, ...]:
    said: dict[str, list[float | None]] = {WELFARE: _welfare(agreement, parts.rule, rng)}
    texts = [candidate.text for candidate in candidates]
    for judge in parts.judges:
        said[judge.name] = _known(judge.measure(material, texts, watch))
    places = {person: place for place, person in enumerate(material.round().people)}
    return tuple(
        ScoredDraft(
            text=candidate.text,
            parts={name: values[column] for name, values in said.items()},
            agreement=tuple(_known(agreement.expected[:, column])),
            order=tuple(places[person] for person in candidate.provenance.order),
            template=candidate.provenance.template,
            seed=candidate.provenance.seed,
            attempt=candidate.provenance.attempt,
            prompt_hash=candidate.provenance.prompt_hash,
        )
        for column, candidate in enumerate(candidates)
    )


def _welfare(agreement: Agreement, rule: Rule, rng: np.random.Generator) -> list[float | None]:
    """Return the rule's number for every candidate, None where nothing is predicted."""
    # A candidate about which nothing is said would keep everybody from voting.
    readable = np.flatnonzero(~np.isnan(agreement.expected).all(axis=0)).tolist()
    welfare: list[float | None] = [None] * len(agreement.candidates)
    if readable:
        scores = rule.choose(ballots_from_agreement(agreement.of(readable)), rng).scores
        for column, score in zip(readable, scores, strict=False):
            welfare[column] = float(score)
    return welfare


def _known(values: Values) -> list[float | None]:
    return [None if math.isnan(value) else float(value) for value in values]


def _time_left(spent: float, done: int, waiting: int) -> str:
    if not done:
        return ""
    seconds = spent / done * (waiting - done)
    return f"{seconds:.0f} s left" if seconds < 120 else f"{seconds / 60:.0f} min left"
