"""Trained networks in torch: the only room besides `train` that imports it."""

from acuerdo.neural.cards import CARD, file_hash, read_card, write_card
from acuerdo.neural.causal_scorer import CausalScorer
from acuerdo.neural.checkpoints import (
    Checkpoint,
    kept_weights,
    load_checkpoint,
    load_newest_whole,
    load_weights,
    put,
    save_checkpoint,
    whole,
)
from acuerdo.neural.collation import Batch, collated
from acuerdo.neural.cross_encoder import CrossEncoder
from acuerdo.neural.losses import binary_loss, lists_loss, ordinal_loss, pairs_loss, step_logs
from acuerdo.neural.networks import (
    load_backbone,
    load_causal,
    load_encoder,
    local_base,
    quietly,
    with_lora,
)
from acuerdo.neural.next_tokens import Expected, expected_next
from acuerdo.neural.readers import PairReader, PromptReader, Reader, Row, Tokens, asked
from acuerdo.neural.reward_models import load_reward_model, save_reward_model
from acuerdo.neural.scorer import NeuralScorer
from acuerdo.neural.sentence_network import TorchSentenceNetwork
from acuerdo.neural.storing import Network, load_network, save_network
from acuerdo.neural.thresholds import SourceThresholds

__all__ = [
    "CARD",
    "Batch",
    "CausalScorer",
    "Checkpoint",
    "CrossEncoder",
    "Expected",
    "Network",
    "NeuralScorer",
    "PairReader",
    "PromptReader",
    "Reader",
    "Row",
    "SourceThresholds",
    "Tokens",
    "TorchSentenceNetwork",
    "asked",
    "binary_loss",
    "collated",
    "expected_next",
    "file_hash",
    "kept_weights",
    "lists_loss",
    "load_backbone",
    "load_causal",
    "load_checkpoint",
    "load_encoder",
    "load_network",
    "load_newest_whole",
    "load_reward_model",
    "load_weights",
    "local_base",
    "ordinal_loss",
    "pairs_loss",
    "put",
    "quietly",
    "read_card",
    "save_checkpoint",
    "save_network",
    "save_reward_model",
    "step_logs",
    "whole",
    "with_lora",
    "write_card",
]
