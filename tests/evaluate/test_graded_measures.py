"""Errors, rank correlation and interval coverage of graded ratings, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from acuerdo.domain.judgements import Judgements
from acuerdo.evaluate.measures.coverage import Bounds, coverage, normal_bounds, width
from acuerdo.evaluate.measures.graded import (
    mean_absolute_error,
    rank_correlation,
    root_mean_square_error,
)
from acuerdo.evaluate.resampling import Weights
from acuerdo.evaluate.truth import Truth
from tests.evaluate.judging import make_forecast, make_judgement, make_table, once, value_of

RATINGS = (1.0, 4.0, 4.0, 7.0)
NAN = float("nan")


def rated(*extra: float) -> Judgements:
    """Question A rated 1, 4, 4, 7 by four people, question B rated as in `extra`, and a vote."""
    return make_table(
        *(
            make_judgement(f"p{k}", "s", value, scale="agreement")
            for k, value in enumerate(RATINGS)
        ),
        *(
            make_judgement(f"p{k}", "t", value, scale="agreement", question="Dogs?")
            for k, value in enumerate(extra)
        ),
        make_judgement("p9", "s", 1),
    )


def test_errors_are_taken_within_questions_then_averaged() -> None:
    truth = Truth.of(rated(2.0, 6.0))
    forecast = make_forecast((2.0, 4.0, 5.0, 3.0, 2.0, 4.0, 1.0))
    # A: off by 1, 0, 1, 4; B: by 0, 2. The vote does not count.
    assert value_of(mean_absolute_error(truth, forecast), truth) == pytest.approx((1.5 + 1) / 2)
    root = (np.sqrt(18 / 4) + np.sqrt(4 / 2)) / 2
    assert value_of(root_mean_square_error(truth, forecast), truth) == pytest.approx(root)
    assert mean_absolute_error(truth, forecast).n == 6


def test_rank_correlation_shares_middle_ranks() -> None:
    truth = Truth.of(rated())
    forecast = make_forecast((3.0, 2.0, 5.0, 6.0, 1.0))
    # Ranks of ratings 1, 2.5, 2.5, 4, of expectations 2, 1, 3, 4; less 2.5: products sum to
    # 0.75 + 0 + 0 + 2.25 = 3, squares to 4.5 and 5.
    assert value_of(rank_correlation(truth, forecast), truth) == pytest.approx(3 / np.sqrt(22.5))


def test_rank_correlation_is_only_about_order() -> None:
    truth = Truth.of(rated(1.0, 2.0, 3.0))
    said = truth.agreement
    assert value_of(rank_correlation(truth, make_forecast(said)), truth) == pytest.approx(1)
    assert value_of(
        rank_correlation(truth, make_forecast(1 + said**2 / 9)), truth
    ) == pytest.approx(1)
    assert value_of(rank_correlation(truth, make_forecast(8 - said)), truth) == pytest.approx(-1)


def test_rank_correlation_is_undefined_for_one_value() -> None:
    truth = Truth.of(rated())
    assert np.isnan(value_of(rank_correlation(truth, make_forecast([4.0] * 5)), truth))


@pytest.mark.parametrize("measure", [mean_absolute_error, root_mean_square_error, rank_correlation])
def test_weights_are_repeated_people(measure) -> None:
    truth = Truth.of(rated(2.0, 6.0, 3.0))
    forecast = make_forecast((3.0, 2.0, 5.0, 6.0, 1.0, 5.5, 2.5, 1.0))
    drawn = np.array([[2.0, 1.0, 1.0, 3.0, 1.0]])
    weighted = measure(truth, forecast).of(Weights(drawn, np.ones((1, 1))))[0]
    rows = np.repeat(np.arange(8), drawn[0][truth.person].astype(int))
    repeated = Truth(
        *(getattr(truth, name)[rows] for name in ("agreement", "agreed", "decided", "graded")),
        question=truth.question[rows],
        person=truth.person[rows],
        question_conversation=truth.question_conversation,
        person_conversation=truth.person_conversation,
    )
    assert weighted == pytest.approx(
        value_of(measure(repeated, make_forecast(forecast.expected[rows])), repeated)
    )


@pytest.mark.parametrize("measure", [mean_absolute_error, rank_correlation])
def test_nothing_graded_is_undefined(measure) -> None:
    truth = Truth.of(make_table(make_judgement("ana", "s", 1)))
    assert np.isnan(measure(truth, make_forecast([3.0])).of(once(truth))[0])


def test_normal_bounds_reach_one_point_28_spreads_and_stay_on_the_scale() -> None:
    bounds = normal_bounds(make_forecast((4.0, 6.5, NAN), 1.0))
    np.testing.assert_allclose(bounds.low, (4 - 1.2815515655, 6.5 - 1.2815515655, NAN))
    np.testing.assert_allclose(bounds.high, (4 + 1.2815515655, 7.0, NAN))


def test_coverage_counts_graded_ratings_inside_ends_included() -> None:
    truth = Truth.of(rated())
    bounds = Bounds(np.array([1.0, 4.5, NAN, 6.0, 1.0]), np.array([2.0, 5.0, NAN, 7.0, 2.0]))
    # 1 lies in 1-2, 4 not in 4.5-5, the third has none, 7 in 6-7; the vote does not count.
    assert value_of(coverage(truth, bounds), truth) == pytest.approx(2 / 3)
    assert coverage(truth, bounds).n == 3
    assert value_of(width(truth, bounds), truth) == pytest.approx(2.5 / 3)


def test_normal_ratings_are_covered_as_promised() -> None:
    rng = np.random.default_rng(1)
    ratings = np.clip(rng.normal(4, 0.8, 4000), 1, 7)
    table = make_table(
        *(make_judgement(f"p{k}", "s", x, scale="agreement") for k, x in enumerate(ratings))
    )
    truth = Truth.of(table)
    share = value_of(coverage(truth, normal_bounds(make_forecast([4.0] * 4000, 0.8))), truth)
    assert share == pytest.approx(0.8, abs=0.02)
