"""Logits only where something is learned.

TRL's fused head does so where Triton runs; elsewhere it scores every position, and with 49,000
tokens in the vocabulary that is a quarter of a step on a processor. This one takes its place there:
it scores the learned positions, filled up to a multiple so that shapes repeat.
"""

from __future__ import annotations

import functools
import types
from typing import Any, Final

import torch
from torch import Tensor

from acuerdo.train.drafting.rows import IGNORED

MULTIPLE: Final = 256
SCALED: Final = (
    "final_logit_softcapping",
    "logit_scale",
    "output_multiplier",
    "lm_head_multiplier",
    "logits_scaling",
)
"""Settings of models whose logits are more than the head's product; they keep TRL's head."""


def can_be_compact(model: Any) -> bool:
    """Say whether a causal model's logits are the plain product of its states and its head."""
    config = model.config.get_text_config()
    mixture = bool(getattr(config, "output_router_logits", False))
    return not mixture and all(getattr(config, name, None) is None for name in SCALED)


def add_compact_head(model: Any) -> None:
    """Let `model(..., labels=labels, fused_lm_head=True)` score learned positions only.

    The contract is that of `trl.trainer.utils.add_fused_lm_head`, whose output it gives; entropy
    and mean logits are not reckoned and 0. Raises ValueError for a model that scales its logits.
    """
    if not can_be_compact(model):
        raise ValueError("the logits of this model are scaled")
    from trl.trainer.utils import FusedCausalLMOutput  # noqa: PLC0415 - slow to import

    original = model.forward

    @functools.wraps(type(model).forward)
    def forward(
        self: Any, *args: Any, fused_lm_head: bool = False, labels: Any = None, **kwargs: Any
    ) -> Any:
        if not fused_lm_head:
            given = {} if labels is None else {"labels": labels}
            return original(*args, **given, **kwargs)
        items = kwargs.pop("num_items_in_batch", None)
        kwargs["use_cache"] = False
        states = self.base_model(*args, **kwargs).last_hidden_state[:, :-1]
        targets = labels[:, 1:]
        mask = targets != IGNORED
        log_probs, right = scored(states[mask], self.get_output_embeddings(), targets[mask])
        log_probs = log_probs.new_zeros(mask.shape).masked_scatter(mask, log_probs)
        count = mask.sum().clamp(min=1) if items is None else items
        return FusedCausalLMOutput(
            loss=-log_probs.sum() / count,
            log_probs=log_probs,
            entropy=torch.zeros_like(log_probs),
            mean_logits=torch.zeros_like(log_probs),
            is_top1=torch.zeros_like(mask).masked_scatter(mask, right),
            label_mask=mask,
        )

    model.forward = types.MethodType(forward, model)


def scored(states: Tensor, head: Any, targets: Tensor) -> tuple[Tensor, Tensor]:
    """Return the log-probability of each target and whether it is the likeliest, (targets,).

    `states` are (targets, width); they are filled up with zeros to a multiple of 256.
    """
    count = len(states)
    filler = states.new_zeros(-count % MULTIPLE, states.shape[1])
    logits = head(torch.cat([states, filler]))[:count].float()
    losses = torch.nn.functional.cross_entropy(logits, targets, reduction="none")
    with torch.no_grad():
        right = logits.argmax(dim=1) == targets
    return -losses, right
