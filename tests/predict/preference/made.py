"""A tiny preference model and an embedder whose vectors are given, for sums done by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from acuerdo.domain.calibration import Calibration
from acuerdo.domain.sheets import Sheet
from acuerdo.ports import Vectors
from acuerdo.predict import FEATURES, SURFACE, PreferenceModel

THRESHOLDS = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0)


def make_model(dimensions: int = 32, **changes: Any) -> PreferenceModel:
    """Return a model of random weights, the same ones every time."""
    random = np.random.default_rng(5)
    model = PreferenceModel(
        encoder={"output": random.normal(size=(3, 2)).astype(np.float32)},
        stance_weights=random.normal(size=(2 * dimensions, 8)).astype(np.float32),
        stance_bias=random.normal(size=8).astype(np.float32) / 10,
        popularity_weights=random.normal(size=dimensions + len(SURFACE)) / 10,
        surface_mean=random.normal(size=len(SURFACE)),
        surface_scale=random.uniform(0.5, 2, len(SURFACE)),
        feature_weights=random.uniform(0.5, 2, len(FEATURES)),
        least_likeness=-1.0,
        calibration=Calibration(1.5, THRESHOLDS, radius=1.4, coverage=0.8),
        card={"name": "tiny", "limits": ["Knows nothing."]},
    )
    return replace(model, **changes)


class GivenEmbedder:
    """Vectors of two dimensions from a table; raises KeyError for other texts."""

    name = "given"

    def __init__(self, vectors: Mapping[str, tuple[float, float]]) -> None:
        self._vectors = vectors

    def embed(self, texts: Sequence[str]) -> Vectors:
        found = [self._vectors[text] for text in texts]
        return np.array(found, dtype=np.float32).reshape(-1, 2)


def make_sheet(opinions: Sequence[str], statements: Sequence[str], context: str = "") -> Sheet:
    """Return everybody with every statement, person by person."""
    people, texts = len(opinions), len(statements)
    return Sheet(
        question="Cars?",
        opinions=tuple(opinions),
        statements=tuple(statements),
        person=np.repeat(np.arange(people), texts),
        statement=np.tile(np.arange(texts), people),
        ratings=np.full(people * texts, np.nan),
        context=context,
    )
