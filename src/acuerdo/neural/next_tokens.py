"""What a causal model in torch expects next, with and without a LoRA adapter of PEFT."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from acuerdo.domain.errors import WeightsError
from acuerdo.neural.networks import load_causal

Logs = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """Log-probabilities of every next token, shape (texts, vocabulary), and the texts' tokens."""

    tokens: tuple[tuple[int, ...], ...]
    bare: Logs
    adapted: Logs


def expected_next(base: Path, adapter: Path, texts: Sequence[str]) -> Expected:
    """Read texts with a base model and with an adapter on it, in 32 bits.

    `base` is a transformers folder or a GGUF file, `adapter` a PEFT folder. Control tokens in the
    texts are recognised, none are added. Raises WeightsError if one of both cannot be loaded.
    """
    model, tokenizer = load_causal(base)
    tokens = tuple(tuple(tokenizer(text, add_special_tokens=False).input_ids) for text in texts)
    bare = _logs(model, tokens)
    return Expected(tokens, bare, _logs(_with_adapter(model, adapter), tokens))


def _with_adapter(model: Any, adapter: Path) -> Any:
    from peft import PeftModel  # noqa: PLC0415 - slow to import

    try:
        return PeftModel.from_pretrained(model, str(adapter)).eval()
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise WeightsError(f"this adapter cannot be loaded: {error}", where=str(adapter)) from error


def _logs(model: Any, tokens: Sequence[Sequence[int]]) -> Logs:
    with torch.inference_mode():
        last = [model(torch.tensor([list(text)])).logits[0, -1].float() for text in tokens]
        logs: Logs = torch.log_softmax(torch.stack(last), dim=-1).numpy()
    return logs
