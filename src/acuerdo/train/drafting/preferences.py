"""A run of direct preference optimisation from its file to its folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from accelerate import PartialState
from transformers import set_seed

from acuerdo.domain.errors import InputError
from acuerdo.neural import CARD
from acuerdo.ports import Watch
from acuerdo.train.drafting.base import adapted, base_of, load_base, machine_for
from acuerdo.train.drafting.finishing import Finished, finish, show
from acuerdo.train.drafting.guiding import Guide, Guided
from acuerdo.train.drafting.material import read_run_material
from acuerdo.train.drafting.pairs import TRAIN, counts_of_preferences, read_preferences
from acuerdo.train.drafting.preference_rows import (
    Columns,
    ordered,
    preference_rows,
    with_reference,
)
from acuerdo.train.drafting.preference_tuner import preference_tuner
from acuerdo.train.drafting.runs import DrafterRun
from acuerdo.train.drafting.samples import Sampler, chosen_groups
from acuerdo.train.drafting.silence import silence
from acuerdo.train.drafting.sitting import (
    CHECKPOINTS,
    Split,
    guide_for,
    keeper_for,
    split_of,
    trained,
)
from acuerdo.train.drafting.texts import ExampleWriter

PADDED: Final = "sdpa"
"""How attention is computed where batches are padded and not packed."""


def prefer(run: DrafterRun, folder: Path, watch: Watch, *, fresh: bool = False) -> None:
    """Learn preferences; errors as in `train_drafter`."""
    table = run.dpo
    if table is None:
        raise InputError("there are no preferences to learn", where="[dpo]")
    with silence():
        state = PartialState(cpu=run.training.device == "cpu")
        if (folder / CARD).is_file() and not fresh:
            return
        pairs = read_preferences([Path(path) for path in table.pairs], run.seed)
        material = read_run_material(run.data, watch) if run.data else None
        base = base_of(run)
        machine = replace(machine_for(run), attention=PADDED)
        model, tokenizer = load_base(run, base, machine)
        writer = ExampleWriter(tokenizer, base.path, run.template, run.chat_template)
        most = run.training.row_tokens
        learned, note = preference_rows([p for p in pairs if p.split == TRAIN], writer, most)
        kept_out, _ = preference_rows([p for p in pairs if p.split != TRAIN], writer, most)
        kept_out = kept_out[: run.training.validation_rows or None]
        mark = _digest([*learned, *kept_out])
        split = split_of(run, state.num_processes)
        order, total = _planned(learned, run, split)
        keeper = keeper_for(run, folder, mark, state, fresh=fresh)
        loaded: list[Any] = [model]
        del model

        def begin(split: Split, guide: Guide) -> Guided:
            """Make the trainer for what is left of the run; it starts as the reference."""
            made = loaded.pop() if loaded else load_base(run, base, machine)[0]
            set_seed(run.seed)
            tuner = preference_tuner(
                run,
                table,
                adapted(made, table.adapter, run.lora),
                tokenizer,
                machine=machine,
                rows=learned,
                split=split,
                steps=max(total - guide.diary.step, 1),
                folder=folder,
            )
            with state.main_process_first():
                known = with_reference(
                    [*learned, *kept_out],
                    tuner,
                    batch=split.batch,
                    kept=folder / CHECKPOINTS / f"reference-{mark}.json",
                    watch=watch,
                )
            plan = [known[place] for place in order[guide.diary.step * split.rows :] or order[:1]]
            tuner.learn_from(plan, known[len(learned) :])
            tuner.lead(guide)
            return tuner

        groups = chosen_groups(material.validation, run.samples.groups) if material else []
        guide = guide_for(
            run,
            "prefer",
            total=total,
            tokens=_tokens([learned[place] for place in order], split.rows),
            keeper=keeper,
            watch=watch,
            show=partial(show, folder=folder),
            sample=Sampler(groups, writer, run.samples, run.seed),
        )
        tuner = trained(begin, guide, split)
        done = Finished(
            run=run,
            base=base,
            machine=machine,
            diary=guide.diary,
            chat_template=writer.chat_template,
            data=counts_of_preferences(pairs),
            notes=(note,),
        )
        finish(done, folder, tuner)
        state.wait_for_everyone()
        if state.is_main_process:
            keeper.forget()


def _planned(learned: Sequence[Columns], run: DrafterRun, split: Split) -> tuple[list[int], int]:
    """Return the places of pairs in the order they are learned, and into how many steps."""
    steps, per_step = run.training.steps, split.rows
    order: list[int] = []
    epoch = 0
    while len(order) < steps * per_step if steps else epoch < run.training.epochs:
        order += ordered(learned, split.batch, run.seed, epoch)
        epoch += 1
    total = steps or max(len(order) // per_step, 1)
    return order[: total * per_step], total


def _tokens(rows: Sequence[Columns], per_step: int) -> list[int]:
    sizes = [
        2 * len(row["prompt_ids"]) + len(row["chosen_ids"]) + len(row["rejected_ids"])
        for row in rows
    ]
    return [sum(sizes[at : at + per_step]) for at in range(0, len(sizes), per_step)]


def _digest(rows: Sequence[Columns]) -> str:
    return hashlib.sha256(json.dumps(list(rows)).encode()).hexdigest()[:16]
