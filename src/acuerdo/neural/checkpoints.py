"""Checkpoints: a folder that is there whole or not at all, and knows if it was damaged since.

    folder/step-00000120/weights.safetensors, optimizer.safetensors, state.json

A checkpoint is written under another name and renamed once it is complete; older ones go only
after that. So whenever a process is killed, the newest whole checkpoint is the one to go on from.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from acuerdo.domain.errors import StorageError, WeightsError
from acuerdo.neural.cards import file_hash

WEIGHTS: Final = "weights.safetensors"
OPTIMIZER: Final = "optimizer.safetensors"
STATE: Final = "state.json"
_FRESH: Final = "Start again with --fresh."


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """Where training stands: trainable weights and the optimizer's tensors by name, and everything
    else that decides how it goes on (`state`, JSON: position, random state, history)."""

    step: int
    weights: Mapping[str, Tensor]
    optimizer: Mapping[str, Tensor] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)


def save_checkpoint(folder: Path, checkpoint: Checkpoint, keep: int = 1) -> Path:
    """Write a checkpoint; of those up to it the `keep` newest stay, or all if 0.

    Those of later steps go: they stem from a course that was given up. Raises StorageError if the
    disk refuses; those that were there before then still are.
    """
    final = folder / f"step-{checkpoint.step:08d}"
    partial = folder / f".{final.name}.partial"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        save_file(_plain(checkpoint.weights), partial / WEIGHTS)
        save_file(_plain(checkpoint.optimizer), partial / OPTIMIZER)
        hashes = {name: file_hash(partial / name) for name in (WEIGHTS, OPTIMIZER)}
        state = {"step": checkpoint.step, "state": checkpoint.state, "sha256": hashes}
        (partial / STATE).write_text(json.dumps(state), "utf-8")
        _flushed(partial)
        if final.exists():
            shutil.rmtree(final)
        partial.replace(final)
        others = _found(folder)
        up_to_here = others[: others.index(final) + 1]
        for other in (*others[len(up_to_here) :], *up_to_here[:-keep]):
            shutil.rmtree(other)
    except (OSError, SafetensorError) as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise StorageError(
            f"a checkpoint cannot be written: {error}",
            where=str(final),
            fix="Make room and run the same command again: earlier checkpoints are whole.",
        ) from error
    return final


def load_checkpoint(folder: Path) -> Checkpoint | None:
    """Return the newest checkpoint of a folder, None if there is none.

    Raises WeightsError if it is truncated or damaged.
    """
    found = _found(folder)
    return _read(found[-1]) if found else None


def load_newest_whole(folder: Path) -> tuple[Checkpoint | None, tuple[Path, ...]]:
    """Return the newest checkpoint that is whole, and newer ones that are damaged.

    None if there is no checkpoint at all. Raises WeightsError if all of them are damaged.
    """
    damaged: list[Path] = []
    for path in reversed(_found(folder)):
        try:
            return _read(path), tuple(damaged)
        except WeightsError:
            damaged.append(path)
            if path == _found(folder)[0]:
                raise
    return None, ()


def _read(newest: Path) -> Checkpoint:
    try:
        kept = json.loads((newest / STATE).read_text("utf-8"))
        for name in (WEIGHTS, OPTIMIZER):
            if file_hash(newest / name) != kept["sha256"][name]:
                raise WeightsError("truncated or damaged", where=str(newest / name), fix=_FRESH)
        return Checkpoint(
            step=int(kept["step"]),
            weights=load_file(newest / WEIGHTS),
            optimizer=load_file(newest / OPTIMIZER),
            state=kept["state"],
        )
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise WeightsError(
            f"this checkpoint cannot be read: {error!r}", where=str(newest), fix=_FRESH
        ) from error


def load_weights(module: Any, weights: Mapping[str, Tensor], where: str) -> None:
    """Put weights into a module's trainable parameters and buffers.

    Raises WeightsError if names or shapes do not match those of `kept_weights`.
    """
    own = kept_weights(module)
    odd = sorted(set(own) ^ set(weights))
    odd += [name for name in own if name in weights and own[name].shape != weights[name].shape]
    if odd:
        raise WeightsError(
            f"made for another network: {len(odd)} weights differ, e.g. {odd[0]}",
            where=where,
            fix=_FRESH,
        )
    for name, target in _kept(module).items():
        put(target, weights[name])


def kept_weights(module: Any) -> dict[str, Tensor]:
    """Return what training changes, by name: parameters that have a gradient, and buffers.

    Sharded over processes, they are gathered: all processes must call this together.
    """
    return {name: whole(tensor) for name, tensor in _kept(module).items()}


def whole(tensor: Any) -> Tensor:
    """Return a tensor, gathered from all processes if it is sharded."""
    return tensor.full_tensor() if hasattr(tensor, "full_tensor") else tensor


def put(target: Any, value: Tensor) -> None:
    """Copy a whole tensor into one that may be sharded."""
    if hasattr(target, "full_tensor"):
        from torch.distributed.tensor import distribute_tensor  # noqa: PLC0415 - many GPUs only

        value = distribute_tensor(value.to(target.device), target.device_mesh, target.placements)
    target.copy_(value)


def _kept(module: Any) -> dict[str, Any]:
    trained = {n: p.detach() for n, p in module.named_parameters() if p.requires_grad}
    kept = set(module.state_dict())
    return trained | {n: b.detach() for n, b in module.named_buffers() if n in kept}


def _plain(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()}


def _found(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("step-*") if path.is_dir())


def _flushed(folder: Path) -> None:
    """Bring files to the disk before the folder gets its name."""
    for path in folder.iterdir():
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
