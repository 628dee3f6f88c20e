"""Run files of experiments with drafts: material, arms, predictors and sizes in one TOML file.

name = "evaluate_drafter"
baseline = "base, zero-shot"        # all arms are held against this one

[material]
reader = "statements"
path = "${ACUERDO_DATA}/statements/groups.jsonl"
splits = "${ACUERDO_DATA}/splits.json"      # optional: by default the material's own
split = "test"
groups = 3                          # of each question

[measuring]
predictor = "out/cross-encoder"     # neither selects drafts nor has seen the questions
arguments = "${ACUERDO_DATA}/ibm_argq_rank_30k"     # optional: sides of opinions, as published
resamples = 1000

[sensitivity]                       # optional
arms = ["tuned"]

[[arms]]
name = "tuned"
kind = "model"
model = "smollm2-135m-instruct"     # bundled weights, a GGUF file, or a model on a server
adapter = "shipped"                 # "none", "shipped", or an adapter (GGUF)
template = "plain"

[[arms]]
name = "tuned, best of 16"
kind = "best"                       # docs/drafting_evaluation.md has all kinds
of = "tuned"
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from acuerdo.datasets import RunTable, read_run_tables
from acuerdo.domain.errors import InputError
from acuerdo.evaluate.drafts.experiment import DraftSizes

Kind = Literal["model", "search", "best", "extractive", "best_opinion", "longest_opinion", "gold"]

_HELP: Final = "docs/drafting_evaluation.md lists the keys."
_OF_MODELS: Final = ("model", "adapter", "template", "temperature", "top_p", "max_tokens")
_OF_SEARCHES: Final = ("model", "adapter", "template", "temperature")
_OF_CHOICES: Final = ("predictor", "rule")
Count = Annotated[int, Field(ge=0)]
Some = Annotated[int, Field(ge=1)]
Name = Annotated[str, Field(min_length=1)]


class MaterialEntry(RunTable):
    """Where the groups come from, and how many are drawn of each question."""

    reader: Name = "statements"
    path: Name
    splits: str = ""
    split: Name = "test"
    groups: Some = 3


class MeasuringEntry(RunTable):
    """`predictor` is a run folder or the name of a scorer.

    `arguments` is a folder of arguments with published sides ("ibm_argq_rank_30k"): opinions that
    are made of them take their side in the measure of polarity, others the side they are read as.
    """

    predictor: Name
    arguments: str = ""
    seed: Count = 0
    resamples: Some = DraftSizes().resamples
    candidates: Some = DraftSizes().candidates


class SensitivityEntry(RunTable):
    """Arms of kind "model" that draft again without one person, and how often."""

    arms: tuple[str, ...] = ()
    candidates: Some = DraftSizes().without


class DraftArmEntry(RunTable):
    """One arm; which keys it takes depends on its kind."""

    name: Name
    kind: Kind
    model: str = ""
    adapter: str = "none"
    template: str = "direct"
    temperature: Annotated[float, Field(ge=0, le=2)] = 0.8
    top_p: Annotated[float, Field(gt=0, le=1)] = 1.0
    max_tokens: Count = 0
    of: str = ""
    predictor: str = "trained"
    rule: str = ""

    @property
    def deciding_rule(self) -> str:
        """The rule that picks drafts or leads a search; by default leximin leads, schulze picks."""
        return self.rule or ("leximin" if self.kind == "search" else "schulze")

    @property
    def chooses(self) -> bool:
        """Whether this arm picks drafts with a predictor."""
        return self.kind in ("search", "best", "best_opinion")


class DraftRunFile(RunTable):
    """A whole run file. `examples` is how many groups the page of examples shows."""

    name: Name
    baseline: Name
    material: MaterialEntry
    measuring: MeasuringEntry
    arms: tuple[DraftArmEntry, ...]
    sensitivity: SensitivityEntry = SensitivityEntry()
    orders: Some = 4
    examples: Count = 20

    def sizes(self) -> DraftSizes:
        """Return how much is drafted and resampled."""
        return DraftSizes(
            seed=self.measuring.seed,
            candidates=self.measuring.candidates,
            without=self.sensitivity.candidates if self.sensitivity.arms else 0,
            resamples=self.measuring.resamples,
        )


def read_draft_run_file(path: Path, environment: Mapping[str, str] | None = None) -> DraftRunFile:
    """Read a run file; `${NAME}` in texts is replaced from the environment.

    Relative paths count from where the command runs. Raises InputError naming file, table and key.
    """
    run = read_run_tables(DraftRunFile, path, environment, fix=_HELP)
    for number, arm in enumerate(run.arms, start=1):
        _check_arm(arm, run.arms[: number - 1], f"{path}, [arms {number}]")
    return run


def _check_arm(arm: DraftArmEntry, before: tuple[DraftArmEntry, ...], where: str) -> None:
    """Refuse keys that an arm of this kind does not take: they would silently do nothing."""
    taken = {
        "model": _OF_MODELS,
        "search": (*_OF_SEARCHES, *_OF_CHOICES),
        "best": ("of", *_OF_CHOICES),
        "best_opinion": _OF_CHOICES,
    }.get(arm.kind, ())
    for key in sorted(arm.model_fields_set - {"name", "kind", *taken}):
        raise InputError(f"an arm of kind {arm.kind!r} has no key {key!r}", where=where, fix=_HELP)
    models = [one.name for one in before if one.kind == "model"]
    if arm.kind == "best" and arm.of not in models:
        raise InputError(
            f"of: there is no arm of a model called {arm.of!r} before this one",
            where=where,
            fix=f"Name one of {', '.join(map(repr, models))}." if models else "Put one before it.",
        )
