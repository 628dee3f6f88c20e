"""A causal language model with a scalar head, reading many statements behind one prompt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from acuerdo.neural.collation import Batch, by_length, collated
from acuerdo.neural.latent import LatentHead
from acuerdo.neural.readers import Row


class CausalScorer(nn.Module):
    """Scores the last token of a row. Rows come from a `PromptReader`.

    `backbone` is a transformers causal model without head (see `load_backbone`), perhaps with LoRA
    layers (see `with_lora`).
    """

    def __init__(self, backbone: Any, *, padding: int = 0) -> None:
        super().__init__()
        self.backbone = backbone
        self.padding = padding
        self.head = LatentHead(backbone.config.hidden_size)

    @property
    def max_tokens(self) -> int:
        """Longest row that the model has positions for."""
        return int(self.backbone.config.max_position_embeddings)

    def forward(self, batch: Batch) -> Tensor:
        """Return latents (rows,): without unit or origin, higher is more agreement."""
        hidden = self.backbone(
            input_ids=batch.ids, attention_mask=batch.mask, use_cache=False
        ).last_hidden_state
        latent: Tensor = self.head(_last(hidden, batch.mask), batch.length)
        return latent

    def behind(self, prompt: Row, endings: Sequence[Row], size: int) -> Tensor:
        """Return the latents (endings,) of statements behind one prompt, which is read once.

        Equal to `forward` on whole rows up to rounding. `size` statements are read at a time; the
        prompt's keys and values are lent to all of them.
        """
        device = self.head.score.weight.device
        with torch.inference_mode():
            ids = torch.tensor([prompt.ids], device=device)
            keys_and_values = _keys_and_values(
                self.backbone(input_ids=ids, use_cache=True).past_key_values
            )
            found = torch.empty(len(endings), device=device)
            for places in by_length([len(row.ids) for row in endings], size):
                batch = collated([endings[place] for place in places], [1] * len(places), 0)
                found[torch.from_numpy(places).to(device)] = self._continued(
                    batch.to(device), len(prompt.ids), keys_and_values
                )
        return found

    def _continued(
        self, batch: Batch, before: int, keys_and_values: Sequence[tuple[Tensor, Tensor]]
    ) -> Tensor:
        from transformers import DynamicCache  # noqa: PLC0415 - slow to import

        cache = DynamicCache()
        for layer, (keys, values) in enumerate(keys_and_values):
            shape = (len(batch), -1, -1, -1)
            cache.update(keys.expand(shape), values.expand(shape), layer)
        seen = torch.ones((len(batch), before), dtype=batch.mask.dtype, device=batch.mask.device)
        places = torch.arange(before, before + batch.ids.shape[1], device=batch.ids.device)
        hidden = self.backbone(
            input_ids=batch.ids,
            attention_mask=torch.cat([seen, batch.mask], dim=1),
            position_ids=places.expand(len(batch), -1),
            past_key_values=cache,
            use_cache=True,
        ).last_hidden_state
        latent: Tensor = self.head(_last(hidden, batch.mask), batch.length)
        return latent


def _last(hidden: Tensor, mask: Tensor) -> Tensor:
    """Return the last token that is not padding, (rows, width)."""
    rows = torch.arange(len(hidden), device=hidden.device)
    return hidden[rows, mask.sum(dim=1) - 1]


def _keys_and_values(cache: Any) -> list[tuple[Tensor, Tensor]]:
    return [(layer.keys, layer.values) for layer in cache.layers]
