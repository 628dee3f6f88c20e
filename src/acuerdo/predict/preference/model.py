"""The weights of the preference model and what they do to vectors of texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.calibration import Calibration
from acuerdo.domain.sheets import Values
from acuerdo.ports import Vectors

SURFACE_LIMIT: Final = 3.0
MEANING: Final = 5.0
"""Weight of the meaning against the surface in the ridge that fits popularity."""


@dataclass(frozen=True, slots=True, eq=False)
class PreferenceModel:
    """Everything that was learnt. Shapes: d = 512 dimensions of the encoder, k of a stance.

    `encoder` holds the tuned encoder's arrays. `stance_weights` (2d, k), `stance_bias` (k,) turn a
    text, given its question, into a stance. `popularity_weights` (d + surface,) read a statement by
    itself; `surface_mean`, `surface_scale` (surface,) put its surface on one scale. A latent is the
    weighted sum of features; `calibration` maps it to ratings.
    Somebody whose text is less like the others' than `least_likeness` is off topic.
    `card` says in full what the model was trained on and how well it does.
    """

    encoder: Mapping[str, npt.NDArray[np.floating]]
    stance_weights: npt.NDArray[np.float32]
    stance_bias: npt.NDArray[np.float32]
    popularity_weights: Values
    surface_mean: Values
    surface_scale: Values
    feature_weights: Values
    least_likeness: float
    calibration: Calibration
    card: Mapping[str, Any]

    def stance(self, question: Vectors, texts: Vectors) -> Vectors:
        """Return the stances of texts on a question as unit vectors, shape (texts, k).

        `question` (d,), `texts` (texts, d) are unit vectors of the tuned encoder.
        """
        both = np.hstack([texts, texts * question])
        found: Vectors = both @ self.stance_weights + self.stance_bias
        found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
        return found

    def popularity(self, plain: Vectors, surface: Values) -> Values:
        """Return how well statements are received at large, (statements,), on a scale of its own.

        `plain` (statements, d) are vectors of the encoder as published.
        """
        return popularity_inputs(plain, self.standardised(surface)) @ self.popularity_weights

    def standardised(self, surface: Values) -> Values:
        """Return surfaces on one scale, cut where they are far from usual."""
        scaled = (surface - self.surface_mean) / self.surface_scale
        return np.clip(scaled, -SURFACE_LIMIT, SURFACE_LIMIT)

    def only(self, features: Sequence[int]) -> PreferenceModel:
        """Return the model with all features but these, by position, counting nothing."""
        kept = np.zeros_like(self.feature_weights)
        kept[list(features)] = self.feature_weights[list(features)]
        return replace(self, feature_weights=kept)

    def latent(self, features: Values) -> Values:
        """Return the latents of pairs, (pairs,), higher is more agreement."""
        return features @ self.feature_weights


def popularity_inputs(plain: Vectors, standardised: Values) -> Values:
    """Return what popularity is a weighted sum of, shape (statements, d + surface)."""
    return np.hstack([plain * MEANING, standardised]).astype(np.float64)
