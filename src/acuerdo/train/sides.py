"""First lesson of the sentence model: which arguments stand on the same side of a thesis.

The encoder and a map from text and thesis to a stance are trained together. A step draws theses
and, from each, texts of both sides; every pair of them is an example: same side or not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, normalize

from acuerdo.domain.sheets import Positions
from acuerdo.neural import TorchSentenceNetwork
from acuerdo.train.stance import Side

STANCE_DIMENSIONS: Final = 128
OWN: Final = 20.0
WITH_THESIS: Final = 200.0
"""Entries of a unit vector of 512 dimensions are near 1/20, products of two near 1/400: these bring
both to about 1 and 0.5."""
LEAST_TEXTS: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Thesis:
    """One thesis with texts for and against it: positions in a list of texts, and +1 or -1."""

    thesis: int
    texts: Positions
    sides: npt.NDArray[np.int64]


class StanceNetwork(nn.Module):
    """Encoder and stance map. `forward` returns, for pairs of texts, the logit of one side."""

    def __init__(self, encoder: TorchSentenceNetwork, dimensions: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.stance = nn.Linear(2 * dimensions, STANCE_DIMENSIONS)
        self.sharpness = nn.Parameter(torch.tensor(5.0))
        self.bias = nn.Parameter(torch.tensor(0.0))

    def stances(self, thesis: Tensor, texts: Tensor) -> Tensor:
        """Return stances as unit vectors, (texts, STANCE_DIMENSIONS); both arguments per text."""
        both = torch.cat([texts * OWN, texts * thesis * WITH_THESIS], dim=1)
        return normalize(self.stance(both), dim=1)

    def stance_map(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Return weights (2 * dimensions, STANCE_DIMENSIONS) and bias for unscaled inputs."""
        weights = self.stance.weight.detach().T.numpy().copy()
        half = len(weights) // 2
        weights[:half] *= OWN
        weights[half:] *= WITH_THESIS
        return weights, self.stance.bias.detach().numpy().copy()

    def forward(self, tokens: Sequence[Sequence[int]], thesis: Tensor, texts: Tensor) -> Tensor:
        """Return logits (texts, texts). `thesis`, `texts` (texts,) are positions in `tokens`."""
        vectors = self.encoder(tokens)
        found = self.stances(vectors[thesis], vectors[texts])
        return found @ found.T * self.sharpness + self.bias


def theses_of(sides: Sequence[Side], places: Mapping[str, int]) -> list[Thesis]:
    """Group texts by thesis; theses with fewer than LEAST_TEXTS texts are left out.

    `places` says where each text and thesis stands in the list of texts.
    """
    found: dict[str, list[Side]] = {}
    for side in sides:
        found.setdefault(side.thesis, []).append(side)
    return [
        Thesis(
            places[thesis],
            np.array([places[side.text] for side in own]),
            np.array([1 if side.supports else -1 for side in own]),
        )
        for thesis, own in found.items()
        if len(own) >= LEAST_TEXTS
    ]


@dataclass(frozen=True, slots=True)
class Draw:
    """How many theses of each source a step draws, and how many texts of each."""

    theses: tuple[int, ...]
    texts: int


def draw_batch(
    sources: Sequence[Sequence[Thesis]], draw: Draw, seed: int, step: int
) -> tuple[list[Thesis], list[Positions]]:
    """Return the theses of a step and which of their texts: a function of seed and step alone."""
    random = np.random.default_rng([seed, step])
    chosen: list[Thesis] = []
    texts: list[Positions] = []
    for theses, count in zip(sources, draw.theses, strict=True):
        for place in random.integers(len(theses), size=count).tolist():
            thesis = theses[place]
            size = len(thesis.texts)
            chosen.append(thesis)
            texts.append(random.choice(size, draw.texts, replace=size < draw.texts))
    return chosen, texts


def batch_loss(
    network: Any,
    tokens: Sequence[Sequence[int]],
    batch: tuple[list[Thesis], list[Positions]],
) -> Tensor:
    """Return the mean loss over all pairs of different texts on one thesis."""
    ids: dict[int, int] = {}
    thesis: list[int] = []
    texts: list[int] = []
    sides: list[int] = []
    group: list[int] = []
    for number, (drawn, places) in enumerate(zip(*batch, strict=True)):
        for place in places.tolist():
            thesis.append(ids.setdefault(drawn.thesis, len(ids)))
            texts.append(ids.setdefault(int(drawn.texts[place]), len(ids)))
            sides.append(int(drawn.sides[place]))
            group.append(number)
    logits = network([tokens[one] for one in ids], torch.tensor(thesis), torch.tensor(texts))
    own, side, same = np.array(texts), np.array(sides), np.array(group)
    pairs = (same[:, None] == same[None, :]) & (own[:, None] != own[None, :])
    together = side[:, None] == side[None, :]
    mask = torch.from_numpy(pairs)
    wanted = torch.from_numpy(together.astype(np.float32))
    return binary_cross_entropy_with_logits(logits[mask], wanted[mask])
