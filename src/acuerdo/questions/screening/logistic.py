"""A logistic model over sentence vectors and words: how likely a question must not be asked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.errors import WeightsError
from acuerdo.ports import Vectors
from acuerdo.questions.screening.data_files import data_text
from acuerdo.questions.screening.lexical import rarity, unit_weights

Floats = npt.NDArray[np.float64]
WORDS_SCALE: Final = 0.7
"""How much words count beside the sentence vector: the length of their part of the features."""
PENALTY: Final = 0.1
"""Ridge penalty on the weights (half of their squared length times this)."""
_BIAS: Final = 3.0
_STEPS: Final = 50
_SMALL: Final = 1e-9
FORMAT: Final = "acuerdo-screen/1"
SHIPPED: Final = "screen_model.json"


@dataclass(frozen=True, slots=True, eq=False)
class LogisticModel:
    """Weights of the sentence vector, shape (dimensions,), and of the terms; and what fitted them.

    `terms` holds for each term its inverse document frequency and its weight.
    """

    encoder: str
    weights: Floats
    bias: float
    terms: Mapping[str, tuple[float, float]]
    card: Mapping[str, Any] = field(default_factory=dict)

    def probabilities(self, vectors: Vectors, texts: Sequence[str]) -> Floats:
        """Return for each question the probability that it must not be asked, shape (questions,).

        `vectors` are of what is embedded, `texts` what rules read, in the same order.
        """
        rarities = {term: pair[0] for term, pair in self.terms.items()}
        from_words = np.array(
            [
                sum(w * self.terms[term][1] for term, w in unit_weights(text, rarities).items())
                for text in texts
            ],
            dtype=np.float64,
        )
        return _sigmoid(vectors.astype(np.float64) @ self.weights + from_words + self.bias)

    def as_json(self) -> dict[str, Any]:
        """Return what `model_of` reads."""
        return {
            "format": FORMAT,
            "encoder": self.encoder,
            "card": dict(self.card),
            "bias": round(self.bias, 5),
            "weights": [round(weight, 4) for weight in self.weights.tolist()],
            "terms": {
                term: [round(rarity_, 3), round(weight, 3)]
                for term, (rarity_, weight) in self.terms.items()
            },
        }


def fit_logistic(
    vectors: Vectors,
    texts: Sequence[str],
    blocked: npt.NDArray[np.bool_],
    importance: Floats,
    *,
    encoder: str,
    card: Mapping[str, Any] | None = None,
) -> LogisticModel:
    """Fit ridge-penalised logistic regression by iteratively reweighted least squares.

    Solved over the examples rather than the features (Hastie, Tibshirani & Friedman, The Elements
    of Statistical Learning, 2nd ed., sections 4.4.1 and 18.3.5); deterministic. All arguments have
    one entry for each example; `importance` says how much it counts.
    """
    rarities = rarity(texts)
    places = {term: place for place, term in enumerate(rarities)}
    words = np.zeros((len(texts), len(places)))
    for row, text in enumerate(texts):
        for term, weight in unit_weights(text, rarities).items():
            words[row, places[term]] = WORDS_SCALE * weight
    ones = np.full((len(texts), 1), _BIAS)
    features = np.hstack([vectors.astype(np.float64), words, ones])
    alpha = _dual(features @ features.T, blocked.astype(np.float64), importance)
    solved = features.T @ alpha
    size = vectors.shape[1]
    in_words = solved[size:-1] * WORDS_SCALE
    return LogisticModel(
        encoder=encoder,
        weights=solved[:size],
        bias=float(solved[-1] * _BIAS),
        terms={term: (rarities[term], float(in_words[place])) for term, place in places.items()},
        card=card or {},
    )


def model_of(value: Mapping[str, Any]) -> LogisticModel:
    """Return the model in a JSON object; raises WeightsError if it is not one."""
    try:
        if value["format"] != FORMAT:
            raise ValueError(f"the format is {value['format']!r}")
        weights = np.array(value["weights"], dtype=np.float64)
        terms = {str(t): (float(r), float(w)) for t, (r, w) in value["terms"].items()}
        bias = float(value["bias"])
        if weights.ndim != 1 or not np.isfinite(weights).all() or not np.isfinite(bias):
            raise ValueError("weights are not a row of numbers")
        return LogisticModel(str(value["encoder"]), weights, bias, terms, value.get("card", {}))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WeightsError(
            f"this is not a model of the screen: {error}",
            where=SHIPPED,
            fix="Install the package again, or fit the model again.",
        ) from error


def shipped_model() -> LogisticModel:
    """Return the model that comes with the package; raises WeightsError if it is damaged."""
    try:
        value = json.loads(data_text(SHIPPED))
    except (OSError, ValueError) as error:
        raise WeightsError(
            f"cannot be read: {error}", where=SHIPPED, fix="Install the package again."
        ) from error
    return model_of(value)


def _dual(kernel: Floats, target: Floats, importance: Floats) -> Floats:
    """Return one coefficient for each example, such that features.T @ them are the weights."""
    scores: Floats = np.zeros(len(target))
    alpha: Floats = np.zeros(len(target))
    for _ in range(_STEPS):
        expected = _sigmoid(scores)
        curvature = np.maximum(importance * expected * (1 - expected), _SMALL)
        aim = scores + importance * (target - expected) / curvature
        alpha = np.asarray(
            np.linalg.solve(kernel + np.diag(PENALTY / curvature), aim), dtype=np.float64
        )
        moved: Floats = np.asarray(kernel @ alpha, dtype=np.float64)
        if np.abs(moved - scores).max() < 1e-6:
            break
        scores = moved
    return alpha


def _sigmoid(scores: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -40, 40))), dtype=np.float64)
