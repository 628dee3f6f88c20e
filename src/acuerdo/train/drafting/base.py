"""The model that is tuned: where it is, how it is loaded, on what it computes."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch

from acuerdo.domain.errors import WeightsError
from acuerdo.llm import WEIGHTS
from acuerdo.neural import load_causal, local_base, with_lora
from acuerdo.settings import read_settings
from acuerdo.train.drafting.runs import DEFAULT_BASE, AdapterTable, DrafterRun
from acuerdo.train.drafting.segments import SEGMENTS, register_segments
from acuerdo.train.placing import precision_on
from acuerdo.train.runs import Training

SHIPPED = "smollm2-135m-instruct"
FLASH = "flash_attention_2"


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """A base model's file or folder, and what is said about it on the card."""

    path: Path
    name: str
    licence: str
    source: str


@dataclass(frozen=True, slots=True)
class Machine:
    """Where it is trained: kind of device, precision, and how attention is computed."""

    device: Literal["cpu", "cuda", "mps"]
    precision: Literal["fp32", "bf16"]
    attention: str

    @property
    def dtype(self) -> torch.dtype:
        return torch.bfloat16 if self.precision == "bf16" else torch.float32


def base_of(run: DrafterRun) -> Base:
    """Return the base of a run; raises WeightsError if it is not on this machine."""
    if run.base != DEFAULT_BASE:
        path = local_base(run.base)
        return Base(path, path.name, "", "")
    weights = WEIGHTS[SHIPPED]
    path = weights.packed_path_in(read_settings().weights_dir)
    if not path.is_file():
        raise WeightsError(
            "the default weights are not on this machine as they were packed",
            where=str(path),
            fix="Run: acuerdo models remove, then acuerdo models fetch",
        )
    return Base(path, weights.name, weights.licence, weights.source)


def machine_for(run: DrafterRun) -> Machine:
    """Return where and how to train, as the run file and the hardware say."""
    training = run.training
    cuda = training.device == "auto" and torch.cuda.is_available()
    device = torch.device("cuda" if cuda else "cpu")
    precision = precision_on(device, Training(precision=training.precision))
    attention: str = training.attention
    if attention == "auto":
        installed = importlib.util.find_spec("flash_attn") is not None
        on_gpu = FLASH if installed and precision == "bf16" else "sdpa"
        attention = on_gpu if cuda else "segments"
    return Machine(
        "cuda" if cuda else "cpu", precision, SEGMENTS if attention == "segments" else attention
    )


def load_base(run: DrafterRun, base: Base, machine: Machine) -> tuple[Any, Any]:
    """Return model and tokenizer; errors as in `load_causal`.

    What is frozen is kept in the precision that is computed in, what is trained in full.
    """
    register_segments()
    frozen = run.lora != "none"
    dtype = machine.dtype if frozen else torch.float32
    model, tokenizer = load_causal(base.path, dtype, machine.attention)
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    return model, tokenizer


def causal_of(model: Any) -> Any:
    """Return the causal model itself, with or without an adapter around it."""
    from peft import PeftModel  # noqa: PLC0415 - slow to import

    return model.get_base_model() if isinstance(model, PeftModel) else model


def tunable(model: Any, lora: AdapterTable | Literal["none"]) -> Any:
    """Return the model with a fresh adapter beside its layers, or as it is."""
    if lora == "none":
        return model.requires_grad_(True)
    return with_lora(
        model, rank=lora.rank, alpha=lora.alpha, dropout=lora.dropout, targets=lora.targets
    )
