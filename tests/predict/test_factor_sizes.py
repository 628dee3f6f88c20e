"""Forecasts with ratings do not depend on order, and large sheets get what small ones get."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

import numpy as np
import pytest

from acuerdo.domain.errors import Cancelled
from acuerdo.domain.sheets import Sheet
from acuerdo.llm.embeddings import HashedEmbedder
from acuerdo.ports import Unwatched
from acuerdo.predict import FactorScorer, factor_features
from tests.predict.factor_sheets import ALL_SHARES, Level, drawn_sheet


def scorer(exact_ratings: int = 2_000) -> FactorScorer:
    return FactorScorer(
        Level(), HashedEmbedder(64), weights=ALL_SHARES, exact_ratings=exact_ratings
    )


def reordered(sheet: Sheet, seed: int) -> tuple[Sheet, np.ndarray]:
    """Rename people and statements and shuffle the pairs; also return where each pair came from."""
    rng = np.random.default_rng(seed)
    people, statements = (
        rng.permutation(len(sheet.opinions)),
        rng.permutation(len(sheet.statements)),
    )
    pairs = rng.permutation(sheet.size)
    mixed = replace(
        sheet,
        opinions=tuple(sheet.opinions[place] for place in np.argsort(people)),
        statements=tuple(sheet.statements[place] for place in np.argsort(statements)),
        person=people[sheet.person][pairs],
        statement=statements[sheet.statement][pairs],
        ratings=sheet.ratings[pairs],
    )
    return mixed, pairs


@pytest.mark.parametrize("exact_ratings", [2_000, 0])
def test_order_does_not_matter(exact_ratings: int) -> None:
    sheet = drawn_sheet(9, 12)
    straight = scorer(exact_ratings).score(sheet, Unwatched())
    mixed, pairs = reordered(sheet, seed=1)
    other = scorer(exact_ratings).score(mixed, Unwatched())
    np.testing.assert_allclose(other.expected, straight.expected[pairs], atol=1e-4)
    np.testing.assert_allclose(other.spread, straight.spread[pairs], atol=1e-4)


@pytest.mark.parametrize(("people", "statements"), [(40, 30), (5, 16), (60, 4)])
def test_the_way_of_large_sheets_agrees_with_the_exact_one(people: int, statements: int) -> None:
    sheet = drawn_sheet(people, statements)
    exact = scorer().score(sheet, Unwatched())
    linear = scorer(0).score(sheet, Unwatched())
    np.testing.assert_allclose(linear.expected, exact.expected, atol=1e-3)
    np.testing.assert_allclose(linear.spread, exact.spread, rtol=0.1)


def test_directions_found_by_iteration_are_the_exact_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = drawn_sheet(60, 50)
    exact = scorer(0).score(sheet, Unwatched())
    monkeypatch.setattr(factor_features, "SMALL_SHEET", 0)
    iterated = scorer(0).score(sheet, Unwatched())
    np.testing.assert_allclose(iterated.expected, exact.expected, atol=0.02)


def test_ratings_predict_what_was_hidden() -> None:
    sheet = drawn_sheet(60, 40, share=1.0)
    hidden = np.random.default_rng(1).random(sheet.size) < 0.6
    forecast = scorer(0).score(
        replace(sheet, ratings=np.where(hidden, np.nan, sheet.ratings)), Unwatched()
    )
    missed = (forecast.expected - sheet.ratings)[hidden]
    # Two camps, biases and noise of 1 were drawn: close to the noise, far from the whole of 1.5.
    assert np.sqrt(np.mean(missed**2)) < 1.2 < sheet.ratings.std()
    assert 0.6 < np.mean(np.abs(missed) < forecast.spread[hidden]) < 0.95


def test_a_stop_is_obeyed_in_the_middle() -> None:
    class Later(Unwatched):
        def __init__(self) -> None:
            self.asked = 0

        def stopped(self) -> bool:
            self.asked += 1
            return self.asked > 5

    with pytest.raises(Cancelled):
        scorer(0).score(drawn_sheet(20, 20), Later())


@pytest.mark.slow
def test_time_grows_with_the_number_of_pairs() -> None:
    def seconds(people: int) -> float:
        rng = np.random.default_rng(0)
        size = people * 20
        sheet = Sheet(
            question="Why?",
            opinions=("A view.",) * people,
            statements=tuple(f"Statement {place}." for place in range(1_000)),
            person=np.repeat(np.arange(people), 20),
            statement=rng.integers(1_000, size=size),
            ratings=np.where(rng.random(size) < 0.3, rng.integers(1, 8, size), np.nan),
        )
        start = process_time()
        FactorScorer(Level(), None).score(sheet, Unwatched())
        return process_time() - start

    seconds(1_000)
    small, large = seconds(10_000), seconds(40_000)
    assert large < 4 * 2 * small
