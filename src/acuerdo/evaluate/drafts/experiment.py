"""An experiment with drafts: arms write for the same groups, measures judge, questions resample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np

from acuerdo.domain.errors import InputError, SettingsError
from acuerdo.domain.material import Material
from acuerdo.domain.sheets import Values
from acuerdo.evaluate.drafts.arms import Arm, BestArm, ModelArm
from acuerdo.evaluate.drafts.checks import Checks
from acuerdo.evaluate.drafts.comparing import Pair, compare, questions_of
from acuerdo.evaluate.drafts.drafting import Drafting, models_of
from acuerdo.evaluate.drafts.measures import Measure
from acuerdo.evaluate.drafts.measuring import ArmDrafts, Measuring
from acuerdo.evaluate.drafts.records import Drafts, Task
from acuerdo.evaluate.drafts.results import ArmResult, DraftResults
from acuerdo.evaluate.drafts.sensitivity import Sensitivity, changes, summed_up, tasks_without
from acuerdo.evaluate.drafts.store import FILE, DraftStore
from acuerdo.evaluate.drafts.writing import ModelWriter
from acuerdo.ports import Scorer, Unwatched, Watch

DEFAULT_CANDIDATES: Final = 16


@dataclass(frozen=True, slots=True)
class DraftSizes:
    """How much is drafted and resampled. The same sizes and data give the same numbers.

    `candidates`: drafts of a model for each group. `without`: drafts for each group with one person
    left out, 0 for no such test.
    """

    seed: int = 0
    candidates: int = DEFAULT_CANDIDATES
    without: int = 4
    resamples: int = 1000

    def __post_init__(self) -> None:
        for name, lowest in (("seed", 0), ("candidates", 1), ("without", 0), ("resamples", 1)):
            if getattr(self, name) < lowest:
                raise SettingsError(f"{name} must be at least {lowest}", where=name)


@dataclass(frozen=True, slots=True, eq=False)
class DraftExperiment:
    """Groups, arms, measures and the arm that all others are held against.

    `scorer` judges sensitivity; it must not have selected drafts. `judge` is how tables call it, by
    default what it calls itself. `sensitive` names the arms that draft again without a person:
    plain drafts of a model only, since a search with fewer beginnings is another, weaker search.
    Raises SettingsError for two arms of one name, for a baseline or sensitive arm that is not
    there; InputError without a group.
    """

    name: str
    materials: Sequence[Material]
    arms: Sequence[Arm]
    measures: Sequence[Measure]
    scorer: Scorer
    baseline: str
    sensitive: Sequence[str] = ()
    sizes: DraftSizes = DraftSizes()
    judge: str = ""

    def __post_init__(self) -> None:
        names = [arm.name for arm in self.arms]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise SettingsError(f"two arms are called {min(twice)!r}", where="arms")
        if self.baseline not in names:
            raise SettingsError(
                f"there is no arm called {self.baseline!r}",
                where="baseline",
                fix=f"Name one of {', '.join(map(repr, names))}." if names else "Add an arm.",
            )
        plain = [
            arm.name
            for arm in self.arms
            if isinstance(arm, ModelArm) and isinstance(arm.writer, ModelWriter)
        ]
        for name in self.sensitive:
            if name not in plain:
                raise SettingsError(
                    f"there is no arm of plain drafts of a model called {name!r}",
                    where="sensitivity",
                    fix=f"Name one of {', '.join(map(repr, plain))}."
                    if plain
                    else 'Add an arm of kind "model".',
                )
        if not self.materials:
            raise InputError("there is no group to draft for", where="material")


def run_draft_experiment(
    experiment: DraftExperiment, folder: Path | None = None, watch: Watch | None = None
) -> DraftResults:
    """Draft, measure, compare, resample.

    With a `folder`, drafts of models are kept there group by group and a run that was killed goes
    on where it was. Raises ModelError, StorageError, or Cancelled if the watcher stops.
    """
    watch, sizes = watch or Unwatched(), experiment.sizes
    store = DraftStore(folder / FILE if folder else None)
    checks = Checks()
    drafting = Drafting(store, checks, watch)
    tasks = [Task(one, sizes.candidates, sizes.seed) for one in experiment.materials]
    absent = tasks_without(experiment.materials, sizes.without, sizes.seed)
    drafting.prepare(chain(_planned(experiment, tasks), _planned_without(experiment, absent)))
    measuring = Measuring(tuple(experiment.measures), checks, watch)
    arms = [
        measuring.of(arm, experiment.materials, [drafting.drafts(arm, task) for task in tasks])
        for arm in experiment.arms
    ]
    question = questions_of(experiment.materials)
    compared = compare(
        arms,
        question,
        _against(experiment),
        resamples=sizes.resamples,
        seed=sizes.seed,
        watch=watch,
    )
    return DraftResults(
        name=experiment.name,
        seed=sizes.seed,
        resamples=sizes.resamples,
        candidates=sizes.candidates,
        questions=int(question.max()) + 1,
        scorer=experiment.judge or experiment.scorer.name,
        baseline=experiment.baseline,
        directions=measuring.directions,
        arms=tuple(_result(arm) for arm in arms),
        comparison=compared,
        sensitivity=_sensitivity(experiment, arms, drafting, absent),
        materials=tuple(experiment.materials),
        drafted=tuple(arms),
        damaged=store.damaged,
    )


def _planned(experiment: DraftExperiment, tasks: Sequence[Task]) -> Iterator[tuple[ModelArm, Task]]:
    for arm in models_of(experiment.arms):
        yield from ((arm, task) for task in tasks)


def _planned_without(
    experiment: DraftExperiment, absent: Sequence[Task | None]
) -> Iterator[tuple[ModelArm, Task]]:
    for arm in _sensitive(experiment):
        yield from ((arm, task) for task in absent if task is not None)


def _sensitive(experiment: DraftExperiment) -> list[ModelArm]:
    if not experiment.sizes.without:
        return []
    return [
        arm
        for arm in experiment.arms
        if isinstance(arm, ModelArm) and arm.name in experiment.sensitive
    ]


def _against(experiment: DraftExperiment) -> Iterator[Pair]:
    """Every arm against the baseline, and a chosen draft against the mean it was chosen from."""
    shown = {arm.name for arm in experiment.arms}
    for arm in experiment.arms:
        yield arm.name, experiment.baseline
    for arm in experiment.arms:
        if isinstance(arm, BestArm) and arm.source.name in shown:
            yield arm.name, arm.source.name


def _result(arm: ArmDrafts) -> ArmResult:
    return ArmResult(
        name=arm.name,
        about=arm.arm.about,
        drafts=sum(map(len, arm.drafts)),
        objections=arm.objections,
    )


def _sensitivity(
    experiment: DraftExperiment,
    arms: Sequence[ArmDrafts],
    drafting: Drafting,
    absent: Sequence[Task | None],
) -> Mapping[str, Sensitivity]:
    question, sizes = questions_of(experiment.materials), experiment.sizes
    written = {arm.name: arm.drafts for arm in arms}

    def of(arm: ModelArm, present: Drafts, task: Task | None) -> Values:
        if task is None:
            return np.full(3, np.nan)
        without = drafting.drafts(arm, task)
        return changes(task, present, without, experiment.scorer, drafting.watch)

    return {
        arm.name: summed_up(
            np.stack(
                [
                    of(arm, present, task)
                    for present, task in zip(written[arm.name], absent, strict=True)
                ]
            ),
            question,
            resamples=sizes.resamples,
            seed=sizes.seed,
            watch=drafting.watch,
        )
        for arm in _sensitive(experiment)
    }
