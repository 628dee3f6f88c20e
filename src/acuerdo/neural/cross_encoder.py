"""A BERT-style encoder that reads question, opinion and statement together."""

from __future__ import annotations

from typing import Any, Final, Literal

from torch import Tensor, nn

from acuerdo.neural.collation import Batch
from acuerdo.neural.latent import LatentHead

Pooling = Literal["mean", "first"]
POOLINGS: Final = ("mean", "first")


class CrossEncoder(nn.Module):
    """Pools an encoder's last layer over the row ("mean") or takes its first token ("first").

    `encoder` is a transformers model without head (see `load_encoder`). Rows come from a
    `PairReader`.
    """

    def __init__(self, encoder: Any, *, pooling: Pooling = "mean", dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        self.pooling: Pooling = pooling
        self.dropout = nn.Dropout(dropout)
        self.head = LatentHead(encoder.config.hidden_size)
        self._reads_segments = getattr(encoder.config, "type_vocab_size", 0) > 1

    @property
    def max_tokens(self) -> int:
        """Longest row that the encoder has positions for."""
        return int(self.encoder.config.max_position_embeddings)

    def forward(self, batch: Batch) -> Tensor:
        """Return latents (rows,): without unit or origin, higher is more agreement."""
        segments = {"token_type_ids": batch.types} if self._reads_segments else {}
        hidden = self.encoder(
            input_ids=batch.ids, attention_mask=batch.mask, **segments
        ).last_hidden_state
        latent: Tensor = self.head(self.dropout(self._pooled(hidden, batch.mask)), batch.length)
        return latent

    def _pooled(self, hidden: Tensor, mask: Tensor) -> Tensor:
        if self.pooling == "first":
            return hidden[:, 0]
        seen = mask.unsqueeze(-1).to(hidden.dtype)
        return (hidden * seen).sum(dim=1) / seen.sum(dim=1)
