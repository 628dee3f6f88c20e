"""Every measure of every draft, and what an arm makes of a group: the mean over its drafts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from acuerdo.domain.errors import SettingsError
from acuerdo.domain.material import Material
from acuerdo.domain.sheets import Values
from acuerdo.evaluate.drafts.arms import Arm
from acuerdo.evaluate.drafts.checks import Checks
from acuerdo.evaluate.drafts.measures import Measure
from acuerdo.evaluate.drafts.records import Drafts
from acuerdo.ports import Progress, Watch, stop_if_asked

VALID: Final = "valid"
"""The measure that is taken here, since it needs to know where a draft comes from."""


@dataclass(frozen=True, slots=True, eq=False)
class ArmDrafts:
    """An arm's drafts, group by group, and `values`: by measure and group, (drafts,) each."""

    arm: Arm
    drafts: tuple[Drafts, ...]
    values: Mapping[str, tuple[Values, ...]]
    objections: Mapping[str, int]

    @property
    def name(self) -> str:
        return self.arm.name

    def by_group(self, measure: str) -> Values:
        """Return the mean over the drafts of each group that have a value, nan if none has one."""
        return np.array([mean_or_nan(values) for values in self.values[measure]])


@dataclass(frozen=True, slots=True)
class Measuring:
    """The measures taken of every arm. Raises SettingsError if two have one name."""

    measures: tuple[Measure, ...]
    checks: Checks
    watch: Watch

    def __post_init__(self) -> None:
        names = [VALID, *(one.name for one in self.measures)]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise SettingsError(f"two measures are called {min(twice)!r}", where="measures")

    @property
    def directions(self) -> Mapping[str, bool | None]:
        """Whether more is better, by measure; None where a number only describes."""
        return {VALID: True} | {one.name: one.higher_is_better for one in self.measures}

    def of(self, arm: Arm, materials: Sequence[Material], drafts: Sequence[Drafts]) -> ArmDrafts:
        """Measure what an arm wrote for each group."""
        found: dict[str, list[Values]] = {name: [] for name in self.directions}
        for place, (material, some) in enumerate(zip(materials, drafts, strict=True)):
            self.watch.report(Progress("measure", place, len(materials), arm.name))
            for name, values in self._of_group(material, some).items():
                found[name].append(values)
        self.watch.report(Progress("measure", len(materials), len(materials), arm.name))
        pairs = zip(materials, drafts, strict=True)
        return ArmDrafts(
            arm=arm,
            drafts=tuple(drafts),
            values={name: tuple(values) for name, values in found.items()},
            objections=self.checks.reasons((m, draft) for m, some in pairs for draft in some),
        )

    def _of_group(self, material: Material, drafts: Drafts) -> Mapping[str, Values]:
        """Return (drafts,) by measure; a draft without text is invalid and nothing else."""
        stop_if_asked(self.watch)
        said = np.array([not draft.blank for draft in drafts], dtype=np.bool_)
        texts = [draft.text for draft in drafts if not draft.blank]
        valid = [self.checks.objection(material, draft) is None for draft in drafts]
        found = {VALID: np.array(valid, dtype=np.float64)}
        for measure in self.measures:
            values = np.full(len(drafts), np.nan)
            if texts:
                values[said] = measure.measure(material, texts, _Quiet(self.watch))
            found[measure.name] = values
        return found


def mean_or_nan(values: Values) -> float:
    """Return the mean of what is not nan, nan if nothing is left."""
    said = values[~np.isnan(values)]
    return float(said.mean()) if said.size else float("nan")


@dataclass(frozen=True, slots=True)
class _Quiet:
    """Hides the progress of single measures; passes on requests to stop."""

    watch: Watch

    def report(self, progress: Progress) -> None:
        del progress

    def stopped(self) -> bool:
        return self.watch.stopped()
