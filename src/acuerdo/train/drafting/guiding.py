"""What our runs add to TRL's trainers: progress, validation, checkpoints, stopping, going on.

Only documented hooks of transformers' Trainer are used. Data are given from the step on at which
the run stands, so that nothing has to be skipped.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from transformers import TrainerCallback

from acuerdo.domain.errors import ModelError
from acuerdo.neural import Checkpoint
from acuerdo.ports import Progress, Watch
from acuerdo.train.drafting.diary import Diary, Pace
from acuerdo.train.drafting.keeping import Keeper, random_state, restore_random
from acuerdo.train.drafting.runs import DraftingTraining
from acuerdo.train.optimiser import scheduled


@dataclass(slots=True, eq=False)
class Guide:
    """How a trainer is led. `total` steps, validated every `every`; `tokens` are those of a step.

    `sample(trainer)` writes drafts for the held-out groups and returns them; `show(diary)` puts
    curves and samples where one can look at them while the run goes on. `resumed` is where the
    run stood, None at its beginning. `stopped` tells whether the watcher asked to stop.
    """

    training: DraftingTraining
    total: int
    every: int
    tokens: Sequence[int]
    diary: Diary
    keeper: Keeper
    watch: Watch
    sample: Callable[[Any], list[dict[str, Any]]]
    show: Callable[[Diary], None]
    resumed: Checkpoint | None = None
    note: str = ""
    stage: str = "tune"
    pace: Pace = field(default_factory=Pace)
    stopped: bool = False

    @property
    def done(self) -> bool:
        """Whether there is nothing left to train."""
        return self.diary.step >= self.total or self.diary.waited >= self.training.patience


class Guided:
    """Mixed into a TRL trainer before it; `guide` is set once the trainer is made.

    Subclasses say how the model is measured (`measured`).
    """

    guide: Guide

    def lead(self, guide: Guide) -> None:
        """Take the guide, and go on where it stands when training begins."""
        self.guide = guide
        trainer: Any = self
        trainer.add_callback(_GoOn(self))

    def measured(self) -> tuple[float, float]:
        """Return the held-out loss, and the share of pairs put in order (nan without pairs)."""
        raise NotImplementedError

    def _send_telemetry(self) -> None:
        """Tell nobody: what is trained here stays here."""

    def create_scheduler(self, num_training_steps: int, optimizer: Any = None) -> Any:
        """Return our schedule, counted from the beginning of the run."""
        del num_training_steps
        trainer: Any = self
        if trainer.lr_scheduler is None:
            guide, begun = self.guide, self.guide.diary.step
            trainer.lr_scheduler = torch.optim.lr_scheduler.LambdaLR(
                optimizer or trainer.optimizer,
                lambda step: scheduled(step + begun, guide.total, guide.training.warmup),
            )
        return trainer.lr_scheduler

    def compute_loss(self, *args: Any, **kwargs: Any) -> Any:
        """Return TRL's loss; raises ModelError if it is not a number, before it does any harm."""
        trainer: Any = super()
        found = trainer.compute_loss(*args, **kwargs)
        loss = found[0] if isinstance(found, tuple) else found
        self.check(float(loss.detach()), "loss")
        return found

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        """Called after every step: note it, and do whatever is due."""
        del start_time
        trainer: Any = self
        for metrics in trainer._metrics.values():
            # TRL's own, which nobody reads.
            metrics.clear()
        if "loss" not in logs:
            return
        guide = self.guide
        self.check(logs.get("grad_norm", 0.0), "gradient")
        diary = guide.diary
        tokens = guide.tokens[diary.step]
        diary.step += 1
        diary.losses.append(logs["loss"])
        diary.stepping += guide.pace.step(tokens)
        diary.tokens += tokens
        self._report(logs["loss"])
        stopped, due = self._agreed(guide.watch.stopped(), self._minutes_are_up())
        last = diary.step >= guide.total
        if last or diary.step % guide.every == 0:
            self.validate()
        if due or stopped or last or diary.step % guide.training.checkpoint_every == 0:
            self.keep()
        guide.stopped = stopped
        if stopped or guide.done:
            trainer.control.should_training_stop = True

    def keep(self) -> None:
        """Write a checkpoint of where training stands."""
        trainer: Any = self
        self.guide.diary.seconds += self.guide.pace.wall()
        self.guide.keeper.keep(trainer.model, trainer.optimizer, self.guide.diary)
        self.guide.pace.kept()

    def validate(self) -> None:
        """Measure the model and let it write samples; keep its weights if they are the best."""
        trainer: Any = self
        guide = self.guide
        guide.watch.report(Progress("validate", guide.diary.step, guide.total))
        trainer.model.eval()
        with torch.no_grad(), torch.random.fork_rng():
            loss, pairwise = self.measured()
            drafts = guide.sample(self)
        trainer.model.train()
        if guide.diary.validated(loss, pairwise):
            guide.keeper.keep_best(trainer.model, guide.diary.step)
        guide.diary.samples += [{"step": guide.diary.step, **draft} for draft in drafts]
        if guide.keeper.first:
            guide.show(guide.diary)

    def _report(self, loss: float) -> None:
        guide = self.guide
        parts = [f"loss {loss:.4f}"]
        if guide.diary.points:
            parts.append(f"held-out {guide.diary.points[-1].validation_loss:.4f}")
        parts.append(guide.pace.note(guide.total - guide.diary.step))
        if guide.note:
            parts.append(guide.note)
        report = Progress(guide.stage, guide.diary.step, guide.total, ", ".join(parts))
        guide.watch.report(report)

    def _minutes_are_up(self) -> bool:
        return self.guide.pace.since_kept() >= 60 * self.guide.training.checkpoint_minutes

    def _agreed(self, *flags: bool) -> list[bool]:
        """Return flags that are set on any process, the same on all."""
        trainer: Any = self
        accelerator = trainer.accelerator
        if accelerator.num_processes == 1:
            return list(flags)
        told = torch.tensor(flags, dtype=torch.float32, device=accelerator.device)
        return [bool(flag > 0) for flag in accelerator.reduce(told, "sum")]

    def check(self, number: float, name: str) -> None:
        """Raise ModelError if a number is none."""
        if math.isfinite(number):
            return
        raise ModelError(
            f"the {name} is not a number at step {self.guide.diary.step + 1}",
            where=str(self.guide.keeper.folder.parent),
            fix="Lower learning_rate, raise warmup or set precision = 'fp32', and start again with "
            "--fresh. The last checkpoint holds the weights from before.",
        )


class _GoOn(TrainerCallback):
    """Puts back where the run stood, once everything is in place and before the first step."""

    def __init__(self, trainer: Guided) -> None:
        self._trainer = trainer
        self._random: Mapping[str, Any] | None = None

    def on_train_begin(self, *_: Any, **__: Any) -> None:
        trainer: Any = self._trainer
        guide = self._trainer.guide
        if guide.resumed is not None:
            guide.keeper.restore(guide.resumed, trainer.model, trainer.optimizer)
            self._random = guide.resumed.state
            guide.resumed = None
        elif guide.diary.step == 0:
            self._trainer.validate()
            self._trainer.keep()
            self._random = random_state()

    def on_step_begin(self, *_: Any, **__: Any) -> None:
        self._trainer.guide.pace.begin()
        # Only now: making the first batch draws random numbers.
        if self._random is not None:
            restore_random(self._random)
            self._random = None
