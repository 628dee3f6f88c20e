"""A tiny random Llama that chats, and a little invented material, on disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

from acuerdo.train.drafting import DrafterRun
from tests.train import tiny

SAID = """We think that parks should stay open at night because people work late but some want quiet
and fear noise so gates could close earlier in winter than summer if lamps are kept on"""
WORDS = SAID.split()
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<unk>")


def llama(folder: Path, width: int = 32) -> Path:
    """Write a Llama of 2 layers whose words are those of the material."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        config = tiny.llama_config(
            vocab_size=128,
            hidden_size=width,
            max_position_embeddings=512,
            tie_word_embeddings=True,
            bos_token_id=1,
            eos_token_id=2,
        )
        LlamaForCausalLM(config).save_pretrained(folder)
    vocabulary = {word: k for k, word in enumerate([*SPECIAL, *dict.fromkeys(WORDS), ":", "."])}
    made = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(
        tokenizer_object=made,
        pad_token="<|endoftext|>",
        bos_token="<|im_start|>",
        eos_token="<|im_end|>",
        unk_token="<unk>",
    ).save_pretrained(folder)
    return folder


def bare_llama(attention: str) -> LlamaForCausalLM:
    """Return an untrained Llama of 2 layers that attends in this way, always the same."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return LlamaForCausalLM(tiny.llama_config(attn_implementation=attention))


def groups(path: Path, count: int = 12) -> Path:
    """Write groups with three opinions and a statement each; every third is held out."""
    lines = []
    for number in range(count):
        turned = [*WORDS[number:], *WORDS[:number]]
        third = len(turned) // 3
        lines.append(
            {
                "id": f"g{number}",
                "source": "invented",
                "question": f"Should park {number} of district {number * 7} stay open at night?",
                "opinions": [
                    " ".join(turned[place * third : place * third + 6]) + f" {number}."
                    for place in range(3)
                ],
                "statement": "We think that " + " ".join(turned[:8]) + f" {number}.",
                "split": "validation" if number % 3 == 2 else "train",
            }
        )
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def pairs(path: Path, count: int = 16) -> Path:
    """Write pairs of which the better statement is told by its words; every fourth is held out."""
    lines = []
    for number in range(count):
        word = WORDS[number]
        lines.append(
            {
                "prompt": [
                    {"role": "user", "content": f"Should parks stay {word} at night? {SAID}"}
                ],
                "chosen": "We think that parks should stay open" + " at night" * (number % 3),
                "rejected": "some fear noise",
                "split": "validation" if number % 4 == 3 else "train",
                "author": "invented",
                "reason": "stance",
            }
        )
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def run_of(shelf: Path, **changes: Any) -> DrafterRun:
    """Return a short run on the folder's model and material; `training` etc. may be overridden."""
    training = {
        "steps": 12,
        "learning_rate": 5e-3,
        "row_tokens": 256,
        "batch": 1,
        "accumulation": 2,
        "validate_every": 4,
        "checkpoint_every": 5,
        "precision": "fp32",
        "device": "cpu",
        "patience": 100,
        "checkpoint_minutes": 1000.0,
        **changes.pop("training", {}),
    }
    return DrafterRun.model_validate(
        {
            "name": "tiny",
            "kind": "drafter",
            "base": str(shelf / "llama"),
            "data": ({"reader": "statements", "path": str(shelf / "groups.jsonl")},),
            "lora": {"rank": 4, "alpha": 8.0},
            "samples": {"groups": 1, "tokens": 5},
            "training": training,
            **changes,
        }
    )
