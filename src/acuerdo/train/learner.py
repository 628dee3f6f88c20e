"""A network while it learns: its latents, every source's thresholds, and what they are worth."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from acuerdo.domain.sheets import Positions
from acuerdo.neural import (
    Batch,
    SourceThresholds,
    binary_loss,
    lists_loss,
    ordinal_loss,
    pairs_loss,
)
from acuerdo.train.examples import Examples
from acuerdo.train.runs import OBJECTIVES, Objectives

ORDINAL, BINARY, PAIRS, LISTS = range(len(OBJECTIVES))
SAME: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """What a batch should come to. Rows are positions in the batch; weights add up over people.

    `pairs` (2, pairs) holds better and worse rows; `choice`, `member` and `among` are rankings as
    in `lists_loss`.
    """

    source: Tensor
    shares: Tensor
    graded: Tensor
    vote: Tensor
    voted: Tensor
    pairs: Tensor
    pair_weight: Tensor
    choice: Tensor
    choice_weight: Tensor
    member: Tensor
    among: Tensor

    def to(self, device: torch.device) -> Targets:
        """Return the targets on a device."""
        return Targets(*(getattr(self, part.name).to(device) for part in fields(self)))


class Learner(nn.Module):
    """Adds up the objectives' losses of a batch; a weighted sum, to be divided by the people."""

    def __init__(self, scorer: Any, thresholds: SourceThresholds, objectives: Objectives) -> None:
        super().__init__()
        self.scorer = scorer
        self.thresholds = thresholds
        self.objectives = objectives

    def forward(self, batch: Batch, targets: Targets) -> tuple[Tensor, Tensor]:
        """Return the loss () and the latents (rows,)."""
        latent: Tensor = self.scorer(batch)
        cuts, steps, bias = self.thresholds(targets.source)
        counts = self.objectives
        # Every parameter takes part in every step, at weight 0 if need be: processes that train
        # together wait for each other's gradients.
        total = 0.0 * (latent.sum() + cuts.sum() + bias.sum())
        if counts.ordinal:
            graded = ordinal_loss(latent, cuts, steps, targets.shares)
            total = total + counts.ordinal * (targets.graded * graded).sum()
        if counts.binary:
            voted = binary_loss(latent, bias, targets.vote)
            total = total + counts.binary * (targets.voted * voted).sum()
        if counts.pairs and targets.pairs.shape[1]:
            chosen = pairs_loss(latent, targets.pairs[0], targets.pairs[1])
            total = total + counts.pairs * (targets.pair_weight * chosen).sum()
        if counts.lists and len(targets.choice):
            ranked = lists_loss(latent, targets.choice, targets.member, targets.among)
            total = total + counts.lists * (targets.choice_weight * ranked).sum()
        return total, latent


def targets_of(examples: Examples, rows: Positions) -> Targets:
    """Return the targets of some rows; each unit's weight is spread over its rows, its pairs and
    the places of its ranking."""
    unit = examples.unit[rows]
    _, place, count = np.unique(unit, return_inverse=True, return_counts=True)
    share = examples.unit_weight[unit] / count[place]
    teaches = examples.teaches[rows]
    vote = examples.vote[rows]
    pairs: list[npt.NDArray[np.int64]] = []
    pair_weights: list[float] = []
    choices: list[int] = []
    choice_weights: list[float] = []
    members: list[npt.NDArray[np.int64]] = []
    for which in range(len(count)):
        own = np.flatnonzero(place == which)
        value, weight = examples.agreement[rows[own]], examples.unit_weight[unit[own[0]]]
        better, worse = np.nonzero(value[:, None] > value[None, :] + SAME)
        if not len(better):
            continue
        if teaches[own[0], PAIRS]:
            pairs.append(np.stack([own[better], own[worse]]))
            pair_weights += [weight / len(better)] * len(better)
        if teaches[own[0], LISTS]:
            ahead = own[value > value.min() + SAME]
            choices += ahead.tolist()
            choice_weights += [weight / len(ahead)] * len(ahead)
            members += [own[value <= examples.agreement[rows[row]] + SAME] for row in ahead]
    sizes = [len(some) for some in members]
    return Targets(
        source=_long(examples.source[rows]),
        shares=torch.from_numpy(examples.shares[rows]),
        graded=_float(share * teaches[:, ORDINAL]),
        vote=_float(np.nan_to_num(vote)),
        voted=_float(share * teaches[:, BINARY]),
        pairs=_long(np.concatenate(pairs, axis=1) if pairs else np.zeros((2, 0))),
        pair_weight=_float(np.array(pair_weights)),
        choice=_long(np.array(choices)),
        choice_weight=_float(np.array(choice_weights)),
        member=_long(np.concatenate(members) if members else np.zeros(0)),
        among=_long(np.repeat(np.arange(len(sizes)), sizes)),
    )


def people_in(examples: Examples, batches: list[Positions]) -> float:
    """Return how much the people of some batches count together: what a loss is divided by."""
    return float(
        sum(examples.unit_weight[np.unique(examples.unit[rows])].sum() for rows in batches)
    )


def _long(values: npt.NDArray[np.generic]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(values, dtype=np.int64))


def _float(values: npt.NDArray[np.generic]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32))
