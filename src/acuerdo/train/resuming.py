"""Writing down where a run stands, and taking it up again."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from acuerdo.domain.errors import WeightsError
from acuerdo.neural import (
    Checkpoint,
    kept_weights,
    load_checkpoint,
    load_weights,
    save_checkpoint,
)
from acuerdo.train.loop import Standing
from acuerdo.train.optimiser import optimiser_tensors, set_optimiser_tensors
from acuerdo.train.progress import Point
from acuerdo.train.runs import Run


@dataclass(frozen=True, slots=True, eq=False)
class Keeper:
    """Keeps checkpoints of one run below `folder`;
    all processes call it together, and the `first` writes."""

    folder: Path
    fingerprint: str
    first: bool

    def keep(
        self,
        learner: Any,
        optimiser: Any,
        before: int,
        finished: Sequence[Standing],
        standing: Standing,
    ) -> None:
        """Write where training stands; `before` counts the steps of the phases `finished`."""
        checkpoint = Checkpoint(
            step=before + standing.step,
            weights=kept_weights(learner),
            optimizer=optimiser_tensors(learner, optimiser),
            state={
                "run": self.fingerprint,
                "before": before,
                "standing": asdict(standing),
                "finished": [asdict(phase) for phase in finished],
                "random": torch.get_rng_state().tolist(),
            },
        )
        if self.first:
            save_checkpoint(self.folder / "last", checkpoint)

    def keep_best(self, learner: Any, standing: Standing) -> None:
        """Write the best weights of a phase so far."""
        checkpoint = Checkpoint(standing.step, kept_weights(learner))
        if self.first:
            save_checkpoint(self.folder / f"best-{standing.phase}", checkpoint)

    def last(self) -> Checkpoint | None:
        """Return where training stood, None if it never began.

        Raises WeightsError if the checkpoint is damaged or stems from another run or other data.
        """
        checkpoint = load_checkpoint(self.folder / "last")
        if checkpoint is not None and checkpoint.state.get("run") != self.fingerprint:
            raise WeightsError(
                "this checkpoint stems from another run file or other data",
                where=str(self.folder),
                fix="Name another folder with --out, or start again with --fresh.",
            )
        return checkpoint

    def restore(self, checkpoint: Checkpoint, learner: Any, optimiser: Any) -> None:
        """Put weights, optimiser and random state back; raises WeightsError if they do not fit."""
        where = str(self.folder / "last")
        load_weights(learner, checkpoint.weights, where)
        set_optimiser_tensors(learner, optimiser, checkpoint.optimizer, where)
        torch.set_rng_state(torch.tensor(checkpoint.state["random"], dtype=torch.uint8))

    def restore_best(self, learner: Any, phase: str) -> None:
        """Put the best weights of a phase back, if any were kept."""
        folder = self.folder / f"best-{phase}"
        best = load_checkpoint(folder)
        if best is not None:
            load_weights(learner, best.weights, str(folder))

    def forget(self) -> None:
        """Remove all checkpoints."""
        shutil.rmtree(self.folder, ignore_errors=True)


def standing_of(kept: Mapping[str, Any]) -> Standing:
    """Read back what a checkpoint says about a phase."""
    points = [Point(**point) for point in kept["points"]]
    return Standing(**{**kept, "points": points})


def fingerprint(run: Run, counts: Mapping[str, int]) -> str:
    """Return what must not change while a run is interrupted: its settings and its data."""
    content = f"{run.model_dump_json()} {sorted(counts.items())}"
    return hashlib.sha256(content.encode()).hexdigest()[:16]
