"""The run folder: weights, curves, samples, and the card last."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from safetensors import SafetensorError

from acuerdo.domain.errors import InputError, StorageError
from acuerdo.neural import CARD, file_hash, kept_weights, write_card
from acuerdo.train.curves import write_curves
from acuerdo.train.drafting.base import Base, Machine
from acuerdo.train.drafting.cards import card_of, in_words
from acuerdo.train.drafting.diary import Diary
from acuerdo.train.drafting.runs import DrafterRun
from acuerdo.train.drafting.samples import write_samples

ADAPTER: Final = "adapter"
MODEL: Final = "model"
CONFIG: Final = "config.toml"
FORMAT: Final = "acuerdo-drafter/1"


@dataclass(frozen=True, slots=True, eq=False)
class Finished:
    """A run that is over. `data` counts what it learned from, `left_out` says what was not.

    `start` describes the adapter it began with, if it did; `text` is the run file as written.
    """

    run: DrafterRun
    base: Base
    machine: Machine
    diary: Diary
    chat_template: str
    data: Sequence[Mapping[str, Any]]
    left_out: Mapping[str, int] = field(default_factory=dict)
    notes: Sequence[str] = ()
    start: Mapping[str, str] = field(default_factory=dict)
    text: str = ""


def is_finished(folder: Path, text: str) -> bool:
    """Return whether the folder holds a finished run of the run file `text` ("": of any).

    Raises InputError if it is one of another run file.
    """
    if not (folder / CARD).is_file():
        return False
    if not text or not (folder / CONFIG).is_file():
        return True
    try:
        before = (folder / CONFIG).read_text("utf-8", errors="replace")
    except OSError as error:
        where = str(folder / CONFIG)
        raise StorageError(f"cannot be read: {error.strerror}", where=where) from error
    if before != text:
        raise InputError(
            "this folder holds a finished run of another run file",
            where=str(folder),
            fix="Name another folder with --out, or start again with --fresh.",
        )
    return True


def finish(done: Finished, folder: Path, trainer: Any) -> None:
    """Write the run folder; all processes call it, the first writes.

    Raises StorageError if the disk refuses; earlier weights are replaced only by whole ones.
    """
    model = trainer.accelerator.unwrap_model(trainer.model)
    weights = kept_weights(model)
    if not trainer.accelerator.is_main_process:
        return
    name = MODEL if done.run.lora == "none" else ADAPTER
    with _stored(folder):
        files = _saved(done, folder / name, model, weights, trainer.processing_class)
        show(done.diary, folder)
        card = card_of(
            done.run,
            diary=done.diary,
            base=_described(done.base),
            machine={"device": done.machine.device, "precision": done.machine.precision},
            chat_template=done.chat_template,
            data=done.data,
            left_out=done.left_out,
            notes=[note for note in done.notes if note],
            start=done.start,
            lora=_adapter_settings(model) if done.start else {},
        )
        if done.text:
            (folder / CONFIG).write_text(done.text, "utf-8")
        (folder / "card.md").write_text(in_words(card), "utf-8")
    write_card(folder, card, files, FORMAT)


def show(diary: Diary, folder: Path) -> None:
    """Write curves and samples so far; raises StorageError if the disk refuses."""
    with _stored(folder):
        write_curves(diary.points, folder, per="pair" if diary.phase == "prefer" else "token")
        write_samples(diary.samples, folder)


@contextmanager
def _stored(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, SafetensorError) as error:
        raise StorageError(
            f"cannot be written: {error}",
            where=str(folder),
            fix="Make room and run the same command again: it goes on from the last checkpoint.",
        ) from error


def _saved(
    done: Finished, final: Path, model: Any, weights: Any, tokenizer: Any
) -> tuple[str, ...]:
    """Write weights aside, then put them in their place; return the weights files."""
    partial = final.with_name(f".{final.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    kept = {key: tensor.detach().cpu().contiguous() for key, tensor in weights.items()}
    if final.name == ADAPTER:
        for config in model.peft_config.values():
            # Not where it lay on this machine.
            config.base_model_name_or_path = done.base.name
        model.save_pretrained(
            partial, state_dict=kept, save_embedding_layers=False, selected_adapters=["default"]
        )
        (partial / "README.md").unlink(missing_ok=True)
    else:
        dtype = done.machine.dtype
        model.save_pretrained(partial, state_dict={k: v.to(dtype) for k, v in kept.items()})
        tokenizer.save_pretrained(partial)
    shutil.rmtree(final, ignore_errors=True)
    partial.replace(final)
    return tuple(sorted(f"{final.name}/{path.name}" for path in final.glob("*.safetensors")))


def _adapter_settings(model: Any) -> dict[str, Any]:
    """Return the settings of an adapter that was begun elsewhere, as a table [lora] has them.

    Of the layers it stands beside only the kinds are told ("q_proj"), not each of them.
    """
    found = model.peft_config["default"]
    targets = found.target_modules
    return {
        "rank": found.r,
        "alpha": found.lora_alpha,
        "dropout": found.lora_dropout,
        "targets": targets
        if isinstance(targets, str)
        else sorted({name.rpartition(".")[2] for name in targets}),
    }


def _described(base: Base) -> dict[str, Any]:
    described = {"name": base.name, "licence": base.licence, "source": base.source}
    if base.path.is_file():
        described["sha256"] = file_hash(base.path)
    return described
