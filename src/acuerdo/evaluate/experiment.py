"""An experiment: arms on tables of judgements, every measure of every arm, each with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from acuerdo.domain.errors import InputError, SettingsError
from acuerdo.domain.judgements import Judgements, joined
from acuerdo.evaluate.arms import Arm
from acuerdo.evaluate.asking import Asking, Part
from acuerdo.evaluate.choosing import group_results
from acuerdo.evaluate.forecasts import ForecastStore
from acuerdo.evaluate.groups import Context
from acuerdo.evaluate.references import CHANCE, ORACLE, POPULARITY
from acuerdo.evaluate.results import Results, TableResult
from acuerdo.evaluate.scoring import Trials, score_results
from acuerdo.ports import Unwatched, Watch

RULES_COMPARED: Final = ("utilitarian", "bernoulli_nash", "rawlsian", "schulze")
FORECASTS: Final = "forecasts"
"""Folder inside a run's folder that keeps what scorers said."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured. The same sizes and data give the same numbers.

    `exchanges`: how often opinions are exchanged at random. `response_pairs`: pairs of each table
    whose statements are rewritten. `groups`: groups drawn from each question, of `group_size`
    people, with at least `fewest` and at most `most` statements. `known_share`: share of a group's
    own judgements that is handed to the scorer in the second half of the selection test. `context`:
    whether a scorer sees the group alone or all statements of its conversation.
    """

    seed: int = 0
    resamples: int = 1000
    exchanges: int = 2
    response_pairs: int = 500
    groups: int = 100
    group_size: int = 5
    fewest: int = 16
    most: int = 16
    known_share: float = 0.3
    context: Context = "group"
    rules: tuple[str, ...] = RULES_COMPARED

    def __post_init__(self) -> None:
        for name, lowest in (
            ("seed", 0),
            ("resamples", 1),
            ("exchanges", 0),
            ("response_pairs", 0),
            ("groups", 0),
            ("group_size", 2),
            ("fewest", 2),
            ("most", self.fewest),
        ):
            if getattr(self, name) < lowest:
                raise SettingsError(f"{name} must be at least {lowest}", where=name)
        if not 0 <= self.known_share < 1:
            raise SettingsError("known_share must be from 0 to below 1", where="known_share")
        if self.context not in ("group", "conversation"):
            raise SettingsError(
                f"there is no context {self.context!r}",
                where="context",
                fix='Use "group" or "conversation".',
            )


@dataclass(frozen=True, slots=True, eq=False)
class Experiment:
    """Arms to compare on tables; a table's parts are measured together, each by its own scorer.

    `paraphrases` maps statements to a rewording that means the same. Raises SettingsError for two
    arms of one name or none, InputError for an empty part.
    """

    name: str
    tables: Mapping[str, Sequence[Part]]
    arms: Sequence[Arm]
    sizes: Sizes = Sizes()
    paraphrases: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [arm.name for arm in self.arms] + [POPULARITY, ORACLE, CHANCE]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise SettingsError(f"two arms are called {min(twice)!r}", where="arms")
        if not self.arms:
            raise SettingsError("there is no arm to measure", where="arms")
        if not self.tables:
            raise SettingsError("there is no data to measure on", where="data")
        for name, parts in self.tables.items():
            for part in parts:
                if not len(part.judgements):
                    raise InputError(
                        "this part of the data has no judgements",
                        where=f"{name}, {part.name}" if part.name else name,
                        fix="Check the split that it is taken from.",
                    )


def run_experiment(
    experiment: Experiment, folder: Path | None = None, watch: Watch | None = None
) -> Results:
    """Ask every arm, measure, resample.

    With a `folder`, forecasts are kept there and a run that was killed goes on where it was. Raises
    SettingsError, ModelError or StorageError, Cancelled if the watcher stops.
    """
    watch = watch or Unwatched()
    store = ForecastStore(folder / FORECASTS if folder else None)
    asking = Asking(store, watch)
    return Results(
        name=experiment.name,
        seed=experiment.sizes.seed,
        resamples=experiment.sizes.resamples,
        tables=tuple(
            _measured(experiment, name, parts, asking) for name, parts in experiment.tables.items()
        ),
    )


def _measured(
    experiment: Experiment, name: str, parts: Sequence[Part], asking: Asking
) -> TableResult:
    sizes, table = experiment.sizes, joined([part.judgements for part in parts])
    scored = score_results(
        parts,
        table,
        experiment.arms,
        asking,
        Trials(
            exchanges=sizes.exchanges,
            response_pairs=sizes.response_pairs,
            paraphrases=experiment.paraphrases,
            resamples=sizes.resamples,
            seed=sizes.seed,
        ),
    )
    chosen = group_results(
        parts,
        experiment.arms,
        asking,
        groups=sizes.groups,
        size=sizes.group_size,
        fewest=sizes.fewest,
        most=sizes.most,
        known_share=sizes.known_share,
        context=sizes.context,
        rules=sizes.rules,
        resamples=sizes.resamples,
        seed=sizes.seed,
    )
    return TableResult(
        name=name,
        judgements=len(table),
        people=scored.truth.people,
        questions=scored.truth.questions,
        conversations=_conversations(table),
        groups=chosen.groups,
        measures={**scored.measures, **chosen.measures},
        languages=scored.languages,
        reliability=scored.reliability,
        selective=scored.selective,
    )


def _conversations(table: Judgements) -> int:
    return len(set(table.conversation.codes.tolist()))
