"""Training from wherever a run stands to its end, in batches that fit."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch

from acuerdo.domain.errors import Cancelled, ModelError
from acuerdo.neural import CARD
from acuerdo.ports import Progress
from acuerdo.train.drafting.diary import diary_of
from acuerdo.train.drafting.guiding import Guide, Guided
from acuerdo.train.drafting.keeping import Keeper, settings_of
from acuerdo.train.drafting.runs import DrafterRun

CHECKPOINTS: Final = "checkpoints"


@dataclass(frozen=True, slots=True)
class Split:
    """How the rows of a step are cut: `batch` at once, `accumulation` times, on `processes`."""

    batch: int
    accumulation: int
    processes: int

    @property
    def rows(self) -> int:
        """How many rows make a step, on all processes together."""
        return self.batch * self.accumulation * self.processes

    def halved(self) -> Split:
        """Return the same step in batches half as large; raises ModelError if that cannot be."""
        if self.batch % 2 or self.processes > 1:
            raise self.too_large()
        return Split(self.batch // 2, self.accumulation * 2, self.processes)

    def too_large(self) -> ModelError:
        """Return what to say where memory ran out."""
        smaller = max(self.batch // 2, 1)
        more = self.accumulation * self.processes * (self.batch // smaller)
        same = f"batch = {smaller} and accumulation = {more} make the same steps. " * (
            self.batch > 1
        )
        return ModelError(
            f"{self.batch} row(s) at once do not fit into the GPU's memory",
            where="[training]",
            fix=f"{same}recompute = true and a smaller row_tokens save memory too; the weights of "
            "a large model can be spread over several GPUs (docs/training.md).",
        )


def split_of(run: DrafterRun, processes: int) -> Split:
    """Return how a step is cut; each process has at least one batch of it."""
    share = -(-max(run.training.accumulation, processes) // processes)
    return Split(run.training.batch, share, processes)


def trained(begin: Callable[[Split, Guide], Guided], guide: Guide, split: Split) -> Any:
    """Train to the end from wherever the run stands, and return the trainer with the best weights.

    `begin` makes the trainer for what is left. If memory runs out, batches are halved from then on
    and their gradients added up: the same steps, more slowly. Raises Cancelled, with a checkpoint
    kept, if the watcher stops.
    """
    while True:
        checkpoint, note = guide.keeper.last()
        guide.resumed = checkpoint
        guide.note = note or guide.note
        if checkpoint is not None:
            guide.diary = diary_of(checkpoint.state["diary"])
        trainer: Any = None
        try:
            trainer = begin(split, guide)
            # A run that is over but was not written out has nothing to train.
            if not guide.done:
                trainer.train()
        except torch.OutOfMemoryError:
            split = split.halved()
        else:
            if guide.stopped:
                raise Cancelled
            guide.diary.seconds += guide.pace.wall()
            # The first process may still be writing the best weights, which all of them read.
            trainer.accelerator.wait_for_everyone()
            guide.keeper.restore_best(trainer.model, guide.diary)
            return trainer
        del trainer
        gc.collect()
        torch.cuda.empty_cache()
        guide.note = f"memory ran out, now {split.batch} row(s) at once"
        guide.watch.report(Progress(guide.stage, guide.diary.step, guide.total, guide.note))


def keeper_for(
    run: DrafterRun, folder: Path, mark: str, split: Split, state: Any, *, fresh: bool
) -> Keeper:
    """Return the keeper of a run's checkpoints; `mark` tells what it learns from.

    If `fresh`, what an earlier run left in the folder is forgotten first. Every process calls it.
    """
    # More processes may make larger steps; the rest of the rows would then be too few.
    settings = settings_of(run) | {"rows_per_step": split.rows}
    keeper = Keeper(folder / CHECKPOINTS, settings, mark, state.is_main_process)
    if fresh and state.is_main_process:
        _begin_again(folder)
    state.wait_for_everyone()
    return keeper


def _begin_again(folder: Path) -> None:
    """Forget where a run stood, and that it was finished; its weights stay until there are new."""
    shutil.rmtree(folder / CHECKPOINTS, ignore_errors=True)
    (folder / CARD).unlink(missing_ok=True)
