"""AdamW with two speeds, a cosine schedule, and its state as named tensors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import torch
from torch import Tensor

from acuerdo.domain.errors import WeightsError
from acuerdo.neural import put, whole
from acuerdo.train.runs import Training

HEADS: Final = ("scorer.head.", "thresholds.")
MOMENTS: Final = ("step", "exp_avg", "exp_avg_sq")


def optimiser_for(learner: torch.nn.Module, training: Training) -> torch.optim.AdamW:
    """Return AdamW over what is trainable: heads learn faster, biases and norms do not decay."""
    groups: dict[tuple[bool, bool], list[torch.nn.Parameter]] = {}
    for name, parameter in learner.named_parameters():
        if parameter.requires_grad:
            key = (name.startswith(HEADS), parameter.ndim > 1)
            groups.setdefault(key, []).append(parameter)
    return torch.optim.AdamW(
        [
            {
                "params": parameters,
                "lr": training.head_learning_rate if head else training.learning_rate,
                "base": training.head_learning_rate if head else training.learning_rate,
                "weight_decay": training.weight_decay if decays else 0.0,
            }
            for (head, decays), parameters in sorted(groups.items(), key=lambda item: item[0])
        ]
    )


def scheduled(step: int, total: int, warmup: float) -> float:
    """Return the factor on the learning rate at a step counted from 0: a linear start, then half a
    cosine down to 0.

    >>> [round(scheduled(step, 10, 0.2), 2) for step in (0, 1, 2, 6, 9)]
    [0.5, 1.0, 1.0, 0.5, 0.04]
    """
    first = math.ceil(total * warmup)
    if step < first:
        return (step + 1) / first
    return 0.5 * (1 + math.cos(math.pi * (step - first) / max(total - first, 1)))


def set_rate(optimiser: Any, factor: float) -> None:
    """Set every group to its own base rate times `factor`."""
    for group in optimiser.param_groups:
        group["lr"] = group["base"] * factor


def optimiser_tensors(learner: torch.nn.Module, optimiser: Any) -> dict[str, Tensor]:
    """Return the optimiser's state by parameter name."""
    return {
        f"{moment}:{name}": whole(torch.as_tensor(optimiser.state[parameter][moment]))
        for name, parameter in learner.named_parameters()
        if parameter in optimiser.state
        for moment in MOMENTS
    }


def set_optimiser_tensors(
    learner: torch.nn.Module, optimiser: Any, kept: Mapping[str, Tensor], where: str
) -> None:
    """Put back what `optimiser_tensors` returned; raises WeightsError if it does not fit."""
    for name, parameter in learner.named_parameters():
        found = {moment: kept.get(f"{moment}:{name}") for moment in MOMENTS}
        if not parameter.requires_grad or not kept:
            continue
        moments = {moment: tensor for moment, tensor in found.items() if tensor is not None}
        if len(moments) < len(MOMENTS) or moments["exp_avg"].shape != parameter.shape:
            raise WeightsError(
                f"the optimiser's state does not fit: {name}",
                where=where,
                fix="Start again with --fresh.",
            )
        optimiser.state[parameter] = {
            moment: tensor.clone() if moment == "step" else _like(parameter, tensor)
            for moment, tensor in moments.items()
        }


def _like(parameter: torch.nn.Parameter, kept: Tensor) -> Tensor:
    """Return a kept moment on the parameter's device, sharded as it is."""
    moment = torch.zeros_like(parameter).detach()
    put(moment, kept)
    return moment
