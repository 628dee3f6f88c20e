"""A run of supervised fine-tuning from its file to its folder."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from acuerdo.ports import Watch
from acuerdo.train.drafting.base import machine_for, tunable
from acuerdo.train.drafting.cards import counts_of
from acuerdo.train.drafting.guiding import Guided
from acuerdo.train.drafting.lessons import Lesson, Setup, learn
from acuerdo.train.drafting.material import (
    Epochs,
    RunMaterial,
    digest,
    planned_rows,
    read_run_material,
)
from acuerdo.train.drafting.rows import Row, filled
from acuerdo.train.drafting.runs import DrafterRun
from acuerdo.train.drafting.sitting import Split
from acuerdo.train.drafting.tuner import statement_tuner


def tune(
    run: DrafterRun, folder: Path, watch: Watch, *, text: str = "", fresh: bool = False
) -> None:
    """Fine-tune on statements; errors as in `train_drafter`."""
    prepare = partial(_lesson, material=read_run_material(run.data, watch))
    learn(run, folder, watch, prepare, machine=machine_for(run), text=text, fresh=fresh)


def _lesson(setup: Setup, material: RunMaterial) -> Lesson:
    run = setup.run
    epochs = Epochs(
        material,
        setup.writer,
        orders=run.training.orders,
        row_tokens=run.training.row_tokens,
        filler=setup.tokenizer.pad_token_id,
        seed=run.seed,
    )
    per_step = setup.split.rows
    rows, total = planned_rows(epochs, run.training.epochs, run.training.steps, per_step)
    held_out = _even(epochs.validation_rows(run.training.validation_rows), setup.split.batch)

    def trainer(model: Any, split: Split, step: int) -> Guided:
        return statement_tuner(
            run,
            tunable(model, run.lora),
            setup.tokenizer,
            machine=setup.machine,
            rows=rows[step * split.rows :] or rows[:1],
            held_out=held_out,
            split=split,
            steps=max(total - step, 1),
            folder=setup.folder,
        )

    return Lesson(
        stage="tune",
        mark=digest([*rows, *held_out]),
        total=total,
        tokens=_tokens(rows, per_step),
        trainer=trainer,
        validation=material.validation,
        data=counts_of(material),
        left_out=material.gathered.dropped,
        notes=(epochs.too_long.note(run.training.row_tokens),),
    )


def _tokens(rows: Sequence[Row], per_step: int) -> list[int]:
    return [
        sum(row.tokens for row in rows[at : at + per_step]) for at in range(0, len(rows), per_step)
    ]


def _even(rows: list[Row], batch: int) -> list[Row]:
    """Fill the last batch with rows of nothing, so that all have one shape."""
    if not rows:
        return rows
    nothing = filled([], len(rows[0].input_ids), rows[0].input_ids[0])
    return rows + [nothing] * (-len(rows) % batch)
