from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from acuerdo.domain.errors import ModelError
from acuerdo.domain.sheets import Forecast, Sheet
from acuerdo.llm.embeddings import HashedEmbedder
from acuerdo.ports import Unwatched
from acuerdo.predict import FactorScorer, factor_card
from acuerdo.predict.factor_card import fitted_factors
from tests.predict.factor_sheets import (
    ALL_SHARES,
    SHARES,
    Level,
    drawn_sheet,
    forecast_of,
    full_sheet,
)

TWO = ("Ana's view.", "Ben's view.")
BUSES = ("More buses.", "Fewer cars.")


def scored(sheet: Sheet, **options: object) -> Forecast:
    return FactorScorer(Level(), HashedEmbedder(), weights=ALL_SHARES).score(sheet, Unwatched())


def test_without_ratings_the_forecast_is_the_priors() -> None:
    sheet = full_sheet((*TWO, ""), BUSES)
    prior = Level().score(sheet, Unwatched())
    for embedder in (None, HashedEmbedder()):
        forecast = FactorScorer(Level(), embedder).score(sheet, Unwatched())
        np.testing.assert_array_equal(forecast.expected, prior.expected)
        np.testing.assert_array_equal(forecast.spread, prior.spread)


def test_one_rating_by_hand() -> None:
    # Ana rates the first statement 6: one spread above the prior, so its weight is 1.
    forecast = forecast_of(full_sheet(TWO, BUSES, {(0, 0): 6.0}))
    # Ana's next answer shares 0.2 + 0.1 + 0.6 with it; her other one 0.1; Ben's on it 0.2.
    shared = np.array([0.9, 0.1, 0.2, 0.0])
    np.testing.assert_allclose(forecast.expected, 4 + 2 * shared)
    np.testing.assert_allclose(forecast.spread, 2 * np.sqrt(1 - shared**2))


def test_two_ratings_by_hand() -> None:
    # Ben rates it 2. Covariance of the ratings [[1, 0.2], [0.2, 1]], residuals (1, -1), so their
    # weights are (1, -1) / 0.8.
    forecast = forecast_of(full_sheet(TWO, BUSES, {(0, 0): 6.0, (1, 0): 2.0}))
    weights = np.array([1.25, -1.25])
    shared = np.array([[0.9, 0.2], [0.1, 0.0], [0.2, 0.9], [0.0, 0.1]])
    np.testing.assert_allclose(forecast.expected, 4 + 2 * shared @ weights)
    np.testing.assert_allclose(forecast.expected, [5.75, 4.25, 2.25, 3.75])
    # Inverse [[1, -0.2], [-0.2, 1]] / 0.96: Ana on the second statement 1 - 0.01 / 0.96.
    assert forecast.spread[1] == pytest.approx(2 * np.sqrt(1 - 0.01 / 0.96))


def test_a_rating_given_twice_counts_as_its_mean_and_is_surer() -> None:
    once = full_sheet(TWO, BUSES, {(0, 0): 6.0})
    twice = replace(
        once,
        person=np.append(once.person, 0),
        statement=np.append(once.statement, 0),
        ratings=np.append(np.where(once.known, 5.5, np.nan), 6.5),
    )
    forecast, single = forecast_of(twice), forecast_of(once)
    # The same mean, 6; repeating leaves half of 0.1: 0.9 / 0.95 instead of 0.9 / 1.
    np.testing.assert_allclose(forecast.expected[[0, 4]], 4 + 2 * 0.9 / 0.95)
    assert forecast.spread[0] < single.spread[0]


@pytest.mark.parametrize("exact_ratings", [2_000, 0])
def test_every_agreeing_rating_raises_a_statement_for_the_others(exact_ratings: int) -> None:
    opinions = tuple(f"View {place}." for place in range(8))
    known: dict[tuple[int, int], float] = {}
    seen = [forecast_of(full_sheet(opinions, BUSES, known), None, exact_ratings)]
    for person in range(6):
        known[person, 0] = 7.0
        seen.append(forecast_of(full_sheet(opinions, BUSES, known), None, exact_ratings))
    for person in (6, 7):
        about = [forecast.expected[2 * person] for forecast in seen]
        assert (np.diff(about) > 0).all()
        assert (np.diff([forecast.spread[2 * person] for forecast in seen]) < 0).all()
    # One rating of 7 does not make a statement a 7 for everybody: less than a third of the way.
    assert 4 < seen[1].expected[12] < 5


def test_a_rating_moves_the_like_minded_more_than_the_opposed() -> None:
    statements = tuple(f"Statement {place}." for place in range(9))
    past = {
        (person, s): 6.0 if (s + person // 2) % 2 else 2.0 for person in range(4) for s in range(8)
    }
    # Ana and Ben rated alike (0, 1), Cem and Dua the opposite (2, 3). Then Ana likes the ninth.
    opinions = ("Ana.", "Ben.", "Cem.", "Dua.")
    before = forecast_of(full_sheet(opinions, statements, past), None).expected[8::9]
    after = forecast_of(full_sheet(opinions, statements, {**past, (0, 8): 7.0}), None).expected[
        8::9
    ]
    moved = after - before
    assert moved[0] > moved[1] > moved[2] + 0.2
    assert moved[1] > moved[3] + 0.2


def test_known_pairs_come_close_to_their_ratings() -> None:
    sheet = drawn_sheet(6, 8)
    forecast = scored(sheet)
    rated = sheet.known
    assert np.abs(forecast.expected - sheet.ratings)[rated].max() < 0.3
    assert forecast.spread[rated].max() < forecast.spread[~rated].min()
    assert forecast.spread.max() < 2


def test_similar_texts_share_what_was_rated() -> None:
    opinions = ("Trees.", "Buses.", "Buses at night.")
    statements = ("Free buses for all.", "Free buses for children.", "Plant oak woods.")
    forecast = scored(full_sheet(opinions, statements, {(0, 0): 7.0}))
    others = forecast.expected.reshape(3, 3)[1]
    assert others[0] > others[1] > others[2]


def test_somebody_silent_is_answered_once_there_is_ground() -> None:
    opinions = ("Buses.", "Trees.", "", "")
    statements = ("More buses.", "More trees.", "More cars.")
    known = {(0, 0): 7.0, (2, 1): 1.0}
    forecast = scored(full_sheet(opinions, statements, known))
    answered = ~np.isnan(forecast.expected.reshape(4, 3))
    # The third rated, so all of theirs are answered; the fourth where somebody rated.
    np.testing.assert_array_equal(answered[2:], [[True, True, True], [True, True, False]])
    assert answered[:2].all()
    assert forecast.expected[7] < 2
    assert forecast.expected[9] > forecast.expected[10]


def test_where_the_prior_says_nothing_the_cards_level_stands_in() -> None:
    forecast = FactorScorer(Level(), None, weights=SHARES).score(
        full_sheet(("", ""), BUSES, {(0, 0): 6.0}), Unwatched()
    )
    card = fitted_factors()
    z = (6 - card.level) / card.spread
    np.testing.assert_allclose(
        forecast.expected[:3], card.level + card.spread * z * np.array([0.9, 0.1, 0.2])
    )
    assert np.isnan(forecast.expected[3])


def test_extreme_ratings_stay_on_the_scale() -> None:
    sheet = full_sheet(TWO, BUSES, {(0, 0): 7.0, (1, 0): 7.0, (0, 1): 1.0})
    forecast = FactorScorer(Level(6.5, 3.0), None).score(sheet, Unwatched())
    assert ((forecast.expected >= 1) & (forecast.expected <= 7)).all()


def test_a_missing_card_is_a_model_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(factor_card, "FACTOR_CARD", "nowhere.json")
    with pytest.raises(ModelError, match=r"fit_factors\.py"):
        FactorScorer(Level(), None)


def test_shares_that_leave_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="below 1"):
        replace(SHARES, statement=0.8)
    with pytest.raises(ValueError, match="below 1"):
        replace(SHARES, person=-0.1)
