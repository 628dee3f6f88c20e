"""A tiny base model and adapters for it, written by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from acuerdo.llm.adapters import DIGEST, NORMS, TEMPLATE, norms_hash, tensors_hash
from acuerdo.llm.gguf import F16, F32, read_header
from tests.llm.ggufs import CHATML, Value, gguf

Listed = Mapping[str, tuple[tuple[int, ...], int, bytes]]

WIDTH, RANK = 64, 4
BASE: Mapping[str, Value] = {**CHATML, "general.type": "model", "general.name": "Tiny"}


def filled(shape: tuple[int, ...], kind: int, seed: int) -> tuple[tuple[int, ...], int, bytes]:
    """Return random weights; `shape` as GGUF has it, the length of a row first."""
    values = np.random.default_rng(seed).normal(0, 0.1, shape)
    return shape, kind, values.astype("<f4" if kind == F32 else "<f2").tobytes()


LAYERS: Listed = {
    "token_embd.weight": filled((WIDTH, 6), F16, 1),
    "output_norm.weight": filled((WIDTH,), F32, 2),
    "blk.0.attn_q.weight": filled((WIDTH, WIDTH), F16, 3),
    "blk.1.ffn_up.weight": filled((WIDTH, 96), F16, 4),
}
SIDES: Listed = {
    "blk.0.attn_q.weight.lora_a": filled((WIDTH, RANK), F16, 5),
    "blk.0.attn_q.weight.lora_b": filled((RANK, WIDTH), F16, 6),
    "blk.1.ffn_up.weight.lora_a": filled((WIDTH, RANK), F16, 7),
    "blk.1.ffn_up.weight.lora_b": filled((RANK, 96), F16, 8),
}
SAID: Mapping[str, Value] = {
    "general.architecture": "llama",
    "general.type": "adapter",
    "general.name": "fair",
    "general.license": "CC0-1.0",
    "general.base_model.0.name": "Tiny",
    "adapter.type": "lora",
    "adapter.lora.alpha": 8.0,
    "acuerdo.base.blocks": 2,
    "acuerdo.base.width": WIDTH,
    "acuerdo.base.vocabulary": 6,
    TEMPLATE: "plain",
}


def base_file(path: Path, said: Mapping[str, Value] = BASE, layers: Listed = LAYERS) -> Path:
    path.write_bytes(gguf(said, layers))
    return path


def adapter_file(path: Path, changes: Mapping[str, Value] = SAID, sides: Listed = SIDES) -> Path:
    """Write an adapter as others do, without hashes; `changes` overrides what it says."""
    path.write_bytes(gguf({**SAID, **changes}, sides))
    return path


def sealed_adapter(path: Path, base: Path) -> Path:
    """Write an adapter that knows its own weights and those of its base, as ours do."""
    adapter_file(path)
    header = read_header(path)
    hashes = {
        DIGEST: tensors_hash(path, header, header.tensors),
        NORMS: norms_hash(base, read_header(base)),
    }
    return adapter_file(path, hashes)
