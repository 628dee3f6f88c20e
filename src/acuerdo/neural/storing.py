"""A trained network as a folder: weights, tokenizer and the numbers needed to read with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from acuerdo.domain.errors import WeightsError
from acuerdo.neural.causal_scorer import CausalScorer
from acuerdo.neural.cross_encoder import POOLINGS, CrossEncoder, Pooling
from acuerdo.neural.networks import load_encoder, quietly
from acuerdo.neural.readers import PairReader, PromptReader
from acuerdo.neural.reward_models import load_reward_model, save_reward_model

MODEL: Final = "model"
HEAD: Final = "head.safetensors"


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A network, the reader that makes its rows, and the token that pads them."""

    scorer: CrossEncoder | CausalScorer
    reader: PairReader | PromptReader
    padding: int
    tokenizer: Any


def save_network(network: Network, folder: Path) -> tuple[str, ...]:
    """Write a network below `folder`; return its weights files relative to it."""
    target = folder / MODEL
    target.mkdir(parents=True, exist_ok=True)
    if isinstance(network.scorer, CausalScorer):
        save_reward_model(network.scorer, network.tokenizer, target)
    else:
        import transformers  # noqa: PLC0415 - slow to import

        with quietly(transformers):
            network.scorer.encoder.save_pretrained(target)
        network.tokenizer.save_pretrained(target)
        save_file(network.scorer.head.state_dict(), target / HEAD)
    return tuple(
        sorted(f"{MODEL}/{path.name}" for path in target.iterdir() if path.suffix == ".safetensors")
    )


def load_network(folder: Path, card: dict[str, Any]) -> Network:
    """Return the network of a run folder, ready to predict.

    Raises WeightsError if the card or the weights do not describe one.
    """
    kind, inputs = card.get("kind"), card.get("inputs", {})
    try:
        max_tokens = int(inputs["max_tokens"])
        if kind == "causal":
            scorer, tokenizer = load_reward_model(folder / MODEL)
            return Network(scorer, PromptReader(tokenizer, max_tokens), scorer.padding, tokenizer)
        if kind == "cross_encoder" and inputs["pooling"] in POOLINGS:
            return _cross_encoder(folder / MODEL, max_tokens, cast(Pooling, inputs["pooling"]))
    except (KeyError, TypeError, ValueError) as error:
        raise WeightsError(f"the card is incomplete: {error!r}", where=str(folder)) from error
    raise WeightsError(f"not a text network: kind is {kind!r}", where=str(folder))


def _cross_encoder(folder: Path, max_tokens: int, pooling: Pooling) -> Network:
    encoder, tokenizer = load_encoder(folder)
    scorer = CrossEncoder(encoder, pooling=pooling)
    try:
        scorer.head.load_state_dict(load_file(folder / HEAD))
    except (OSError, RuntimeError, SafetensorError) as error:
        raise WeightsError(f"no usable head: {error}", where=str(folder / HEAD)) from error
    reader = PairReader(tokenizer, max_tokens)
    return Network(scorer.eval(), reader, tokenizer.pad_token_id or 0, tokenizer)
