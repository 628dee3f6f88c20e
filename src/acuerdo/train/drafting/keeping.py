"""Checkpoints of a drafting run: two are kept, so that a damaged one costs minutes, not the run."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import torch

from acuerdo.domain.errors import InputError, WeightsError
from acuerdo.neural import (
    Checkpoint,
    kept_weights,
    load_checkpoint,
    load_newest_whole,
    load_weights,
    save_checkpoint,
)
from acuerdo.train.drafting.diary import Diary
from acuerdo.train.drafting.runs import DrafterRun
from acuerdo.train.optimiser import optimiser_tensors, set_optimiser_tensors

KEPT: Final = 2
MAY_CHANGE: Final = frozenset(
    {"name", "training.checkpoint_every", "training.checkpoint_minutes", "training.device"}
)
"""Settings that may change while a run is interrupted: they do not change what it learns."""


@dataclass(frozen=True, slots=True, eq=False)
class Keeper:
    """Keeps checkpoints of one run below `folder`; all processes call it, and the `first` writes.

    `settings` and `data` are what must not change while the run is interrupted. The best weights
    that a checkpoint counts on stay as long as it does; `counted_on` are their steps.
    """

    folder: Path
    settings: Mapping[str, Any]
    data: str
    first: bool
    counted_on: list[int] = field(default_factory=list)

    def keep(self, model: Any, optimiser: Any, diary: Diary) -> None:
        """Write where training stands; raises StorageError if the disk refuses."""
        state: dict[str, Any] = {
            "run": dict(self.settings),
            "data": self.data,
            "diary": diary.as_json(),
            **random_state(),
        }
        tensors = optimiser_tensors(model, optimiser)
        checkpoint = Checkpoint(diary.step, kept_weights(model), tensors, state)
        if self.first:
            save_checkpoint(self.folder / "last", checkpoint, keep=KEPT)
        self.counted_on.append(diary.best_step)
        del self.counted_on[:-KEPT]
        self._forget_best(lambda step: step not in self.counted_on)

    def keep_best(self, model: Any, step: int) -> None:
        """Write the best weights so far, beside earlier ones: a checkpoint may count on those."""
        checkpoint = Checkpoint(step, kept_weights(model))
        if self.first:
            save_checkpoint(self.folder / "best", checkpoint, keep=0)

    def last(self) -> tuple[Checkpoint | None, str]:
        """Return where training stood (None if it never began), and a note if one was damaged.

        Best weights of later steps are removed: the run has not come to them yet. Raises InputError
        naming what differs if it stems from another run file or other data, WeightsError if no
        checkpoint is whole.
        """
        checkpoint, damaged = load_newest_whole(self.folder / "last")
        if checkpoint is None:
            return None, ""
        self._check(checkpoint)
        best_step = int(checkpoint.state["diary"]["best_step"])
        self.counted_on[:] = [best_step]
        self._forget_best(lambda step: step > best_step)
        if not damaged:
            return checkpoint, ""
        if self.first:
            for path in damaged:
                shutil.rmtree(path)
        return checkpoint, f"{damaged[0].name} was damaged, goes on from step {checkpoint.step}"

    def restore(self, checkpoint: Checkpoint, model: Any, optimiser: Any) -> None:
        """Put weights and optimiser back; raises WeightsError if they do not fit."""
        where = str(self.folder / "last")
        load_weights(model, checkpoint.weights, where)
        set_optimiser_tensors(model, optimiser, checkpoint.optimizer, where)

    def restore_best(self, model: Any, diary: Diary) -> None:
        """Put the best weights back; raises WeightsError if those that are kept are others."""
        folder = self.folder / "best"
        best = load_checkpoint(folder)
        if best is None or best.step != diary.best_step:
            kept = "there are none" if best is None else f"these are of step {best.step}"
            raise WeightsError(
                f"the best weights were those of step {diary.best_step}, but {kept}",
                where=str(folder),
                fix="Start again with --fresh.",
            )
        load_weights(model, best.weights, str(folder))

    def forget(self) -> None:
        """Remove all checkpoints."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _forget_best(self, unwanted: Callable[[int], bool]) -> None:
        """Remove the best weights of unwanted steps."""
        if not self.first:
            return
        for path in (self.folder / "best").glob("step-*"):
            if unwanted(int(path.name.removeprefix("step-"))):
                shutil.rmtree(path, ignore_errors=True)

    def _check(self, checkpoint: Checkpoint) -> None:
        then = checkpoint.state.get("run", {})
        odd = sorted(
            key
            for key in {*then, *self.settings} - MAY_CHANGE
            if then.get(key) != self.settings.get(key)
        )
        told = [f"{key} was {then.get(key)!r} and is {self.settings.get(key)!r}" for key in odd]
        if not odd and checkpoint.state.get("data") != self.data:
            told = [
                "the data are not those it was begun with, or the adapter it starts from is not"
            ]
        if told:
            raise InputError(
                f"this folder holds a run that was begun otherwise: {'; '.join(told)}",
                where=str(self.folder.parent),
                fix="Name another folder with --out, put that back, or start again with --fresh.",
            )


def random_state() -> dict[str, list[int]]:
    """Return torch's random state."""
    state = {"random": torch.get_rng_state().tolist()}
    if torch.cuda.is_available():
        state["cuda"] = torch.cuda.get_rng_state().tolist()
    return state


def restore_random(state: Mapping[str, Any]) -> None:
    """Put torch's random state back."""
    torch.set_rng_state(torch.tensor(state["random"], dtype=torch.uint8))
    if "cuda" in state and torch.cuda.is_available():
        torch.cuda.set_rng_state(torch.tensor(state["cuda"], dtype=torch.uint8))


def lasting_settings(run: DrafterRun) -> dict[str, Any]:
    """Return the settings that must not change while a run is interrupted."""
    return {key: value for key, value in settings_of(run).items() if key not in MAY_CHANGE}


def settings_of(run: DrafterRun) -> dict[str, Any]:
    """Return the settings of a run, one level deep: {"training.learning_rate": 0.0005, ...}."""
    found: dict[str, Any] = {}
    for key, value in run.model_dump(mode="json").items():
        if isinstance(value, dict):
            found |= {f"{key}.{inner}": one for inner, one in value.items()}
        else:
            found[key] = value
    return found
