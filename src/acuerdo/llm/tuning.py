"""The sentence encoder's trainable arrays by name, to take out for training and to put back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from acuerdo.domain.errors import WeightsError
from acuerdo.llm.sentence_network import CHANNELS, Floats, Weights


@dataclass(frozen=True, slots=True)
class EncoderParts:
    """What it takes to train the encoder elsewhere.

    `arrays` holds everything but the word table, convolutions with their window first: `first_0`
    has shape (size * channels, channels). `windows` are (size, left) per branch, `rows` reads the
    word table, `ids` splits a text into its pieces.
    """

    arrays: dict[str, Floats]
    windows: tuple[tuple[int, int], ...]
    rows: Callable[[npt.NDArray[np.int64]], Floats]
    ids: Callable[[str], Sequence[int]]
    epsilon: float


def trainable_arrays(weights: Weights) -> dict[str, Floats]:
    """Return every array but the word table, by name."""
    arrays = {
        "projection": weights.projection,
        "projection_bias": weights.projection_bias,
        "projection_gain": weights.projection_gain,
        "projection_shift": weights.projection_shift,
        "gain": weights.gain,
        "shift": weights.shift,
        "output": weights.output,
        "output_bias": weights.output_bias,
        **weights.dense,
    }
    for number, branch in enumerate(weights.branches):
        by_slot = branch.first.reshape(CHANNELS, branch.size, CHANNELS).transpose(1, 0, 2)
        arrays[f"first_{number}"] = np.ascontiguousarray(by_slot).reshape(-1, CHANNELS)
        arrays[f"first_bias_{number}"] = branch.first_bias
        arrays[f"second_{number}"] = branch.second
        arrays[f"second_bias_{number}"] = branch.second_bias
    return arrays


def with_arrays(weights: Weights, arrays: Mapping[str, npt.NDArray[np.floating]]) -> Weights:
    """Return the weights with their trainable arrays replaced.

    Raises WeightsError if one is missing, unknown, of another shape or not finite.
    """
    expected = trainable_arrays(weights)
    if set(arrays) != set(expected):
        odd = sorted(set(arrays) ^ set(expected))
        raise WeightsError(f"a tuned encoder with other arrays than ours: {', '.join(odd)}")
    new: dict[str, Floats] = {}
    for name, old in expected.items():
        if arrays[name].shape != old.shape:
            raise WeightsError(
                f"the tuned encoder's {name} has shape {arrays[name].shape}, not {old.shape}"
            )
        new[name] = arrays[name].astype(np.float32)
        if not np.isfinite(new[name]).all():
            raise WeightsError(f"the tuned encoder's {name} is not finite everywhere")
    branches = tuple(
        replace(
            branch,
            first=np.ascontiguousarray(
                new[f"first_{number}"].reshape(branch.size, CHANNELS, CHANNELS).transpose(1, 0, 2)
            ).reshape(CHANNELS, branch.size * CHANNELS),
            first_bias=new[f"first_bias_{number}"],
            second=new[f"second_{number}"],
            second_bias=new[f"second_bias_{number}"],
        )
        for number, branch in enumerate(weights.branches)
    )
    return replace(
        weights,
        projection=new["projection"],
        projection_bias=new["projection_bias"],
        projection_gain=new["projection_gain"],
        projection_shift=new["projection_shift"],
        branches=branches,
        gain=new["gain"],
        shift=new["shift"],
        output=new["output"],
        output_bias=new["output_bias"],
        dense={name: new[name] for name in weights.dense},
    )


def table_rows(weights: Weights, ids: npt.NDArray[np.int64]) -> Floats:
    """Return rows of the word table, shape (ids, dimensions)."""
    chunk = ids % len(weights.scale)
    rows = weights.table[ids].astype(np.float32)
    rows *= weights.scale[chunk, None]
    rows += weights.low[chunk, None]
    return rows
