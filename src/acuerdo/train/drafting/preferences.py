"""A run of direct preference optimisation from its file to its folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from accelerate.utils import parse_flag_from_env

from acuerdo.domain.errors import InputError, SettingsError
from acuerdo.domain.material import Material
from acuerdo.ports import Watch
from acuerdo.train.drafting.base import machine_for, tunable
from acuerdo.train.drafting.guiding import Guided
from acuerdo.train.drafting.keeping import lasting_settings
from acuerdo.train.drafting.lessons import Lesson, Setup, learn, process_of
from acuerdo.train.drafting.material import evenly, read_validation
from acuerdo.train.drafting.pairs import (
    TRAIN,
    Preference,
    counts_of_preferences,
    read_preferences,
)
from acuerdo.train.drafting.preference_rows import (
    Columns,
    ordered,
    preference_rows,
    with_reference,
)
from acuerdo.train.drafting.preference_tuner import preference_tuner
from acuerdo.train.drafting.runs import DrafterRun, PreferenceTable
from acuerdo.train.drafting.sitting import CHECKPOINTS, Split
from acuerdo.train.drafting.starting import Start, going_on, start_of

PADDED: Final = "sdpa"
"""How attention is computed where batches are padded and not packed."""


def prefer(
    run: DrafterRun, folder: Path, watch: Watch, *, text: str = "", fresh: bool = False
) -> None:
    """Learn preferences; errors as in `train_drafter`."""
    if run.dpo is None:
        raise InputError("there are no preferences to learn", where="[dpo]")
    refuse_shards(process_of(run).num_processes)
    prepare = partial(
        _lesson,
        table=run.dpo,
        pairs=read_preferences([Path(path) for path in run.dpo.pairs], run.seed),
        validation=read_validation(run.data, watch) if run.data else (),
        start=start_of(run.dpo.adapter) if run.dpo.adapter else None,
    )
    machine = replace(machine_for(run), attention=PADDED)
    learn(run, folder, watch, prepare, machine=machine, text=text, fresh=fresh)


def refuse_shards(processes: int) -> None:
    """Raise SettingsError if weights would be spread over these processes."""
    if processes > 1 and parse_flag_from_env("ACCELERATE_USE_FSDP"):
        raise SettingsError(
            "preferences are learned with whole weights", fix="Leave the FSDP configuration out."
        )


def _lesson(
    setup: Setup,
    *,
    table: PreferenceTable,
    pairs: Sequence[Preference],
    validation: Sequence[Material],
    start: Start | None,
) -> Lesson:
    run, state = setup.run, setup.state
    most = run.training.row_tokens
    learned, note = preference_rows([p for p in pairs if p.split == TRAIN], setup.writer, most)
    held_out, _ = preference_rows([p for p in pairs if p.split != TRAIN], setup.writer, most)
    if run.training.validation_rows:
        held_out = evenly(held_out, run.training.validation_rows)
    rows = [*learned, *held_out]
    mark = _mark(rows, start, setup)
    order, total = _planned(learned, run, setup.split)

    def trainer(model: Any, split: Split, step: int) -> Guided:
        """Make the trainer; before it learns, the model is the reference."""
        tuner = preference_tuner(
            run,
            table,
            going_on(model, start) if start else tunable(model, run.lora),
            setup.tokenizer,
            machine=setup.machine,
            rows=learned,
            split=split,
            steps=max(total - step, 1),
            folder=setup.folder,
        )
        with state.main_process_first():
            known = with_reference(
                rows,
                tuner,
                batch=split.batch,
                kept=setup.folder / CHECKPOINTS / f"reference-{mark}.json",
                watch=setup.watch,
            )
        plan = [known[place] for place in order[step * split.rows :] or order[:1]]
        tuner.learn_from(plan, known[len(learned) :])
        return tuner

    return Lesson(
        stage="prefer",
        mark=mark,
        total=total,
        tokens=_tokens([learned[place] for place in order], setup.split.rows),
        trainer=trainer,
        validation=validation,
        data=[*(start.learned() if start else ()), *counts_of_preferences(pairs)],
        notes=(note,),
        start=start.described() if start else {},
    )


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


def _mark(rows: Sequence[Columns], start: Start | None, setup: Setup) -> str:
    """Return a hash of all that decides what the starting model says of these pairs."""
    told = [
        rows,
        start.sha256 if start else "",
        str(setup.base.path),
        setup.machine.precision,
        lasting_settings(setup.run),
    ]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]
