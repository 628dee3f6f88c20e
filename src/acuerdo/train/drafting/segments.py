"""Attention within each example of a packed row, without a mask.

A batch of packed rows is one row of segments. A mask over all of it would cost the square of its
length; here each segment attends to itself by torch's own kernel, one after the other. On
processors that is what a third of the time goes into otherwise.
"""

from __future__ import annotations

from typing import Any, Final

import torch
from torch import Tensor

SEGMENTS: Final = "acuerdo_segments"


def register_segments() -> None:
    """Make `attn_implementation=SEGMENTS` known to transformers."""
    from transformers import AttentionInterface  # noqa: PLC0415 - slow to import

    AttentionInterface.register(SEGMENTS, segment_attention)


def segment_attention(  # noqa: PLR0917 - as transformers calls it
    module: Any,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float | None = None,
    dropout: float = 0.0,
    cu_seq_lens_q: Tensor | None = None,
    **_: Any,
) -> tuple[Tensor, None]:
    """Return (1, positions, heads, size) from (1, heads, positions, size), causal by segment.

    `cu_seq_lens_q` are the places where segments begin, and the end; without it the row is one.
    """
    if attention_mask is not None or query.shape[0] != 1 or query.shape[2] != key.shape[2]:
        raise ValueError("attention by segments is for one packed row without cache or mask")
    groups = getattr(module, "num_key_value_groups", 1)
    if groups > 1:
        key = key.repeat_interleave(groups, dim=1)
        value = value.repeat_interleave(groups, dim=1)
    lengths = [query.shape[2]] if cu_seq_lens_q is None else cu_seq_lens_q.diff().tolist()
    parts = [
        torch.nn.functional.scaled_dot_product_attention(
            one, other, third, dropout_p=dropout, is_causal=True, scale=scaling
        )
        for one, other, third in zip(
            query.split(lengths, 2), key.split(lengths, 2), value.split(lengths, 2), strict=True
        )
    ]
    return torch.cat(parts, dim=2).transpose(1, 2).contiguous(), None
