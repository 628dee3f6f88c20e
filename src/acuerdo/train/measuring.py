"""What a network is worth on people it did not learn from, while it trains."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from acuerdo.domain.sheets import Positions, Values
from acuerdo.train.examples import Examples
from acuerdo.train.learner import people_in, targets_of
from acuerdo.train.placing import Place


def measured(
    learner: Any, examples: Examples, rows: Positions, place: Place, size: int
) -> tuple[float, float, Values]:
    """Return loss per person, pairwise accuracy and latents (rows,) of `rows`, sorted by unit.

    Read as in prediction: no dropout, length neutralised. Units stay in one batch, as pairs and
    rankings need, so a batch can be longer than `size`.
    """
    edges = np.flatnonzero(np.diff(examples.unit[rows])) + 1
    batches: list[Positions] = []
    for unit in np.split(np.arange(len(rows)), edges):
        if batches and len(batches[-1]) + len(unit) <= size:
            batches[-1] = np.concatenate([batches[-1], unit])
        else:
            batches.append(unit)
    latent = np.empty(len(rows))
    total = 0.0
    learner.eval()
    with torch.no_grad(), place.autocast():
        for batch in batches:
            some = rows[batch]
            loss, found = learner(
                place.batch(examples, some), targets_of(examples, some).to(place.device)
            )
            total += float(loss)
            latent[batch] = found.float().cpu().numpy()
    learner.train()
    people = people_in(examples, [rows[batch] for batch in batches])
    return total / people, pairwise(examples, rows, latent), latent


def pairwise(examples: Examples, rows: Positions, latent: Values) -> float:
    """Return the share of a unit's differently rated pairs that latents order right, ties half,
    averaged over units by weight; nan if no unit has such a pair."""
    edges = np.flatnonzero(np.diff(examples.unit[rows])) + 1
    found, weights = [], []
    for own in np.split(np.arange(len(rows)), edges):
        value, score = examples.agreement[rows[own]], latent[own]
        better, worse = np.nonzero(value[:, None] > value[None, :])
        if len(better):
            right = np.sign(score[better] - score[worse])
            found.append(float((right + 1).mean() / 2))
            weights.append(float(examples.unit_weight[examples.unit[rows[own[0]]]]))
    return float(np.average(found, weights=weights)) if found else float("nan")
