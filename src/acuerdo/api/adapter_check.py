"""Does an exported adapter do in the embedded engine what it does in torch?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.errors import SettingsError
from acuerdo.llm import fitting_adapter, next_token_logs

LIKELIEST: Final = 100
"""Only so many tokens are compared: what is never drawn says nothing about drafts."""

Logs = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Difference:
    """How far two readings are apart, over the likeliest tokens of the first at every position.

    `mean` and `largest` are of absolute differences of log-probabilities (nats), `correlation` is
    Pearson's over all of them, `same_first` the share of positions with the same likeliest token,
    `divergence` the mean Kullback-Leibler divergence of the second from the first (nats).
    """

    mean: float
    largest: float
    correlation: float
    same_first: float
    divergence: float


@dataclass(frozen=True, slots=True)
class BackEnds:
    """Torch against the engine, with the adapter and without; `effect` is what it changes.

    Without it the difference is quantisation and rounding alone: the yardstick of `adapted`.
    """

    positions: int
    bare: Difference
    adapted: Difference
    effect: Difference


def compare_back_ends(
    folder: Path, adapter: Path, base: Path, texts: Sequence[str], *, exact: Path | None = None
) -> BackEnds:
    """Compare the next token after each text by torch and PEFT with that by the embedded engine.

    `folder` is the PEFT adapter, `adapter` the GGUF file made of it, `base` the GGUF file that the
    engine runs; torch reads `exact`, if given, instead of it. Raises WeightsError if anything
    cannot be loaded, SettingsError if torch is not installed.
    """
    try:
        from acuerdo.neural import expected_next  # noqa: PLC0415 - needs torch
    except ImportError as error:
        raise SettingsError(
            f"comparing with torch needs a package that is not installed: {error.name}",
            fix="Run: pip install 'acuerdo[train]'",
        ) from error
    fitting_adapter(adapter, base)
    torch = expected_next(exact or base, folder, texts)
    bare = next_token_logs(base, torch.tokens)
    adapted = next_token_logs(base, torch.tokens, adapter=adapter)
    return BackEnds(
        positions=len(texts),
        bare=difference(torch.bare, bare),
        adapted=difference(torch.adapted, adapted),
        effect=difference(bare, adapted),
    )


def difference(first: Logs, second: Logs) -> Difference:
    """Compare two readings of log-probabilities, shape (positions, vocabulary)."""
    likely = np.argsort(-first, axis=1)[:, :LIKELIEST]
    one = np.take_along_axis(first, likely, axis=1).astype(np.float64)
    other = np.take_along_axis(second, likely, axis=1).astype(np.float64)
    gaps = np.abs(one - other)
    return Difference(
        mean=float(gaps.mean()),
        largest=float(gaps.max()),
        correlation=float(np.corrcoef(one.ravel(), other.ravel())[0, 1]),
        same_first=float((first.argmax(axis=1) == second.argmax(axis=1)).mean()),
        divergence=float((np.exp(one) * (one - other)).sum(axis=1).mean()),
    )
