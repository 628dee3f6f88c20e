"""From latents to 1-7: recovered where it is known, honest where it cannot be."""

from __future__ import annotations

import numpy as np
import pytest

from acuerdo.domain.calibration import Calibration
from acuerdo.domain.errors import InputError, ModelError
from acuerdo.train.calibration import allowed_steps, conformal_radius, fitted_calibration

pytestmark = pytest.mark.training


def fitted(latent: np.ndarray, agreement: np.ndarray, vote: bool, questions: int) -> Calibration:
    size = len(latent)
    return fitted_calibration(
        latent,
        agreement=agreement,
        vote=np.full(size, vote),
        weight=np.ones(size),
        question=np.arange(size) % questions,
    )


def drawn(size: int, seed: int) -> tuple[Calibration, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    true = Calibration(2.0, (-4.0, -2.5, -1.0, 0.5, 2.0, 4.0))
    latent = random.normal(0.5, 1.5, size)
    shares = true.shares(latent).cumsum(axis=1)
    return true, latent, 1.0 + (random.random(size)[:, None] > shares).sum(axis=1)


def test_what_judgements_allow() -> None:
    agreement = np.array([6.0, 4.0, 2.0, 2.5, 7.0, 1.0])
    vote = np.array([True, True, True, False, False, False])
    assert allowed_steps(agreement, vote).tolist() == [
        [0, 0, 0, 0, 1, 1, 1],
        [0, 0, 0, 1, 0, 0, 0],
        [1, 1, 1, 0, 0, 0, 0],
        [0, 0.5, 0.5, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 1],
        [1, 0, 0, 0, 0, 0, 0],
    ]


def test_known_thresholds_are_found_again() -> None:
    true, latent, rating = drawn(20_000, seed=0)
    found = fitted(latent, rating, vote=False, questions=50)
    assert found.slope == pytest.approx(true.slope, rel=0.05)
    np.testing.assert_allclose(found.thresholds, true.thresholds, atol=0.15)


def test_votes_give_the_share_that_agrees() -> None:
    true, latent, rating = drawn(20_000, seed=1)
    found = fitted(latent, 4 + 2 * np.sign(rating - 4), vote=True, questions=50)
    agrees = found.shares(latent)[:, 4:].sum(axis=1)
    np.testing.assert_allclose(agrees, true.shares(latent)[:, 4:].sum(axis=1), atol=0.03)


def test_the_radius_covers_unseen_questions() -> None:
    _, latent, rating = drawn(8_000, seed=2)
    found = fitted(latent[:4000], rating[:4000], vote=False, questions=40)
    expected, spread = found.expected_and_spread(latent[4000:])
    inside = np.abs(rating[4000:] - expected) <= found.radius * spread
    assert 0.77 < inside.mean() < 0.83


def test_few_questions_promise_nothing() -> None:
    scores = np.arange(1.0, 9.0)
    assert conformal_radius(scores, np.zeros(8, int), 0.8) == np.inf
    assert conformal_radius(scores, np.arange(8) % 4, 0.8) == 8.0
    # Of 9 questions, each 1/10: eight of ten lie within the 8th score.
    assert conformal_radius(np.arange(1.0, 10.0), np.arange(9), 0.8) == 8.0


def test_a_question_with_many_ratings_weighs_no_more() -> None:
    scores = np.concatenate([np.full(1000, 9.0), np.arange(1.0, 10.0)])
    question = np.concatenate([np.zeros(1000, int), np.arange(1, 10)])
    assert conformal_radius(scores, question, 0.8) == 9.0
    assert conformal_radius(scores, question, 0.7) == 8.0


def test_calibrations_survive_their_card_and_refuse_nonsense() -> None:
    made = Calibration(1.5, (-2.0, -1.0, 0.0, 1.0, 2.0, 3.0), radius=np.inf)
    assert Calibration.of_json(made.as_json()) == made
    shares = made.shares(np.array([-1e6, 0.0, 1e6]))
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    expected, spread = made.expected_and_spread(np.array([-1e6, np.nan, 1e6]))
    np.testing.assert_allclose(expected, [1, np.nan, 7])
    assert np.isnan(spread[1])
    assert (spread[[0, 2]] > 0).all()
    with pytest.raises(ValueError, match="rising"):
        Calibration(1.5, (0.0, -1.0, 1.0, 2.0, 3.0, 4.0))
    with pytest.raises(ValueError, match="slope"):
        Calibration(-1.0, (0.0, 1.0, 2.0, 3.0, 4.0, 5.0))


def test_nothing_to_calibrate_on() -> None:
    none = np.zeros(0)
    with pytest.raises(InputError, match="no ratings"):
        fitted(none, none, vote=True, questions=1)
    with pytest.raises(ModelError, match="not numbers"):
        fitted(np.array([np.nan]), np.array([4.0]), vote=True, questions=1)
