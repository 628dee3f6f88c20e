"""Reward models as TRL, OpenRLHF and vLLM load them: `...ForSequenceClassification`, one label."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import torch

from acuerdo.domain.errors import WeightsError
from acuerdo.neural.causal_scorer import CausalScorer
from acuerdo.neural.networks import load_classifier, quietly


def save_reward_model(scorer: CausalScorer, tokenizer: Any, folder: Path) -> None:
    """Write a causal scorer with LoRA merged in and its head under the name `score`.

    The latent is the one logit. Rows are those of `PromptReader`. The length term is left out: it
    is 0 at prediction. The scorer itself is not changed.
    """
    import transformers  # noqa: PLC0415 - slow to import

    backbone = scorer.backbone
    if hasattr(backbone, "merge_and_unload"):
        backbone = copy.deepcopy(backbone).merge_and_unload()
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    config = copy.deepcopy(backbone.config)
    config.num_labels = 1
    config.pad_token_id = tokenizer.pad_token_id
    model = transformers.AutoModelForSequenceClassification.from_config(config)
    model = model.to(next(backbone.parameters()).dtype)
    getattr(model, model.base_model_prefix).load_state_dict(backbone.state_dict())
    with torch.no_grad():
        model.score.weight.copy_(scorer.head.score.weight)
    with quietly(transformers):
        model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def load_reward_model(folder: Path, dtype: torch.dtype = torch.float32) -> tuple[CausalScorer, Any]:
    """Return a causal scorer and its tokenizer from a reward model's folder, ours or another's.

    Raises WeightsError if weights are missing (the head above all) or damaged.
    """
    model, tokenizer = load_classifier(folder, dtype)
    if not hasattr(model, "score"):
        raise WeightsError(
            "not a causal reward model: its head is not called `score`", where=str(folder)
        )
    scorer = CausalScorer(
        getattr(model, model.base_model_prefix), padding=tokenizer.pad_token_id or 0
    )
    with torch.no_grad():
        scorer.head.score.weight.copy_(model.score.weight)
    return scorer.eval(), tokenizer
