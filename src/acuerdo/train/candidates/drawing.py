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
from acuerdo.domain.errors import InputError, ModelError, SettingsError
from acuerdo.domain.material import Material
from acuerdo.domain.records import SessionId
from acuerdo.domain.rounds import Problem
from acuerdo.domain.sheets import Values
from acuerdo.domain.statements import Candidate
from acuerdo.ports import (
    Drafter,
    Drafting,
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
)
from acuerdo.train.candidates.store import CandidateStore

STAGE: Final = "groups"
SESSION: Final = "candidates"
HELD_OUT: Final = frozenset({"test", "held-out", "held_out", "heldout", "unused"})
"""Splits that nothing may be drafted for to learn from, whatever is asked."""
OVER_BUDGET: Final = frozenset({"over_budget", "BudgetExceeded"})
ABOUT_THE_GROUP: Final = frozenset({"too_few_drafts", "too_long", "refused"})
"""Problems that end with the group they befell; others would befall every group alike."""


class Judge(Protocol):
    """Says how good drafts are, higher is better: (drafts,), nan where it cannot say."""

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
    """Groups in the order of the materials; `unfinished` says why the last ones are missing."""

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

    Every group is kept as soon as it is done. When the budget is spent the groups so far are
    returned. Raises ModelError if the model cannot be used, StorageError if the disk is full,
    Cancelled if the watcher stops; what was kept stays.
    """
    keys = [key_of(material, parts.recipe) for material in materials]
    waiting = sum(store.get(key) is None for key in keys)
    groups: list[tuple[Material, GroupCandidates]] = []
    start, fresh = clock(), 0
    for number, (material, key) in enumerate(zip(materials, keys, strict=True)):
        stop_if_asked(watch)
        note = _time_left(clock() - start, fresh, waiting)
        watch.report(Progress(STAGE, number, len(materials), note))
        held = store.get(key)
        if held is None:
            made = _of_group(material, key, parts, group_rng(material, seed), watch)
            if isinstance(made, str):
                return Drawn(tuple(groups), made)
            store.add(made)
            held, fresh = made, fresh + 1
        groups.append((material, held))
    watch.report(Progress(STAGE, len(materials), len(materials)))
    return Drawn(tuple(groups))


def _of_group(
    material: Material, key: str, parts: CandidateParts, rng: np.random.Generator, watch: Watch
) -> GroupCandidates | str:
    """Return the group's candidates, or why there can be no more because the budget is spent."""
    round_ = replace(material.round(), session=SessionId(f"{SESSION}-{material.group}"))
    drafting = parts.drafter.draft(round_, parts.screen, rng, watch)
    spent = next((p.detail for p in drafting.problems if p.kind in OVER_BUDGET), "")
    if spent:
        return spent
    _raise_if_unusable(drafting, material.group)
    return GroupCandidates(
        key=key,
        group=material.group,
        revision=material.revises,
        model=parts.model,
        predictor=parts.predictor.name,
        welfare=parts.rule.name,
        drafts=_scored(material, drafting.candidates, parts, rng, watch),
        rejected=Counter(draft.rejection.reason for draft in drafting.rejected),
        tokens=drafting.usage.prompt_tokens + drafting.usage.completion_tokens,
    )


def _raise_if_unusable(drafting: Drafting, group: str) -> None:
    serious: list[Problem] = [p for p in drafting.problems if p.kind not in ABOUT_THE_GROUP]
    if serious and not drafting.candidates:
        raise ModelError(
            f"nothing could be drafted ({serious[0].kind}: {serious[0].detail})",
            where=f"group {group}",
            fix="Run the same command again once this is mended: finished groups are kept.",
        )


def _scored(
    material: Material,
    candidates: Sequence[Candidate],
    parts: CandidateParts,
    rng: np.random.Generator,
    watch: Watch,
) -> tuple[ScoredDraft, ...]:
    if not candidates:
        return ()
    round_ = material.round()
    agreement = parts.predictor.predict(round_, candidates, rng, watch).agreement
    said: dict[str, list[float | None]] = {WELFARE: _welfare(agreement, parts.rule, rng)}
    texts = [candidate.text for candidate in candidates]
    for judge in parts.judges:
        said[judge.name] = _known(judge.measure(material, texts, watch))
    places = {person: place for place, person in enumerate(round_.people)}
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
        read = replace(
            agreement,
            candidates=tuple(agreement.candidates[column] for column in readable),
            expected=agreement.expected[:, readable],
            spread=agreement.spread[:, readable],
            known=agreement.known[:, readable],
        )
        scores = rule.choose(ballots_from_agreement(read), rng).scores
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
