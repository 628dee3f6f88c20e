"""Checkpoints of a drafting run: two are kept, so that a damaged one costs minutes, not the run."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch

from acuerdo.domain.errors import InputError
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

    `settings` and `data` are what must not change while the run is interrupted.
    """

    folder: Path
    settings: Mapping[str, Any]
    data: str
    first: bool

    def keep(self, model: Any, optimiser: Any, diary: Diary) -> None:
        """Write where training stands; raises StorageError if the disk refuses."""
        state: dict[str, Any] = {
            "run": dict(self.settings),
            "data": self.data,
            "diary": diary.as_json(),
            "random": torch.get_rng_state().tolist(),
        }
        if torch.cuda.is_available():
            state["cuda"] = torch.cuda.get_rng_state().tolist()
        tensors = optimiser_tensors(model, optimiser)
        checkpoint = Checkpoint(diary.step, kept_weights(model), tensors, state)
        if self.first:
            save_checkpoint(self.folder / "last", checkpoint, keep=KEPT)

    def keep_best(self, model: Any, step: int) -> None:
        """Write the best weights so far."""
        checkpoint = Checkpoint(step, kept_weights(model))
        if self.first:
            save_checkpoint(self.folder / "best", checkpoint)

    def last(self) -> tuple[Checkpoint | None, str]:
        """Return where training stood (None if it never began), and a note if one was damaged.

        Raises InputError naming what differs if it stems from another run file or other data,
        WeightsError if no checkpoint is whole.
        """
        checkpoint, damaged = load_newest_whole(self.folder / "last")
        if checkpoint is None:
            return None, ""
        self._check(checkpoint)
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

    def restore_best(self, model: Any) -> None:
        """Put the best weights back, if any were kept."""
        best = load_checkpoint(self.folder / "best")
        if best is not None:
            load_weights(model, best.weights, str(self.folder / "best"))

    def forget(self) -> None:
        """Remove all checkpoints."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _check(self, checkpoint: Checkpoint) -> None:
        then = checkpoint.state.get("run", {})
        odd = sorted(
            key
            for key in {*then, *self.settings} - MAY_CHANGE
            if then.get(key) != self.settings.get(key)
        )
        told = [f"{key} was {then.get(key)!r} and is {self.settings.get(key)!r}" for key in odd]
        if not odd and checkpoint.state.get("data") != self.data:
            told = ["the data are not those it was begun with"]
        if told:
            raise InputError(
                f"this folder holds a run that was begun otherwise: {'; '.join(told)}",
                where=str(self.folder.parent),
                fix="Name another folder with --out, put that back, or start again with --fresh.",
            )


def restore_random(state: Mapping[str, Any]) -> None:
    """Put torch's random state back."""
    torch.set_rng_state(torch.tensor(state["random"], dtype=torch.uint8))
    if "cuda" in state and torch.cuda.is_available():
        torch.cuda.set_rng_state(torch.tensor(state["cuda"], dtype=torch.uint8))


def settings_of(run: DrafterRun) -> dict[str, Any]:
    """Return the settings of a run, one level deep: {"training.learning_rate": 0.0005, ...}."""
    found: dict[str, Any] = {}
    for key, value in run.model_dump(mode="json").items():
        if isinstance(value, dict):
            found |= {f"{key}.{inner}": one for inner, one in value.items()}
        else:
            found[key] = value
    return found
