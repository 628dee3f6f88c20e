"""The network that a run file describes, ready to be trained."""

from __future__ import annotations

import torch

from acuerdo.domain.errors import SettingsError
from acuerdo.neural import (
    CausalScorer,
    CrossEncoder,
    Network,
    PairReader,
    PromptReader,
    load_backbone,
    load_encoder,
    local_base,
    with_lora,
)
from acuerdo.train.runs import Run


def network_for(run: Run) -> Network:
    """Return the network, its reader and padding.

    Raises SettingsError if rows are longer than the base model can read; WeightsError if it cannot
    be loaded.
    """
    base = local_base(run.base)
    torch.manual_seed(run.training.seed)
    max_tokens = run.training.max_tokens
    if run.kind == "causal":
        backbone, tokenizer = load_backbone(base)
        lora = run.lora
        backbone = with_lora(
            backbone,
            rank=lora.rank,
            alpha=lora.alpha,
            dropout=lora.dropout,
            targets=lora.targets,
        )
        if tokenizer.pad_token_id is None:
            tokenizer.pad_token = tokenizer.eos_token
        scorer = CausalScorer(backbone, padding=tokenizer.pad_token_id)
        network = Network(scorer, PromptReader(tokenizer, max_tokens), scorer.padding, tokenizer)
    else:
        encoder, tokenizer = load_encoder(base)
        encoder_scorer = CrossEncoder(
            encoder, pooling=run.training.pooling, dropout=run.training.dropout
        )
        network = Network(
            encoder_scorer,
            PairReader(tokenizer, max_tokens),
            tokenizer.pad_token_id or 0,
            tokenizer,
        )
    if max_tokens > network.scorer.max_tokens:
        raise SettingsError(
            f"max_tokens is {max_tokens}, but {run.base} reads {network.scorer.max_tokens}",
            fix="Lower max_tokens in [training].",
        )
    return network
