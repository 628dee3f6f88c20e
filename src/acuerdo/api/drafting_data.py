"""Build what the drafting model learns from: examples in TRL's format, with a card."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from acuerdo.api.run_folders import OUT
from acuerdo.datasets import (
    DataRun,
    Example,
    build_examples,
    card_of,
    card_text,
    example_lines,
    gather,
    pair_lines,
    read_data_run,
)
from acuerdo.domain.material import DraftPair
from acuerdo.files import write_whole
from acuerdo.ports import Progress, Unwatched, Watch, stop_if_asked

STAGE: Final = "examples"


@dataclass(frozen=True, slots=True)
class BuiltData:
    """The folder with a file of examples for every split, `card.json` and `card.md`."""

    name: str
    folder: Path
    card: dict[str, Any]


def build_data(
    run: Path | DataRun, out: Path | None = None, *, watch: Watch | None = None
) -> BuiltData:
    """Write the examples of a run file, or of a run, into `out`, by default `out/<its name>`.

    Every split becomes `<split>.jsonl`, in TRL's conversational prompt-completion format. Each file
    is replaced at once or stays as it was; the cards come last. Raises InputError for unusable data
    or if nothing is left after filtering, SettingsError for an unknown reader or template,
    StorageError if a file cannot be written, Cancelled if the watcher stops.
    """
    watch = watch or Unwatched()
    if isinstance(run, Path):
        run = read_data_run(run)
    folder = out or OUT / run.name
    revision_orders = run.revision_orders or run.orders
    gathered = gather(run.data, watch)
    examples = build_examples(
        gathered.materials,
        template=run.template,
        orders=run.orders,
        revision_orders=revision_orders,
        seed=run.seed,
    )
    splits = sorted({example.material.split for example in examples})
    for number, split in enumerate(splits):
        stop_if_asked(watch)
        watch.report(Progress(STAGE, number, len(splits), split))
        mine = [example for example in examples if example.material.split == split]
        write_whole(folder / f"{_file_name(split)}.jsonl", example_lines(mine))
    card = card_of(
        gathered,
        examples,
        name=run.name,
        template=run.template,
        orders=run.orders,
        revision_orders=revision_orders,
        seed=run.seed,
    )
    plain = json.dumps(card, ensure_ascii=False, indent=1, allow_nan=False)
    write_whole(folder / "card.json", [plain.encode(), b"\n"])
    write_whole(folder / "card.md", [card_text(card).encode()])
    watch.report(Progress(STAGE, len(splits), len(splits)))
    return BuiltData(run.name, folder, card)


def write_draft_pairs(pairs: Sequence[tuple[Example, DraftPair]], path: Path) -> None:
    """Write pairs of drafts in TRL's preference format, whole or not at all."""
    write_whole(path, pair_lines(pairs))


def _file_name(split: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in split)
