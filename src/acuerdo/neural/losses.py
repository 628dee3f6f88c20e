"""What a latent score is trained on: graded ratings, votes, pairs and lists.

All latents have shape (rows,), higher is more agreement, without unit or origin. Every loss is a
weighted sum, never a mean: the weights say how much a person counts, and whoever adds losses up
divides by the people, so that somebody with many ratings pulls no harder than somebody with few.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid, softplus

FAR: Final = 1e4
"""Stands for infinity on the latent scale: far enough that a logistic is 0 or 1 there."""


def step_logs(latent: Tensor, thresholds: Tensor, steps: Tensor) -> Tensor:
    """Return the log-probability of every step of a graded scale, shape (rows, most + 1).

    Cumulative link (McCullagh 1980): P(step <= k) = logistic(threshold k - latent). `thresholds`
    (rows, most), rising, of which a row with `steps` steps uses the first `steps - 1`; its further
    steps get a log-probability near -FAR.
    """
    rows, most = thresholds.shape
    place = torch.arange(most + 1, device=latent.device).expand(rows, most + 1)
    edge = torch.full((rows, 1), FAR, device=latent.device, dtype=thresholds.dtype)
    upper = torch.cat([thresholds, edge], dim=1)
    beyond = place >= (steps - 1).unsqueeze(1)
    upper = torch.where(beyond, FAR + place - (steps - 1).unsqueeze(1), upper)
    lower = torch.cat([-edge, upper[:, :-1]], dim=1)
    above, below = upper - latent.unsqueeze(1), lower - latent.unsqueeze(1)
    # log(logistic(a) - logistic(b)), a > b, without ever subtracting two numbers near 1.
    return logsigmoid(above) + logsigmoid(-below) + torch.log(-torch.expm1(below - above))


def ordinal_loss(latent: Tensor, thresholds: Tensor, steps: Tensor, target: Tensor) -> Tensor:
    """Return minus the log-likelihood of graded ratings, shape (rows,).

    `target` (rows, most + 1) is the share of each step: 1 at the rating, or split between two steps
    for a rating between them.
    """
    logs = step_logs(latent, thresholds, steps)
    return -torch.where(target > 0, target * logs, 0.0).sum(dim=1)


def binary_loss(latent: Tensor, bias: Tensor, target: Tensor) -> Tensor:
    """Return minus the log-likelihood of votes, shape (rows,); `target` is the share that agrees:
    1 agree, 0 disagree, 0.5 for a pass."""
    logit = latent - bias
    return softplus(logit) - target * logit


def pairs_loss(latent: Tensor, better: Tensor, worse: Tensor) -> Tensor:
    """Return minus the log-likelihood of choices, shape (pairs,); `better` and `worse` are rows.

    Bradley and Terry 1952: P(better is chosen) = logistic(difference).
    """
    return -logsigmoid(latent[better] - latent[worse])


def lists_loss(latent: Tensor, choice: Tensor, member: Tensor, among: Tensor) -> Tensor:
    """Return minus the log-likelihood of rankings, shape (choices,).

    Plackett-Luce: a ranking is a row of choices, each of one row among those not chosen yet.
    `choice` (choices,) is the row chosen; it was chosen among the rows `member[among == k]`, itself
    included. Rows that tie stand among each other (Breslow 1974).
    """
    chosen = latent[choice]
    stood = latent[member]
    # The largest is taken out per choice, so that exp never overflows.
    most = torch.full_like(chosen, -torch.inf).scatter_reduce(
        0, among, stood.detach(), reduce="amax"
    )
    total = torch.zeros_like(chosen).index_add(0, among, torch.exp(stood - most[among]))
    return torch.log(total) + most - chosen
