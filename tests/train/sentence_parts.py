"""A tiny random sentence encoder in place of the published one, and arguments invented for it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from acuerdo.llm.tuning import EncoderParts

DIMENSIONS, CHANNELS, PIECES = 8, 4, 97
WINDOWS = ((2, 0), (3, 1), (5, 2))
PRO = ("yes cars always", "cars yes always please", "always cars", "yes always", "cars please yes")
CONTRA = ("never ban", "ban them never", "never cars ban", "ban ban", "never never ban them")


def tiny_parts() -> EncoderParts:
    """Return parts of an encoder of 8 dimensions, the same ones every time."""
    random = np.random.default_rng(7)

    def drawn(*shape: int) -> np.ndarray:
        return random.normal(0, 0.5, shape).astype(np.float32)

    projected, features = len(WINDOWS) * CHANNELS, DIMENSIONS + len(WINDOWS) * CHANNELS
    arrays = {
        "projection": drawn(DIMENSIONS, projected),
        "projection_bias": drawn(projected),
        "projection_gain": 1 + drawn(projected),
        "projection_shift": drawn(projected),
        "gain": 1 + drawn(features),
        "shift": drawn(features),
        "output": drawn(features, DIMENSIONS),
        "output_bias": drawn(DIMENSIONS),
        **{name: drawn(DIMENSIONS, DIMENSIONS) for name in ("d0", "d1", "d2", "d3", "p1", "p3")},
    }
    for number, (size, _) in enumerate(WINDOWS):
        for stage in ("first", "second"):
            arrays[f"{stage}_{number}"] = drawn(size * CHANNELS, CHANNELS)
            arrays[f"{stage}_bias_{number}"] = drawn(CHANNELS)
    table = drawn(PIECES, DIMENSIONS)

    def ids(text: str) -> Sequence[int]:
        return [zlib.crc32(word.encode()) % PIECES for word in text.split()] or [0]

    return EncoderParts(arrays, WINDOWS, lambda places: table[places], ids, 1e-6)


def write_arguments(folder: Path, theses: int = 6) -> Path:
    """Write arguments for and against some theses, as IBM's file of arguments has them."""
    lines = ["argument,topic,stance_WA,WA"]
    for number in range(theses):
        for stance, texts in ((1, PRO), (-1, CONTRA)):
            lines += [f"{text} {number},thesis {number},{stance},0.5" for text in texts]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "arg_quality_rank_30k.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return folder
