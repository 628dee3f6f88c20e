"""A tiny random encoder and a tiny random causal model on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertModel, LlamaConfig, LlamaModel, PreTrainedTokenizerFast

from tests.train.invented import WORDS


def tokenizer(folder: Path) -> None:
    """Write a word-level tokenizer with BERT's special tokens."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    vocabulary = {word: k for k, word in enumerate([*special, *dict.fromkeys(WORDS), ":", "a"])}
    made = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    PreTrainedTokenizerFast(
        tokenizer_object=made,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
    ).save_pretrained(folder)


def encoder(folder: Path, dropout: float = 0.1) -> Path:
    """Write a BERT of 2 layers, 32 wide."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        config = BertConfig(
            vocab_size=64,
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=4,
            intermediate_size=64,
            max_position_embeddings=128,
            hidden_dropout_prob=dropout,
            attention_probs_dropout_prob=dropout,
        )
        BertModel(config).save_pretrained(folder)
    tokenizer(folder)
    return folder


def llama_config(**changes: Any) -> LlamaConfig:
    """Return the measures of a Llama of 2 layers, 32 wide unless changed."""
    measures = {
        "vocab_size": 64,
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "intermediate_size": 64,
        "max_position_embeddings": 256,
        "pad_token_id": 0,
    }
    return LlamaConfig(**(measures | changes))


def causal(folder: Path) -> Path:
    """Write a Llama of 2 layers, 32 wide."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        LlamaModel(llama_config()).save_pretrained(folder)
    tokenizer(folder)
    return folder
