"""Which arm the measures prefer, with exact intervals."""

from __future__ import annotations

import math

import numpy as np
import pytest

from acuerdo.evaluate.drafts.comparing import questions_of
from acuerdo.evaluate.drafts.exact import binomial_interval, sign_test
from acuerdo.evaluate.drafts.signs import outcomes, preference
from tests.evaluate.drafts.drafting import make_material

NAN = math.nan
ONE = {
    # groups:                 0     1     2     3     4     5
    "valid": np.array([1.0, 1.0, 0.5, 1.0, NAN, 0.5]),
    "agreement mean": np.array([5.0, 4.0, 4.0, 4.0, NAN, NAN]),
    "agreement minimum": np.array([3.0, 3.0, 2.0, 3.0, NAN, 7.0]),
    "words": np.array([10.0, 10.0, 10.0, 10.0, 10.0, 10.0]),
}
OTHER = {
    "valid": np.array([0.5, 1.0, 1.0, 1.0, 1.0, 1.0]),
    "agreement mean": np.array([4.0, 5.0, 4.5, 4.0 + 1e-12, 5.0, 7.0]),
    "agreement minimum": np.array([4.0, 2.0, 2.5, 3.0, 5.0, NAN]),
    "words": np.array([90.0, 90.0, 90.0, 90.0, 90.0, 90.0]),
}
WON = [1.0, 0.5, 0.0, 0.5, NAN, 0.0]
"""Votes (for one, for the other): 2-1, 1-1 and a tie, 0-3, all equal, nothing to compare, 0-1."""


def test_the_arm_with_more_votes_is_preferred() -> None:
    np.testing.assert_array_equal(outcomes(ONE, OTHER), WON)
    np.testing.assert_array_equal(outcomes(OTHER, ONE), [1 - won for won in WON])


def test_measures_that_only_describe_have_no_vote() -> None:
    words_only = {"words": ONE["words"]}
    assert np.isnan(outcomes(words_only, {"words": OTHER["words"]})).all()
    np.testing.assert_array_equal(outcomes(ONE, OTHER, ["words"]), np.zeros(6))


def test_ties_count_half_and_what_cannot_be_compared_not_at_all() -> None:
    found = preference(np.array(WON), np.array([0, 0, 1, 1, 2, 2]))
    assert (found.preferred, found.tied, found.other, found.groups) == (1, 2, 2, 5)
    assert found.share == 0.4
    assert found.statistic.n == 5
    # 2 of 5, the half ties rounded outwards: the interval of (1 + 2/2) of 5.
    assert found.exact == binomial_interval(2, 5)
    nothing = preference(np.array([NAN]), np.array([0]))
    assert math.isnan(nothing.share)
    assert math.isnan(nothing.exact.low)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # From R: binom.test(9, 10)$conf.int and so on.
        (9, 10, 0.5549839, 0.9974714),
        (0, 5, 0.0, 0.5218238),
        (5, 5, 0.4781762, 1.0),
        (27, 30, 0.7347115, 0.9788829),
        (270, 300, 0.8603267, 0.9315083),
    ],
)
def test_exact_intervals(successes: int, trials: int, low: float, high: float) -> None:
    found = binomial_interval(successes, trials)
    assert (found.low, found.high) == (pytest.approx(low, abs=2e-7), pytest.approx(high, abs=2e-7))
    mirrored = binomial_interval(trials - successes, trials)
    assert mirrored.low == pytest.approx(1 - high, abs=2e-7)


def test_half_successes_widen_the_interval() -> None:
    half = binomial_interval(4.5, 10)
    assert half.low == binomial_interval(4, 10).low
    assert half.high == binomial_interval(5, 10).high


def test_the_sign_test_is_exact_and_two_sided() -> None:
    assert sign_test(9, 1) == sign_test(1, 9) == 22 / 1024
    assert sign_test(5, 5) == sign_test(0, 0) == 1.0
    assert sign_test(10, 0) == 2 / 1024
    assert 0 < sign_test(2000, 0) < 1e-300 or sign_test(2000, 0) == 0


def test_questions_are_numbered_as_they_appear() -> None:
    materials = [make_material(str(n), question=q) for n, q in enumerate("baab")]
    assert questions_of(materials).tolist() == [0, 1, 1, 0]
