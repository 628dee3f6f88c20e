"""A run of supervised fine-tuning from its file to its folder."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from accelerate import PartialState
from transformers import set_seed

from acuerdo.neural import CARD
from acuerdo.ports import Watch
from acuerdo.train.drafting.base import base_of, load_base, machine_for, tunable
from acuerdo.train.drafting.cards import counts_of
from acuerdo.train.drafting.finishing import Finished, finish, show
from acuerdo.train.drafting.guiding import Guide, Guided
from acuerdo.train.drafting.material import Epochs, digest, planned_rows, read_run_material
from acuerdo.train.drafting.rows import Row, filled
from acuerdo.train.drafting.runs import DrafterRun
from acuerdo.train.drafting.samples import Sampler, chosen_groups
from acuerdo.train.drafting.silence import silence
from acuerdo.train.drafting.sitting import (
    Split,
    guide_for,
    keeper_for,
    split_of,
    trained,
)
from acuerdo.train.drafting.texts import ExampleWriter
from acuerdo.train.drafting.tuner import statement_tuner


def tune(run: DrafterRun, folder: Path, watch: Watch, *, fresh: bool = False) -> None:
    """Fine-tune on statements; errors as in `train_drafter`."""
    with silence():
        state = PartialState(cpu=run.training.device == "cpu")
        if (folder / CARD).is_file() and not fresh:
            return
        material = read_run_material(run.data, watch)
        base, machine = base_of(run), machine_for(run)
        model, tokenizer = load_base(run, base, machine)
        writer = ExampleWriter(tokenizer, base.path, run.template, run.chat_template)
        epochs = Epochs(
            material,
            writer,
            orders=run.training.orders,
            row_tokens=run.training.row_tokens,
            filler=tokenizer.pad_token_id,
            seed=run.seed,
        )
        split = split_of(run, state.num_processes)
        rows, total = planned_rows(epochs, run.training.epochs, run.training.steps, split.rows)
        held_out = _even(epochs.validation_rows(run.training.validation_rows), split.batch)
        keeper = keeper_for(run, folder, digest(rows), state, fresh=fresh)
        loaded: list[Any] = [model]
        del model

        def begin(split: Split, guide: Guide) -> Guided:
            """Make the trainer for what is left of the run."""
            made = loaded.pop() if loaded else load_base(run, base, machine)[0]
            set_seed(run.seed)
            tuner = statement_tuner(
                run,
                tunable(made, run.lora),
                tokenizer,
                machine=machine,
                rows=rows[guide.diary.step * split.rows :] or rows[:1],
                held_out=held_out,
                batch=split.batch,
                accumulation=split.accumulation,
                steps=max(total - guide.diary.step, 1),
                folder=folder,
            )
            tuner.lead(guide)
            return tuner

        guide = guide_for(
            run,
            "tune",
            total=total,
            tokens=_tokens(rows, split.rows),
            keeper=keeper,
            watch=watch,
            show=partial(show, folder=folder),
            sample=Sampler(
                chosen_groups(material.validation, run.samples.groups),
                writer,
                run.samples,
                run.seed,
            ),
        )
        tuner = trained(begin, guide, split)
        done = Finished(
            run=run,
            base=base,
            machine=machine,
            diary=guide.diary,
            chat_template=writer.chat_template,
            data=counts_of(material),
            left_out=material.gathered.dropped,
            notes=(epochs.too_long.note(run.training.row_tokens),),
        )
        finish(done, folder, tuner)
        state.wait_for_everyone()
        if state.is_main_process:
            keeper.forget()


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
