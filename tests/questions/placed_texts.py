"""An encoder for tests whose vectors are written down: near and far as a test needs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from acuerdo.ports import Vectors


class TableEmbedder:
    """Gives each text the vector at its angle in degrees on a circle."""

    def __init__(self, angles: Mapping[str, float]) -> None:
        self._angles = angles
        self.asked: list[str] = []

    @property
    def name(self) -> str:
        return "angles"

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return circle([self._angles[text] for text in texts])


def circle(degrees: Sequence[float]) -> Vectors:
    angles = np.radians(np.array(degrees, np.float64))
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
