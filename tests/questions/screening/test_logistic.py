"""The logistic model: fitted to its optimum, the same after a round trip, damaged ones refused."""

from __future__ import annotations

import json

import numpy as np
import pytest

from acuerdo.domain.errors import WeightsError
from acuerdo.questions.screening.lexical import rarity, terms, unit_weights
from acuerdo.questions.screening.logistic import (
    PENALTY,
    WORDS_SCALE,
    LogisticModel,
    fit_logistic,
    model_of,
    shipped_model,
)

TEXTS = ["should PEOPLE leave", "should PEOPLE stay", "should trams be free", "be free to leave"]
BLOCKED = np.array([True, False, False, True])


def fitted(importance: float = 1.0) -> tuple[LogisticModel, np.ndarray]:
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(4, 6)).astype(np.float32)
    model = fit_logistic(vectors, TEXTS, BLOCKED, np.full(4, importance), encoder="mine")
    return model, vectors


def test_the_gradient_is_zero_at_what_was_fitted() -> None:
    model, vectors = fitted(2.0)
    rest = 2.0 * (BLOCKED - model.probabilities(vectors, TEXTS))
    # d/dw of the penalised log-likelihood: X'(y - p) - penalty * w.
    assert vectors.T @ rest == pytest.approx(PENALTY * model.weights, abs=1e-5)
    rarities = {term: pair[0] for term, pair in model.terms.items()}
    words = [unit_weights(text, rarities) for text in TEXTS]
    for term, (_, weight) in model.terms.items():
        pull = sum(r * w.get(term, 0) for r, w in zip(rest, words, strict=True))
        assert WORDS_SCALE**2 * pull == pytest.approx(PENALTY * weight, abs=1e-5)


def test_a_model_survives_its_file() -> None:
    model, vectors = fitted()
    again = model_of(json.loads(json.dumps(model.as_json())))
    assert again.probabilities(vectors, TEXTS) == pytest.approx(
        model.probabilities(vectors, TEXTS), abs=0.002
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [("format", "other"), ("weights", [[1.0]]), ("weights", ["x"]), ("terms", [1]), ("bias", None)],
)
def test_a_damaged_model_is_refused(field: str, value: object) -> None:
    whole = fitted()[0].as_json()
    with pytest.raises(WeightsError, match="not a model of the screen"):
        model_of({**whole, field: value})


def test_the_shipped_model_says_what_fitted_it() -> None:
    model = shipped_model()
    assert model.weights.shape == (512,)
    assert "fit_screen.py" in model.card["fitted_by"]


def test_terms_are_words_and_pairs() -> None:
    assert terms("should PEOPLE go?")["should PEOPLE"] == 1
    assert rarity(["a b", "a c"]) == {"a": 1.0}
    weights = unit_weights("a a b", {"a": 1.0, "b": 2.0})
    assert sum(weight**2 for weight in weights.values()) == pytest.approx(1)
