"""The loop: steps, validation, early stopping, checkpoints, and going on exactly after a kill.

Rows, dropout and learning rate at a step depend on seed and step alone, and everything else is in
the checkpoint. So a run that was killed and resumed ends with the same weights, bit for bit, on the
same processor.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any, Final

import torch

from acuerdo.domain.errors import Cancelled, ModelError
from acuerdo.domain.sheets import Positions
from acuerdo.neural import whole
from acuerdo.ports import Progress, Watch
from acuerdo.train.examples import Examples
from acuerdo.train.learner import people_in, targets_of
from acuerdo.train.measuring import measured
from acuerdo.train.optimiser import scheduled, set_rate
from acuerdo.train.placing import Place
from acuerdo.train.planning import epoch_batches, halves, sampled
from acuerdo.train.progress import Point, Speed
from acuerdo.train.runs import Training

VALIDATIONS: Final = 10
"""How often a phase is validated unless the run file says after how many steps."""
STRIDE: Final = 1_000_003
"""Keeps the random numbers of one step's batches apart from those of the next."""


@dataclass(slots=True)
class Standing:
    """What changes while a phase runs, apart from weights and optimiser.

    `step` counts steps done; `parts` is into how many each batch is cut for want of memory.
    """

    phase: str
    step: int = 0
    best: float = math.inf
    best_step: int = 0
    waited: int = 0
    parts: int = 1
    losses: list[float] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Phase:
    """What a phase learns from and is measured on; `steps` overrides `epochs` if above 0."""

    name: str
    training: Examples
    validation: Examples
    epochs: int
    steps: int


class Plan:
    """Which batches make which step, epoch after epoch."""

    def __init__(self, phase: Phase, training: Training, processes: int) -> None:
        self._phase, self._training = phase, training
        # Every process takes part in every step.
        self._share = -(-max(training.accumulation, processes) // processes)
        self._each = self._share * processes
        self._epochs: list[list[Positions]] = []
        counts = [self._steps_in(epoch) for epoch in range(phase.epochs)] if not phase.steps else []
        self.total = phase.steps or sum(counts)

    def step(self, number: int) -> list[Positions]:
        """Return the batches of a step counted from 0, for all processes together."""
        epoch = 0
        while number >= (steps := self._steps_in(epoch)):
            number -= steps
            epoch += 1
        return self._epochs[epoch][number * self._each : (number + 1) * self._each]

    def _steps_in(self, epoch: int) -> int:
        while len(self._epochs) <= epoch:
            self._epochs.append(
                epoch_batches(
                    self._phase.training,
                    batch=self._training.batch,
                    per_person=self._training.per_person,
                    seed=self._training.seed,
                    epoch=len(self._epochs),
                )
            )
        return -(-len(self._epochs[epoch]) // self._each)


@dataclass(frozen=True, slots=True, eq=False)
class Loop:
    """One phase of training. `keep` writes a checkpoint, `keep_best` one of the best weights."""

    learner: Any
    optimiser: Any
    place: Place
    training: Training
    watch: Watch
    keep: Callable[[Standing], None]
    keep_best: Callable[[Standing], None]

    def run(self, phase: Phase, standing: Standing) -> Standing:
        """Train from `standing` to the end of the phase, or until it stops getting better.

        Raises Cancelled, with a checkpoint written, if the watcher stops; ModelError if a loss is
        not a number, with the weights before that step in the last checkpoint.
        """
        plan = Plan(phase, self.training, self.place.processes)
        every = self.training.validate_every or max(-(-plan.total // VALIDATIONS), 1)
        rows = sampled(phase.validation, self.training.validation_rows, self.training.seed)
        speed = Speed()
        self.learner.train()
        if standing.step == 0:
            self.keep(standing)
        while standing.step < plan.total and standing.waited < self.training.patience:
            if self._stopped():
                self.keep(standing)
                raise Cancelled
            batches = plan.step(standing.step)
            set_rate(self.optimiser, scheduled(standing.step, plan.total, self.training.warmup))
            loss = self._step(phase.training, batches, standing)
            standing.step += 1
            standing.losses.append(loss)
            if standing.step % every == 0 or standing.step == plan.total:
                self._validate(phase.validation, rows, standing)
            if standing.step % self.training.checkpoint_every == 0:
                self.keep(standing)
            note = speed.note(sum(map(len, batches)), plan.total - standing.step, loss)
            self._report(standing, plan.total, note)
        return standing

    def _step(self, examples: Examples, batches: list[Positions], standing: Standing) -> float:
        while True:
            try:
                return self._tried(examples, batches, standing)
            except torch.OutOfMemoryError as error:
                self._make_room(examples, batches, standing, error)

    def _tried(self, examples: Examples, batches: list[Positions], standing: Standing) -> float:
        place, accelerator = self.place, self.place.accelerator
        people = people_in(examples, batches)
        own = [
            (number, piece)
            for number in range(place.process, len(batches), place.processes)
            for piece in halves(examples, batches[number], standing.parts)
        ]
        # A process without rows of its own reads somebody's, at weight 0, to stay in step.
        weight, pieces = (1.0, own) if own else (0.0, [(0, batches[0])])
        self.optimiser.zero_grad(set_to_none=True)
        total = 0.0
        for turn, (number, rows) in enumerate(pieces):
            torch.manual_seed(self.training.seed + STRIDE * (standing.step + 1) + number)
            last = turn == len(pieces) - 1
            with nullcontext() if last else accelerator.no_sync(self.learner):
                with place.autocast():
                    loss, _ = self.learner(
                        place.batch(examples, rows), targets_of(examples, rows).to(place.device)
                    )
                # Gradients are averaged over processes; the sum over all people is wanted.
                accelerator.backward(loss * (weight * place.processes / people))
            total += weight * float(loss.detach()) / people
        found = self._over_processes(total)
        norm = whole(accelerator.clip_grad_norm_(self.learner.parameters(), self.training.clip))
        if not (math.isfinite(found) and math.isfinite(float(norm))):
            raise ModelError(
                f"the loss is not a number at step {standing.step + 1} of phase {standing.phase}",
                fix="The last checkpoint is from before that step. Lower learning_rate or set "
                'precision = "fp32", then train again with --fresh.',
            )
        self.optimiser.step()
        return found

    def _make_room(
        self,
        examples: Examples,
        batches: list[Positions],
        standing: Standing,
        error: torch.OutOfMemoryError,
    ) -> None:
        """Cut batches in two from now on, and add their gradients up: slower, the same steps."""
        before = sum(len(halves(examples, rows, standing.parts)) for rows in batches)
        after = sum(len(halves(examples, rows, 2 * standing.parts)) for rows in batches)
        if after == before or self.place.processes > 1:
            raise ModelError(
                "the device has too little memory for one batch",
                fix="Lower batch, per_person or max_tokens in the run file.",
            ) from error
        standing.parts *= 2
        self.optimiser.zero_grad(set_to_none=True)
        if self.place.device.type == "cuda":
            torch.cuda.empty_cache()
        note = f"out of memory: batches are now read in {standing.parts} parts"
        self._report(standing, 0, note)

    def _validate(self, examples: Examples, rows: Positions, standing: Standing) -> None:
        loss, pairwise, _ = measured(self.learner, examples, rows, self.place, self.training.batch)
        recent = standing.losses
        standing.points.append(
            Point(standing.phase, standing.step, sum(recent) / len(recent), loss, pairwise)
        )
        standing.losses = []
        if loss < standing.best:
            standing.best, standing.best_step, standing.waited = loss, standing.step, 0
            self.keep_best(standing)
        else:
            standing.waited += 1

    def _over_processes(self, value: float) -> float:
        if self.place.processes == 1:
            return value
        tensor = torch.tensor(value, device=self.place.device, dtype=torch.float64)
        return float(self.place.accelerator.reduce(tensor, reduction="sum"))

    def _stopped(self) -> bool:
        """Whether anybody's watcher asks to stop: all processes must stop at the same step."""
        return self._over_processes(float(self.watch.stopped())) > 0

    def _report(self, standing: Standing, total: int, note: str) -> None:
        if self.place.first:
            self.watch.report(Progress(f"train {standing.phase}", standing.step, total, note))
