"""Writes a LoRA adapter of PEFT as the GGUF file that the embedded engine loads on its base.

Names and layout follow llama.cpp. One thing is not obvious: where a layer of the llama family
rotates its queries and keys, transformers pairs value i of a head with value i + half, llama.cpp
pairs neighbours. Its converter therefore reorders the rows of both projections, and the rows of B
beside them must be reordered in the same way.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from acuerdo.domain.errors import SettingsError, WeightsError
from acuerdo.files import beside
from acuerdo.llm.adapters import (
    BASE_NAME,
    DIGEST,
    NORMS,
    SIDE_A,
    SIDE_B,
    TEMPLATE,
    VERSION,
    Adapter,
    fitting_adapter,
    measures_of,
    norms_hash,
)
from acuerdo.llm.gguf import Header, read_header
from acuerdo.llm.peft_folder import Floats, LowRank, read_peft

Precision = Literal["f16", "q8_0"]

INTERLEAVED: Final = frozenset({"llama"})
"""Architectures whose queries and keys llama.cpp stores in another order than transformers."""
AS_THEY_ARE: Final = frozenset({"gemma", "gemma2", "gemma3", "phi3", "qwen2", "qwen3"})

_BLOCK: Final = 32
"""Values that share a step in Q8_0; a matrix with other row lengths stays in 16 bits."""
_LARGEST_HALF: Final = 65504.0
_HEADS: Final = {
    "attn_q.weight": "attention.head_count",
    "attn_k.weight": "attention.head_count_kv",
}


@dataclass(frozen=True, slots=True)
class Label:
    """What the file says about itself. `template` is the draft prompt it was tuned on."""

    name: str
    template: str = "plain"
    licence: str = ""
    description: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Encoded:
    """A tensor as it stands in the file. `kind` is one of gguf's types."""

    name: str
    values: npt.NDArray[Any]
    kind: Any


def export_adapter(
    folder: Path, base: Path, out: Path, label: Label, *, precision: Precision = "f16"
) -> Adapter:
    """Write the adapter in a PEFT folder as a GGUF file for a base model in GGUF; return it.

    The file appears under its name only when it is whole and was checked against its base; until
    then an older one stays as it is. Raises WeightsError if the adapter cannot be read, converted
    or does not fit the base, SettingsError if the package gguf is missing, StorageError if the
    disk is full.
    """
    header = read_header(base)
    if header.text("general.type") == "adapter":
        raise WeightsError("this is an adapter, not a base model", where=str(base))
    layers = read_peft(folder)
    gguf = _package(out)
    alpha = layers[0].scale * layers[0].rank
    names = _layer_names(gguf, header, base)
    tensors = [
        _encoded(gguf, name, values, precision, folder)
        for layer in layers
        for name, values in _both_sides(layer, names(layer.layer), alpha, header)
    ]
    with beside(out, "the adapter") as part:
        with closing(gguf.GGUFWriter(part, header.architecture)) as writer:
            _describe(writer, label, header, base)
            writer.add_float32("adapter.lora.alpha", alpha)
            writer.add_string(DIGEST, _digest(tensors))
            for tensor in tensors:
                writer.add_tensor(tensor.name, tensor.values, raw_dtype=tensor.kind)
            writer.write_header_to_file()
            writer.write_kv_data_to_file()
            writer.write_tensors_to_file()
        fitting_adapter(part, base)
    return fitting_adapter(out, base)


def in_llama_order(rows: Floats, heads: int) -> Floats:
    """Return the rows of a query or key projection as llama.cpp stores them.

    >>> in_llama_order(np.arange(8, dtype=np.float32)[:, None], heads=2)[:, 0].astype(int).tolist()
    [0, 2, 1, 3, 4, 6, 5, 7]
    """
    halves = rows.reshape(heads, 2, -1, rows.shape[1])
    return np.ascontiguousarray(halves.swapaxes(1, 2)).reshape(rows.shape)


def _layer_names(gguf: ModuleType, base: Header, path: Path) -> Callable[[str], str]:
    """Return what finds the name of a layer's weights in GGUF."""
    known = {name: number for number, name in gguf.MODEL_ARCH_NAMES.items()}
    if base.architecture not in INTERLEAVED | AS_THEY_ARE:
        raise WeightsError(
            f"adapters for the architecture {base.architecture} cannot be converted here",
            where=str(path),
            fix=f"Known are {', '.join(sorted(INTERLEAVED | AS_THEY_ARE))}. For another, use "
            "llama.cpp's convert_lora_to_gguf.py.",
        )
    table = gguf.get_tensor_name_map(known[base.architecture], base.count("block_count"))

    def name_of(layer: str) -> str:
        name = table.get_name(layer)
        if name is None:
            raise WeightsError(
                f"the adapter changes {layer}, which no {base.architecture} model of "
                f"{base.count('block_count')} blocks has",
                where=str(path),
                fix="Give the base that the adapter was trained on.",
            )
        return f"{name}.weight"

    return name_of


def _both_sides(
    layer: LowRank, name: str, alpha: float, base: Header
) -> Iterator[tuple[str, Floats]]:
    """Yield both matrices as llama.cpp takes them: it multiplies their product by alpha/rank."""
    heads = next((key for end, key in _HEADS.items() if name.endswith(end)), "")
    b = layer.b * np.float32(layer.scale * layer.rank / alpha)
    if heads and base.architecture in INTERLEAVED and len(b) % (2 * base.count(heads)) == 0:
        b = in_llama_order(b, base.count(heads))
    yield name + SIDE_A, layer.a
    yield name + SIDE_B, b


def _encoded(
    gguf: ModuleType, name: str, values: Floats, precision: Precision, folder: Path
) -> _Encoded:
    if np.abs(values).max(initial=0.0) > _LARGEST_HALF:
        raise WeightsError(f"{name} holds values too large for 16 bits", where=str(folder))
    if precision == "q8_0" and values.shape[1] % _BLOCK == 0:
        kind = gguf.GGMLQuantizationType.Q8_0
        return _Encoded(name, gguf.quants.quantize(values, kind), kind)
    return _Encoded(name, values.astype(np.float16), gguf.GGMLQuantizationType.F16)


def _describe(writer: Any, label: Label, base: Header, path: Path) -> None:
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_uint32("general.base_model.count", 1)
    said = {
        "general.name": label.name,
        "general.license": label.licence,
        "general.description": label.description,
        BASE_NAME: base.text("general.name") or path.stem,
        TEMPLATE: label.template,
        VERSION: label.version,
        NORMS: norms_hash(path, base),
    }
    for key, text in said.items():
        if text:
            writer.add_string(key, text)
    for key, number in measures_of(base).items():
        writer.add_uint32(key, number)


def _digest(tensors: Sequence[_Encoded]) -> str:
    """Return what `adapters.tensors_hash` will find in the file."""
    digest = hashlib.blake2b(digest_size=16)
    for tensor in tensors:
        digest.update(tensor.name.encode())
        digest.update(tensor.values.tobytes())
    return digest.hexdigest()


def _package(out: Path) -> ModuleType:
    try:
        return importlib.import_module("gguf")
    except ImportError as error:
        raise SettingsError(
            "writing a GGUF adapter needs the package gguf",
            where=str(out),
            fix="Run: pip install 'acuerdo[train]'",
        ) from error
