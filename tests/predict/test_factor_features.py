from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from acuerdo.llm.embeddings import HashedEmbedder
from acuerdo.predict.factor_features import (
    Texts,
    main_directions,
    read_texts,
    text_kernel,
    with_likeness,
)
from acuerdo.predict.factor_kernel import Pairs
from tests.predict.factor_sheets import ALL_SHARES, SHARES, full_sheet


def pairs(*both: tuple[int, int]) -> Pairs:
    places = np.array(both, dtype=np.int64)
    return Pairs(places[:, 0], places[:, 1])


def test_main_directions_keep_inner_products_as_far_as_there_is_room() -> None:
    rng = np.random.default_rng(0)
    for shape in ((4, 30), (30, 4), (3, 3)):
        rows = rng.normal(size=shape)
        placed = main_directions(rows, 5)
        np.testing.assert_allclose(placed @ placed.T, rows @ rows.T, atol=1e-9)
        between = placed.T @ placed
        np.testing.assert_allclose(between, np.diag(np.diag(between)), atol=1e-9)
    assert main_directions(rng.normal(size=(30, 40)), 5).shape == (30, 5)


def test_likeness_by_hand() -> None:
    # One statement: surprises 2, 1 and -2 of three people. Likeness of the first two is
    # 2 * 1 / sqrt((2^2 + 8) * (1^2 + 8)), of the first and third -2 * 2 / (2^2 + 8).
    weights = replace(SHARES, likeness=0.3, ratings=8.0)
    kernel = text_kernel(weights, Texts(np.zeros((1, 0)), np.zeros((4, 0))))
    rated = pairs((0, 0), (1, 0), (2, 0))
    alike = with_likeness(kernel, weights, rated, np.array([2.0, 1.0, -2.0])).alike
    like = alike @ alike.T / 0.3
    assert like[0, 1] == pytest.approx(2 / np.sqrt(12 * 9))
    assert like[0, 2] == pytest.approx(-4 / 12)
    assert like[0, 0] == pytest.approx(4 / 12)
    assert like[3].tolist() == [0, 0, 0, 0]


def test_a_direction_along_which_little_varies_counts_little() -> None:
    # Two statements whose surprises have nothing to do with each other, one ten times as strong.
    weights = replace(SHARES, likeness=0.3, ratings=1.0)
    kernel = text_kernel(weights, Texts(np.zeros((2, 0)), np.zeros((4, 0))))
    rated = pairs((0, 0), (1, 0), (2, 1), (3, 1))
    alike = with_likeness(kernel, weights, rated, np.array([10.0, 10.0, 1.0, 1.0])).alike
    like = alike @ alike.T / 0.3
    # Variances 200 and 2, so the second counts 0.01: 0.01^2 / (0.01^2 + 1).
    assert like[0, 1] == pytest.approx(100 / 101)
    assert like[2, 3] == pytest.approx(1e-4 / (1 + 1e-4))


def test_covariance_by_features_is_the_one_by_pairs() -> None:
    sheet = full_sheet(("Trees.", "Buses at night.", "Buses."), ("More buses.", "More trees."))
    kernel = text_kernel(ALL_SHARES, read_texts(sheet, HashedEmbedder(16)))
    surprise = np.array([1.0, -1.0, 0.5, 2.0, -1.0, 0.0])
    asked = Pairs(sheet.person, sheet.statement)
    kernel = with_likeness(kernel, ALL_SHARES, asked, surprise)
    covariance = kernel.covariance(asked, asked)
    values = np.array([0.3, -1.0, 2.0, 0.0, 1.0, 0.5])
    gathered = kernel.gather(asked, values)
    np.testing.assert_allclose(kernel.spread_out(gathered, asked), covariance @ values)
    np.testing.assert_allclose(kernel.variance(asked), np.diag(covariance))
    assert np.linalg.eigvalsh(covariance).min() > -1e-9
    assert kernel.variance(asked).max() + kernel.repeat < 1


def test_somebody_without_an_opinion_has_the_mean_one() -> None:
    sheet = full_sheet(("Trees.", "Buses.", " "), ("More buses.",))
    opinions = read_texts(sheet, HashedEmbedder(16)).opinions
    np.testing.assert_allclose(opinions[2], opinions[:2].mean(axis=0), atol=1e-6)
