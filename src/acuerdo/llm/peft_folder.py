"""Reads a LoRA adapter as PEFT saves it: a folder of two files, `adapter_config.json` and
`adapter_model.safetensors`.

What it adds to a linear layer of weights W, shape (out, in), is scale * B @ A, with A of shape
(rank, in) and B of shape (out, rank) (Hu et al. 2021).
"""

from __future__ import annotations

import importlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.errors import SettingsError, WeightsError

Floats = npt.NDArray[np.float32]

CONFIG: Final = "adapter_config.json"
WEIGHTS_FILE: Final = "adapter_model.safetensors"

_TENSOR: Final = re.compile(r"base_model\.model\.(?P<layer>.+)\.lora_(?P<side>[AB])\.weight")
_CHANGES_BASE: Final = ("pissa", "olora", "loftq", "corda")
"""Ways to start LoRA that change the base's own weights: the adapter alone is not enough."""
_REFUSED: Final[Mapping[str, str]] = {
    "use_dora": "DoRA (weight-decomposed) layers",
    "modules_to_save": "whole layers beside the low-rank ones",
    "layer_replication": "replicated layers",
    "fan_in_fan_out": "layers stored transposed",
    "lora_bias": "biases",
    "alora_invocation_tokens": "activation by tokens",
}


@dataclass(frozen=True, slots=True, eq=False)
class LowRank:
    """What is added to the layer of that name: scale * b @ a, shapes (out, rank) and (rank, in)."""

    layer: str
    a: Floats
    b: Floats
    scale: float

    @property
    def rank(self) -> int:
        return int(self.a.shape[0])


def read_peft(folder: Path) -> tuple[LowRank, ...]:
    """Return every layer an adapter changes, in the order of their names.

    Raises WeightsError if a file is missing or damaged, if a value is not finite, or if the
    adapter does more than add low-rank products to linear layers, SettingsError if the package
    safetensors is missing.
    """
    config = _config(folder / CONFIG)
    sides: dict[str, dict[str, Floats]] = {}
    for name, values in _tensors(folder / WEIGHTS_FILE).items():
        found = _TENSOR.fullmatch(name)
        if found is None or values.ndim != 2:
            raise _refused(folder / WEIGHTS_FILE, f"{name}, shape {values.shape}")
        sides.setdefault(found["layer"], {})[found["side"]] = values
    if not sides:
        raise WeightsError("this adapter is empty", where=str(folder / WEIGHTS_FILE))
    return tuple(
        _low_rank(layer, both, config, folder / WEIGHTS_FILE)
        for layer, both in sorted(sides.items())
    )


def _config(path: Path) -> Mapping[str, Any]:
    try:
        config = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise WeightsError(
            f"this folder holds no LoRA adapter: {CONFIG} is missing",
            where=str(path.parent),
            fix="Give the folder that `acuerdo train drafter` or PEFT's save_pretrained wrote.",
        ) from None
    except (OSError, ValueError) as error:
        raise WeightsError(f"cannot be read: {error}", where=str(path)) from error
    if not isinstance(config, dict) or config.get("peft_type") != "LORA":
        raise _refused(path, "another method than LoRA")
    for key, what in _REFUSED.items():
        if config.get(key):
            raise _refused(path, what)
    if config.get("bias", "none") != "none":
        raise _refused(path, "biases")
    start = str(config.get("init_lora_weights", ""))
    if start.startswith(_CHANGES_BASE):
        raise _refused(path, f"a start by {start}, which changes the base model")
    return config


def _tensors(path: Path) -> dict[str, Floats]:
    try:
        safetensors = importlib.import_module("safetensors")
    except ImportError as error:
        raise SettingsError(
            "reading an adapter's weights needs the package safetensors",
            where=str(path),
            fix="Run: pip install 'acuerdo[train]'",
        ) from error
    try:
        listed: Sequence[tuple[str, Mapping[str, Any]]] = safetensors.deserialize(path.read_bytes())
    except FileNotFoundError:
        raise WeightsError("there is no such file", where=str(path)) from None
    except (OSError, safetensors.SafetensorError) as error:
        raise WeightsError(
            f"truncated or damaged: {error}", where=str(path), fix="Save the adapter again."
        ) from error
    return {name: _values(path, name, tensor) for name, tensor in listed}


def _values(path: Path, name: str, tensor: Mapping[str, Any]) -> Floats:
    data, shape = bytes(tensor["data"]), tuple(tensor["shape"])
    if tensor["dtype"] == "BF16":
        # The upper half of a 32-bit float; numpy has no such type.
        values = (np.frombuffer(data, "<u2").astype(np.uint32) << 16).view(np.float32)
    elif tensor["dtype"] in ("F32", "F16"):
        kind = "<f4" if tensor["dtype"] == "F32" else "<f2"
        values = np.frombuffer(data, kind).astype(np.float32)
    else:
        raise _refused(path, f"{name} of type {tensor['dtype']}")
    if not np.isfinite(values).all():
        raise WeightsError(
            f"{name} holds values that are not finite",
            where=str(path),
            fix="Training went astray: train again at a lower learning rate.",
        )
    return values.reshape(shape)


def _low_rank(
    layer: str, sides: Mapping[str, Floats], config: Mapping[str, Any], path: Path
) -> LowRank:
    if set(sides) != {"A", "B"} or sides["A"].shape[0] != sides["B"].shape[1]:
        raise WeightsError(f"{layer} lacks one of its two matrices", where=str(path))
    rank = sides["A"].shape[0]
    try:
        alpha = float(_of_layer(config.get("alpha_pattern"), layer, config["lora_alpha"]))
        if not 0 < alpha < math.inf:
            raise ValueError(alpha)
    except (KeyError, TypeError, ValueError) as error:
        raise WeightsError(f"lora_alpha is missing or odd: {error!r}", where=str(path)) from error
    scale = alpha / (math.sqrt(rank) if config.get("use_rslora") else rank)
    return LowRank(layer, sides["A"], sides["B"], scale)


def _of_layer(patterns: Mapping[str, float] | None, layer: str, otherwise: float) -> float:
    """Return the value of the first pattern that a layer's name ends with, as PEFT does."""
    for pattern, value in (patterns or {}).items():
        if re.fullmatch(rf"(.*\.)?({pattern})", layer):
            return value
    return otherwise


def _refused(path: Path, what: str) -> WeightsError:
    return WeightsError(
        f"this adapter cannot be a GGUF adapter: it has {what}",
        where=str(path),
        fix="Only LoRA on linear layers can be converted. Merge any other into its base.",
    )
