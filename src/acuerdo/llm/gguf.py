"""Reads the header of a GGUF file: what a model is made of, without loading it.

The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Everything is little-endian.
A file that is cut off, empty or something else entirely is refused here, in plain words, before
the engine sees it. The chat template inside a file is a program; it is read like any other text
and never run.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import BinaryIO, Final

from acuerdo.domain.errors import WeightsError

Scalar = str | int | float | bool
Value = Scalar | tuple[Scalar, ...]

MAGIC: Final = b"GGUF"
VERSIONS: Final = (2, 3)
MAX_HEADER_BYTES: Final = 64 * 1024 * 1024
"""The largest vocabularies known take 20 MB; a header beyond this is a trap or a wreck."""
MAX_DIMENSIONS: Final = 4

F32, F16, Q4_0, Q4_1, Q8_0 = 0, 1, 2, 3, 8
"""Numbers of the tensor types that are named in this package."""

BLOCKS: Final[Mapping[int, tuple[int, int]]] = {
    F32: (1, 4),
    F16: (1, 2),
    Q4_0: (32, 18),
    Q4_1: (32, 20),
    6: (32, 22),  # Q5_0
    7: (32, 24),  # Q5_1
    Q8_0: (32, 34),
    10: (256, 84),  # Q2_K
    11: (256, 110),  # Q3_K
    12: (256, 144),  # Q4_K
    13: (256, 176),  # Q5_K
    14: (256, 210),  # Q6_K
    20: (32, 18),  # IQ4_NL
    23: (256, 136),  # IQ4_XS
    30: (1, 2),  # BF16
}
"""Values and bytes per block of a tensor type; other types exist, their size is not checked."""

_SCALARS: Final[Mapping[int, str]] = {
    0: "<B",
    1: "<b",
    2: "<H",
    3: "<h",
    4: "<I",
    5: "<i",
    6: "<f",
    7: "<?",
    10: "<Q",
    11: "<q",
    12: "<d",
}
_STRING: Final = 8
_ARRAY: Final = 9
_OTHER_FORMATS: Final[Mapping[bytes, str]] = {
    b"PK\x03\x04": "a zip archive (a PyTorch checkpoint or a wheel)",
    b"\x80\x02": "a Python pickle",
    b"\x80\x04": "a Python pickle",
    b"\x80\x05": "a Python pickle",
    b"\x1f\x8b": "a gzip archive",
    b"FUGG": "a GGUF file for big-endian machines",
    b"ggml": "a GGML file, the format before GGUF",
    b"<!DO": "a web page",
    b"<htm": "a web page",
    b"vers": "a Git LFS pointer, not the file itself",
}


@dataclass(frozen=True, slots=True)
class Tensor:
    """A block of weights. `offset` counts bytes from the start of the data."""

    name: str
    shape: tuple[int, ...]
    kind: int
    offset: int

    @property
    def values(self) -> int:
        return prod(self.shape)

    @property
    def size(self) -> int | None:
        """Bytes on disk, None for a type that is not in `BLOCKS`."""
        if self.kind not in BLOCKS:
            return None
        per_block, size = BLOCKS[self.kind]
        return self.values // per_block * size


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the weights. `tensors_at` and `data_at` are positions in the file."""

    metadata: Mapping[str, Value]
    tensors: tuple[Tensor, ...]
    tensors_at: int
    data_at: int
    alignment: int

    @property
    def architecture(self) -> str:
        return self.text("general.architecture")

    @property
    def trained_context(self) -> int:
        """The longest text the model was trained on, in tokens; 0 if the file does not say."""
        return self.count("context_length")

    @property
    def tokens(self) -> tuple[str, ...]:
        return tuple(str(token) for token in self._list("tokenizer.ggml.tokens"))

    @property
    def token_kinds(self) -> tuple[int, ...]:
        """One number per token: 1 normal, 2 unknown, 3 control, 4 added by the maker, 6 byte."""
        kinds = self._list("tokenizer.ggml.token_type")
        return tuple(kind for kind in kinds if isinstance(kind, int))

    @property
    def attention_bytes(self) -> int:
        """Memory that attention takes per token of context, in bytes, at 16 bits a value."""
        heads = max(1, self.count("attention.head_count"))
        width = self.count("embedding_length") // heads
        widths = self.count("attention.key_length") or width
        widths += self.count("attention.value_length") or width
        return (
            self.count("block_count")
            * (self.count("attention.head_count_kv") or heads)
            * (2 * widths)
        )

    def count(self, key: str) -> int:
        """Return a number of the architecture; the largest where every layer has its own."""
        value = self.metadata.get(f"{self.architecture}.{key}", 0)
        if isinstance(value, tuple):
            return max((item for item in value if isinstance(item, int)), default=0)
        return value if isinstance(value, int) else 0

    def text(self, key: str) -> str:
        value = self.metadata.get(key, "")
        return value if isinstance(value, str) else ""

    def _list(self, key: str) -> tuple[Scalar, ...]:
        value = self.metadata.get(key, ())
        return value if isinstance(value, tuple) else ()


def read_header(path: Path) -> Header:
    """Read and check the header of a GGUF file; raises WeightsError if it is none or damaged."""
    try:
        with path.open("rb") as file:
            return _Reader(file, path).header()
    except FileNotFoundError:
        raise WeightsError(
            "there is no such file", where=str(path), fix="Give the path of a GGUF file."
        ) from None
    except OSError as error:
        raise WeightsError(f"cannot be read ({error.strerror})", where=str(path)) from error


class _Reader:
    """Walks through a header, never further than the file goes."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file = file
        self._path = path
        self._size = os.fstat(file.fileno()).st_size
        self._limit = min(self._size, MAX_HEADER_BYTES)

    def header(self) -> Header:
        self._check_format()
        tensor_count, entry_count = self._number("<Q"), self._number("<Q")
        metadata = dict(self._entry() for _ in range(entry_count))
        tensors_at = self._file.tell()
        tensors = tuple(self._tensor() for _ in range(tensor_count))
        alignment = metadata.get("general.alignment", 32)
        if not isinstance(alignment, int) or alignment < 1 or alignment % 8:
            raise self._damaged("its alignment makes no sense")
        data_at = -(-self._file.tell() // alignment) * alignment
        header = Header(metadata, tensors, tensors_at, data_at, alignment)
        self._check_tensors(header)
        return header

    def _check_format(self) -> None:
        start = self._file.read(len(MAGIC))
        if start == MAGIC:
            version = self._number("<I")
            if version not in VERSIONS:
                raise self._refused(f"is a GGUF file of version {version}, not 2 or 3")
            return
        if not start:
            raise self._refused("is empty")
        kinds = (kind for opening, kind in _OTHER_FORMATS.items() if start.startswith(opening))
        raise self._refused(f"is {next(kinds, 'something else')}, not a GGUF file")

    def _check_tensors(self, header: Header) -> None:
        if not header.tensors:
            raise self._refused("holds no weights (a vocabulary only?)")
        if not header.architecture:
            raise self._damaged("it does not name its architecture")
        for tensor in header.tensors:
            end = header.data_at + tensor.offset + (tensor.size or 0)
            if end > self._size:
                raise self._damaged(
                    f"it is cut off: {tensor.name} should end at byte {end:,}, "
                    f"the file has {self._size:,}"
                )

    def _entry(self) -> tuple[str, Value]:
        key = self._string()
        kind = self._number("<I")
        return key, self._array() if kind == _ARRAY else self._scalar(kind)

    def _array(self) -> tuple[Scalar, ...]:
        kind, count = self._number("<I"), self._number("<Q")
        if kind in _SCALARS:
            # All at once: a vocabulary has hundreds of thousands of numbers.
            layout = _SCALARS[kind]
            raw = self._bytes(count * struct.calcsize(layout))
            return tuple(value for (value,) in struct.iter_unpack(layout, raw))
        return tuple(self._scalar(kind) for _ in range(count))

    def _scalar(self, kind: int) -> Scalar:
        if kind == _STRING:
            return self._string()
        if kind not in _SCALARS:
            raise self._damaged(f"it has an entry of the unknown type {kind}")
        value: int | float | bool = struct.unpack(
            _SCALARS[kind], self._bytes(struct.calcsize(_SCALARS[kind]))
        )[0]
        return value

    def _tensor(self) -> Tensor:
        name = self._string()
        dimensions = self._number("<I")
        if not 1 <= dimensions <= MAX_DIMENSIONS:
            raise self._damaged(f"{name!r} has {dimensions} dimensions")
        shape = tuple(self._number("<Q") for _ in range(dimensions))
        return Tensor(name, shape, self._number("<I"), self._number("<Q"))

    def _string(self) -> str:
        return self._bytes(self._number("<Q")).decode(errors="replace")

    def _number(self, layout: str) -> int:
        value: int = struct.unpack(layout, self._bytes(struct.calcsize(layout)))[0]
        return value

    def _bytes(self, count: int) -> bytes:
        if self._file.tell() + count > self._limit:
            raise self._damaged(
                "its header goes on past the end of the file"
                if self._limit == self._size
                else "its header is larger than any model needs"
            )
        return self._file.read(count)

    def _damaged(self, why: str) -> WeightsError:
        return self._refused(f"is a damaged GGUF file: {why}")

    def _refused(self, what: str) -> WeightsError:
        return WeightsError(
            what,
            where=str(self._path),
            fix="Download it again, or give the path of another GGUF file.",
        )
