"""Tiny GGUF files, written by hand."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

Value = str | int | float | bool | Sequence[str] | Sequence[int]

CHATML_TOKENS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "1", "2", "Ġyes")
CHATML: Mapping[str, Value] = {
    "general.architecture": "llama",
    "llama.context_length": 4096,
    "llama.block_count": 2,
    "llama.embedding_length": 64,
    "llama.attention.head_count": 4,
    "llama.attention.head_count_kv": 2,
    "tokenizer.ggml.model": "gpt2",
    "tokenizer.ggml.tokens": CHATML_TOKENS,
    "tokenizer.ggml.token_type": (3, 3, 3, 1, 1, 1),
}
WEIGHTS = {"token_embd.weight": ((32, 2), 0, bytes(range(256)))}
"""Name to shape, type and data: 64 values of 32 bits."""


def string(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()


def value(item: Value) -> bytes:
    if isinstance(item, bool):
        return struct.pack("<I?", 7, item)
    if isinstance(item, int):
        return struct.pack("<II", 4, item)
    if isinstance(item, float):
        return struct.pack("<If", 6, item)
    if isinstance(item, str):
        return struct.pack("<I", 8) + string(item)
    packed = [string(one) if isinstance(one, str) else struct.pack("<i", one) for one in item]
    kind = 8 if item and isinstance(item[0], str) else 5
    return struct.pack("<IIQ", 9, kind, len(packed)) + b"".join(packed)


def gguf(
    metadata: Mapping[str, Value] = CHATML,
    tensors: Mapping[str, tuple[tuple[int, ...], int, bytes]] = WEIGHTS,
    version: int = 3,
) -> bytes:
    listed = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(metadata))
    listed += b"".join(string(key) + value(item) for key, item in metadata.items())
    data = b""
    for name, (shape, kind, raw) in tensors.items():
        listed += string(name) + struct.pack(f"<I{len(shape)}Q", len(shape), *shape)
        listed += struct.pack("<IQ", kind, len(data))
        data += raw + bytes(-len(raw) % 32)
    return listed + bytes(-len(listed) % 32) + data
