"""Fitting the map from a latent to ratings on 1-7, and how far to trust it."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from acuerdo.domain.calibration import Calibration
from acuerdo.domain.errors import InputError, ModelError
from acuerdo.domain.sheets import Positions, Values

STEPS: Final = 7
PRIOR: Final = 20.0
"""Ratings' worth of belief that neighbouring steps are equally far apart: votes do not tell where
within "agree" a person stands."""
ITERATIONS: Final = 200


def allowed_steps(agreement: Values, vote: npt.NDArray[np.bool_]) -> Values:
    """Return which ratings 1-7 each judgement allows, shape (rows, 7).

    A vote allows all of its side: "agree" 5 to 7, "pass" 4, "disagree" 1 to 3. A rating between two
    steps is split between them; `vote` says which rows are votes.
    """
    low = np.clip(np.floor(agreement), 1, STEPS - 1).astype(int) - 1
    allowed = np.zeros((len(agreement), STEPS))
    rows = np.arange(len(agreement))
    allowed[rows, low] = 1 - (agreement - 1 - low)
    allowed[rows, low + 1] = agreement - 1 - low
    side = np.sign(agreement - 4)[:, None] == np.sign(np.arange(1, STEPS + 1) - 4)[None, :]
    return np.where(vote[:, None], side, allowed)


def fitted_calibration(
    latent: Values,
    *,
    agreement: Values,
    vote: npt.NDArray[np.bool_],
    weight: Values,
    question: Positions,
    coverage: float = 0.8,
) -> Calibration:
    """Fit slope and thresholds by likelihood, then the conformal radius. All shapes (rows,).

    `weight` is how much a row counts, `question` numbers the whole questions. Raises InputError
    without rows, ModelError if latents are not numbers.
    """
    if not len(latent):
        raise InputError("there are no ratings to calibrate on")
    if not np.isfinite(latent).all():
        raise ModelError("the network's scores are not numbers", fix="Lower learning_rate.")
    spread = float(latent.std()) or 1.0
    scores = torch.from_numpy((latent - latent.mean()) / spread)
    allowed = torch.from_numpy(allowed_steps(agreement, vote))
    share = torch.from_numpy(weight / weight.sum())
    # log slope, first threshold, log gaps
    parameters = torch.tensor([0.0, -2.5, *[0.0] * (STEPS - 2)], dtype=torch.float64)
    parameters.requires_grad_()
    optimiser = torch.optim.LBFGS(
        [parameters], max_iter=ITERATIONS, line_search_fn="strong_wolfe", tolerance_grad=1e-10
    )
    intervals = torch.from_numpy(vote)

    def closure() -> Tensor:
        optimiser.zero_grad()
        logs = _step_logs(scores, parameters)
        side = torch.logsumexp(torch.where(allowed > 0, logs, -torch.inf), dim=1)
        graded = (allowed * logs).sum(dim=1)
        gaps = parameters[2:]
        prior = ((gaps - gaps.mean()) ** 2).sum() + 0.1 * (parameters[0] ** 2 + gaps.mean() ** 2)
        loss = -(share * torch.where(intervals, side, graded)).sum() + PRIOR / len(latent) * prior
        loss.backward()
        return loss

    optimiser.step(closure)
    slope = float(torch.exp(parameters[0].detach())) / spread
    cuts = _thresholds(parameters.detach()).numpy() + slope * float(latent.mean())
    plain = Calibration(slope, tuple(float(cut) for cut in cuts), coverage=coverage)
    expected, spreads = plain.expected_and_spread(latent)
    radius = conformal_radius(np.abs(agreement - expected) / spreads, question, coverage)
    return Calibration(plain.slope, plain.thresholds, radius, coverage)


def conformal_radius(scores: Values, question: Positions, coverage: float) -> float:
    """Return the radius within which a share `coverage` of scores of an unseen question lies.

    Split conformal prediction with the question as the unit that is exchangeable (Dunn, Wasserman
    and Ramdas 2023): of n questions each weighs 1 / (n + 1), spread over its scores, and the unseen
    one weighs as much at infinity. Infinite where n is too small for the promise.
    """
    _, place, count = np.unique(question, return_inverse=True, return_counts=True)
    order = np.argsort(scores)
    mass = np.cumsum((1 / count / (len(count) + 1))[place][order])
    reached = np.flatnonzero(mass >= coverage - 1e-12)
    return float(scores[order[reached[0]]]) if len(reached) else float("inf")


def _thresholds(parameters: Tensor) -> Tensor:
    return torch.cumsum(torch.cat([parameters[1:2], torch.exp(parameters[2:])]), dim=0)


def _step_logs(scores: Tensor, parameters: Tensor) -> Tensor:
    at_most = _thresholds(parameters)[None, :] - torch.exp(parameters[0]) * scores[:, None]
    first = torch.nn.functional.logsigmoid(at_most[:, :1])
    last = torch.nn.functional.logsigmoid(-at_most[:, -1:])
    upper, lower = at_most[:, 1:], at_most[:, :-1]
    middle = (
        torch.nn.functional.logsigmoid(upper)
        + torch.nn.functional.logsigmoid(-lower)
        + torch.log(-torch.expm1(lower - upper))
    )
    return torch.cat([first, middle, last], dim=1)
