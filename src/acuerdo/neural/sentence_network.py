"""The multilingual Universal Sentence Encoder in torch, so that all but its word table can learn.

The same network as the numpy one that embeds at run time (Yang et al. 2019, arXiv 1907.04307), on
the same named arrays: what is trained here is used there. Sentences lie end to end in one row of
tokens with a gap between them as wide as a window reaches, so that nothing is padded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn.functional import layer_norm, normalize, pad, relu

Floats = npt.NDArray[np.float32]
Rows = Callable[[npt.NDArray[np.int64]], Floats]
"""Maps token ids to their rows of the word table, shape (tokens, dimensions)."""

GAP: Final = 2
"""Empty places between sentences: as far as the widest window reaches to either side."""
DENSE: Final = ("d0", "d1", "d2", "d3", "p1", "p3")


class TorchSentenceNetwork(nn.Module):
    """Maps token ids of sentences to unit vectors, shape (sentences, dimensions).

    `arrays` are the trainable arrays by name, `windows` (size, left) per branch, `rows` reads the
    word table, which stays as it is. `dropout` falls on the pooled features while training.
    """

    def __init__(
        self,
        arrays: Mapping[str, Floats],
        windows: Sequence[tuple[int, int]],
        rows: Rows,
        *,
        epsilon: float,
        max_tokens: int = 96,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self._names = tuple(arrays)
        self._windows = tuple(windows)
        self._rows = rows
        self._epsilon = epsilon
        self._max_tokens = max_tokens
        self._dropout = nn.Dropout(dropout)
        for name in self._names:
            value = torch.from_numpy(np.array(arrays[name], dtype=np.float32))
            self.register_parameter(name, nn.Parameter(value))

    def arrays(self) -> dict[str, Floats]:
        """Return the arrays as they are now, by name."""
        return {name: self._at(name).detach().cpu().numpy().copy() for name in self._names}

    def forward(self, sentences: Sequence[Sequence[int]]) -> Tensor:
        """Encode each non-empty sequence of token ids; tokens beyond `max_tokens` are cut."""
        ids, sentence, inside = _laid_out([s[: self._max_tokens] for s in sentences])
        mask = torch.from_numpy(inside)[:, None]
        where = torch.from_numpy(sentence)
        embedding = torch.from_numpy(self._rows(ids)) * mask
        lengths = torch.zeros(len(sentences), 1).index_add_(0, where, mask)
        projected = layer_norm(
            (embedding @ self._at("projection")).float() + self._at("projection_bias"),
            (self._at("projection_gain").shape[0],),
            self._at("projection_gain"),
            self._at("projection_shift"),
            self._epsilon,
        )
        projected = projected * mask
        features = torch.cat([embedding, *self._branches(projected, mask)], dim=1)
        features = layer_norm(
            features,
            (features.shape[1],),
            self._at("gain"),
            self._at("shift"),
            self._epsilon,
        )
        sums = torch.zeros(len(sentences), features.shape[1]).index_add_(0, where, features * mask)
        pooled = self._dropout(sums) @ self._at("output") + lengths * self._at("output_bias")
        return self._dense(pooled / lengths.sqrt())

    def _branches(self, projected: Tensor, mask: Tensor) -> list[Tensor]:
        channels = self._at("first_bias_0").shape[0]
        found = []
        for number, (size, left) in enumerate(self._windows):
            own = projected[:, number * channels : (number + 1) * channels]
            for stage in ("first", "second"):
                window = _windows(own, size, left)
                moved = (window @ self._at(f"{stage}_{number}")).float()
                moved = moved + self._at(f"{stage}_bias_{number}")
                own = (relu(moved) + own) * mask
            found.append(own)
        return found

    def _dense(self, pooled: Tensor) -> Tensor:
        d0, d1, d2, d3, p1, p3 = (self._at(name) for name in DENSE)
        inner = relu(pooled @ d0)
        joined = relu(pooled @ p1 + inner @ d1)
        outer = relu(joined @ d2)
        return normalize(torch.tanh(joined @ p3 + outer @ d3), dim=1)

    def _at(self, name: str) -> Tensor:
        return self.get_parameter(name)


def _windows(own: Tensor, size: int, left: int) -> Tensor:
    """Return every token's window side by side, shape (tokens, size * channels)."""
    wide = pad(own, (0, 0, left, size - 1 - left))
    return torch.cat([wide[slot : slot + len(own)] for slot in range(size)], dim=1)


def _laid_out(
    sentences: Sequence[Sequence[int]],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats]:
    """Return ids, the sentence of each place and 1 for tokens, 0 for places in a gap."""
    ids: list[int] = []
    sentence: list[int] = []
    inside: list[float] = []
    for number, tokens in enumerate(sentences):
        ids += [*tokens, *[0] * GAP]
        sentence += [number] * (len(tokens) + GAP)
        inside += [1.0] * len(tokens) + [0.0] * GAP
    return np.array(ids, np.int64), np.array(sentence, np.int64), np.array(inside, np.float32)
