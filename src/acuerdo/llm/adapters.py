"""LoRA adapters in GGUF: what they say about themselves, and whether they fit a base model.

llama.cpp adds an adapter to any model whose tensors have the right shapes. So an adapter of ours
also says which weights it was trained on, and everything is checked before the engine sees it:

    general.type = "adapter", general.architecture, adapter.type = "lora", adapter.lora.alpha
    acuerdo.template     the draft prompt it was tuned on; "" or absent: made for no prompt of ours
    acuerdo.version      the version that wrote the file
    acuerdo.digest       hash of the adapter's own tensors: a damaged file is noticed
    acuerdo.base.norms   hash of the base's normalisation weights, see `norms_hash`
    acuerdo.base.blocks, acuerdo.base.width, acuerdo.base.vocabulary   its measures

    NAME.lora_a  GGUF shape (in, rank)      NAME.lora_b  GGUF shape (rank, out)
    where the base has NAME, GGUF shape (in, out)
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from acuerdo.domain.errors import WeightsError
from acuerdo.llm.gguf import F32, Header, Tensor, read_header

TEMPLATE: Final = "acuerdo.template"
VERSION: Final = "acuerdo.version"
DIGEST: Final = "acuerdo.digest"
NORMS: Final = "acuerdo.base.norms"
MEASURES: Final[Mapping[str, str]] = {
    "acuerdo.base.blocks": "blocks",
    "acuerdo.base.width": "values per token",
    "acuerdo.base.vocabulary": "tokens in its vocabulary",
}
BASE_NAME: Final = "general.base_model.0.name"
SHIPPED: Final = "smollm2-135m-instruct-drafter"
SIDE_A: Final = ".lora_a"
SIDE_B: Final = ".lora_b"

_OTHER_BASE: Final = "An adapter works on the model it was trained on only: give that model's file."
_SAVE_AGAIN: Final = "Export or download the adapter again."


@dataclass(frozen=True, slots=True)
class Adapter:
    """A checked adapter. `template` is the draft prompt it was tuned on, "" if it names none."""

    path: Path
    name: str
    template: str
    licence: str
    base: str
    size: int


def shipped_adapter() -> Path | None:
    """Return the adapter that comes with the package for its default weights, None if none does."""
    path = Path(__file__).parent / "shipped" / f"{SHIPPED}.gguf"
    return path if path.is_file() else None


def read_adapter(path: Path) -> Adapter:
    """Return what an adapter says about itself, without a look at its weights.

    Raises WeightsError if the file is missing, cut off or no adapter.
    """
    return _described(path, _adapter_header(path))


def fitting_adapter(path: Path, base: Path) -> Adapter:
    """Return an adapter after checking that it belongs to a base model.

    Raises WeightsError if the file is missing, damaged or no adapter, or made for another base.
    """
    header, of_base = _adapter_header(path), read_header(base)
    _check_own_weights(header, path)
    _check_architecture(header, of_base, path)
    _check_shapes(header, of_base, path)
    _check_measures(header, of_base, path)
    _check_weights(header, base, of_base, path)
    return _described(path, header)


def norms_hash(path: Path, header: Header) -> str:
    """Return a hash of a model's normalisation weights, "" if it has none in 32 bits.

    They stay as they are in 32 bits however the rest is quantised, and training changes them: the
    hash knows a model's weights whatever its file's precision.
    """
    norms = sorted(
        (t for t in header.tensors if t.kind == F32 and t.name.endswith("norm.weight")),
        key=lambda tensor: tensor.name,
    )
    return tensors_hash(path, header, norms) if norms else ""


def tensors_hash(path: Path, header: Header, tensors: Iterable[Tensor]) -> str:
    """Return a hash of tensors' names and bytes, in the given order."""
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        for tensor in tensors:
            file.seek(header.data_at + tensor.offset)
            digest.update(tensor.name.encode())
            digest.update(file.read(tensor.size or 0))
    return digest.hexdigest()


def measures_of(header: Header) -> dict[str, int]:
    """Return a base model's measures, by the keys under which an adapter keeps them."""
    counts = (header.count("block_count"), header.count("embedding_length"), len(header.tokens))
    return dict(zip(MEASURES, counts, strict=True))


def _adapter_header(path: Path) -> Header:
    header = read_header(path)
    if header.text("general.type") != "adapter":
        raise WeightsError(
            "this GGUF file is a model, not an adapter",
            where=str(path),
            fix="Give it as the model, or give the adapter's file.",
        )
    if header.text("adapter.type") != "lora":
        kind = header.text("adapter.type") or "unknown"
        raise WeightsError(
            f"this adapter's type is {kind}; only lora can be loaded", where=str(path)
        )
    return header


def _check_own_weights(header: Header, path: Path) -> None:
    digest = header.text(DIGEST)
    if digest and digest != tensors_hash(path, header, header.tensors):
        raise WeightsError(
            "this adapter is damaged: its weights are not the ones it was written with",
            where=str(path),
            fix=_SAVE_AGAIN,
        )


def _described(path: Path, header: Header) -> Adapter:
    return Adapter(
        path=path,
        name=header.text("general.name") or path.stem,
        template=header.text(TEMPLATE),
        licence=header.text("general.license"),
        base=header.text(BASE_NAME),
        size=path.stat().st_size,
    )


def _check_architecture(header: Header, base: Header, path: Path) -> None:
    if header.architecture != base.architecture:
        raise _other_base(
            path, header, f"for the architecture {header.architecture}, not {base.architecture}"
        )


def _check_shapes(header: Header, base: Header, path: Path) -> None:
    sides = {tensor.name: tensor.shape for tensor in header.tensors}
    layers = {tensor.name: tensor.shape for tensor in base.tensors}
    for name in sides:
        layer = name.removesuffix(SIDE_A).removesuffix(SIDE_B)
        if layer == name or not sides.keys() >= {layer + SIDE_A, layer + SIDE_B}:
            raise WeightsError(
                f"this adapter is damaged: {name} has no counterpart",
                where=str(path),
                fix=_SAVE_AGAIN,
            )
        if layer not in layers:
            raise _other_base(path, header, f"it changes {layer}, which this model lacks")
        a, b, wanted = sides[layer + SIDE_A], sides[layer + SIDE_B], layers[layer]
        if len(a) != 2 or len(b) != 2 or a[1] != b[0] or (a[0], b[1]) != wanted:
            shapes = f"{a} and {b} do not multiply to {wanted}"
            raise _other_base(path, header, f"{layer} has other shapes: {shapes}")


def _check_measures(header: Header, base: Header, path: Path) -> None:
    own = measures_of(base)
    for key, what in MEASURES.items():
        wanted = header.metadata.get(key)
        if wanted is not None and wanted != own[key]:
            raise _other_base(path, header, f"for a model of {wanted} {what}, this has {own[key]}")


def _check_weights(header: Header, base: Path, of_base: Header, path: Path) -> None:
    wanted = header.text(NORMS)
    if wanted and wanted != norms_hash(base, of_base):
        raise _other_base(
            path, header, f"{base.name} has the same shape but other weights than its base"
        )


def _other_base(path: Path, header: Header, why: str) -> WeightsError:
    made_for = header.text(BASE_NAME)
    named = f" ({made_for})" if made_for else ""
    return WeightsError(
        f"this adapter was made for another base model{named}: {why}",
        where=str(path),
        fix=_OTHER_BASE,
    )
