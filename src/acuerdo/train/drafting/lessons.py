"""A run from its base to its folder: what is the same for statements and for preferences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from accelerate import PartialState
from transformers import set_seed

from acuerdo.domain.material import Material
from acuerdo.ports import Watch
from acuerdo.train.drafting.base import Base, Machine, base_of, load_base
from acuerdo.train.drafting.diary import Diary
from acuerdo.train.drafting.finishing import Finished, finish, show
from acuerdo.train.drafting.guiding import Guide, Guided
from acuerdo.train.drafting.runs import DrafterRun
from acuerdo.train.drafting.samples import Sampler, chosen_groups
from acuerdo.train.drafting.sitting import Split, keeper_for, split_of, trained
from acuerdo.train.drafting.texts import ExampleWriter

VALIDATIONS: Final = 10


@dataclass(frozen=True, slots=True, eq=False)
class Setup:
    """What stands ready before anything is learned."""

    run: DrafterRun
    folder: Path
    base: Base
    machine: Machine
    tokenizer: Any
    writer: ExampleWriter
    split: Split
    state: PartialState
    watch: Watch


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What is learned, in `total` steps; `tokens` are those of each step.

    `mark` is a hash of all that is learned from, to tell whether it is still the same.
    `trainer(model, split, step)` makes the trainer for what is left after so many steps of the bare
    base. Samples are written for some groups of `validation`. `data`, `left_out`, `notes` and
    `start`, the adapter it begins with, are for the card.
    """

    stage: str
    mark: str
    total: int
    tokens: Sequence[int]
    trainer: Callable[[Any, Split, int], Guided]
    validation: Sequence[Material]
    data: Sequence[Mapping[str, Any]]
    left_out: Mapping[str, int] = field(default_factory=dict)
    notes: Sequence[str] = ()
    start: Mapping[str, str] = field(default_factory=dict)


def learn(
    run: DrafterRun,
    folder: Path,
    watch: Watch,
    prepare: Callable[[Setup], Lesson],
    *,
    machine: Machine,
    text: str,
    fresh: bool,
) -> None:
    """Learn what `prepare` makes of the run, from wherever it stands, and write its folder.

    All processes call it; errors as in `train_drafter`.
    """
    state = process_of(run)
    base = base_of(run)
    model, tokenizer = load_base(run, base, machine)
    writer = ExampleWriter(tokenizer, base.path, run.template, run.chat_template)
    split = split_of(run, state.num_processes)
    lesson = prepare(Setup(run, folder, base, machine, tokenizer, writer, split, state, watch))
    keeper = keeper_for(run, folder, lesson.mark, split, state, fresh=fresh)
    loaded: list[Any] = [model]
    del model

    def begin(split: Split, guide: Guide) -> Guided:
        """Make the trainer for what is left of the run."""
        made = loaded.pop() if loaded else load_base(run, base, machine)[0]
        set_seed(run.seed)
        tuner = lesson.trainer(made, split, guide.diary.step)
        tuner.lead(guide)
        return tuner

    guide = Guide(
        training=run.training,
        total=lesson.total,
        every=run.training.validate_every or max(-(-lesson.total // VALIDATIONS), 1),
        tokens=lesson.tokens,
        diary=Diary(lesson.stage),
        keeper=keeper,
        watch=watch,
        sample=Sampler(
            chosen_groups(lesson.validation, run.samples.groups), writer, run.samples, run.seed
        ),
        show=partial(show, folder=folder),
        stage=lesson.stage,
    )
    tuner = trained(begin, guide, split)
    done = Finished(
        run=run,
        base=base,
        machine=machine,
        diary=guide.diary,
        chat_template=writer.chat_template,
        data=lesson.data,
        left_out=lesson.left_out,
        notes=lesson.notes,
        start=lesson.start,
        text=text,
    )
    finish(done, folder, tuner)
    state.wait_for_everyone()
    if state.is_main_process:
        keeper.forget()


def process_of(run: DrafterRun) -> PartialState:
    """Return which of how many processes this is."""
    return PartialState(cpu=run.training.device == "cpu")
