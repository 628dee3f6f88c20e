"""The bootstrap: who is drawn, and that intervals are what theory says."""

from __future__ import annotations

import numpy as np
import pytest

from acuerdo.domain.errors import Cancelled
from acuerdo.evaluate.resampling import Statistic, Weights, difference_of, estimates, mean_of
from acuerdo.ports import Unwatched

TALKS = np.array([0, 1, 0, 1, 1])


def seen_weights(resamples: int = 400) -> list[Weights]:
    seen: list[Weights] = []

    def of(weights: Weights) -> np.ndarray:
        seen.append(weights)
        return np.zeros(max(len(weights.people), len(weights.conversations)))

    estimates({"a": Statistic(1, of)}, TALKS, resamples=resamples, size=5)
    return seen


def test_people_are_drawn_within_their_conversation() -> None:
    people = next(w for w in seen_weights() if len(w.people) > 1)
    assert people.conversations.tolist() == [[1.0, 1.0]]
    assert (people.people[:, TALKS == 0].sum(axis=1) == 2).all()
    assert (people.people[:, TALKS == 1].sum(axis=1) == 3).all()
    np.testing.assert_allclose(people.people.mean(axis=0), 1, atol=0.15)


def test_conversations_are_drawn_whole() -> None:
    talks = next(w for w in seen_weights() if len(w.conversations) > 1)
    assert talks.people.tolist() == [[1.0] * 5]
    assert (talks.conversations.sum(axis=1) == 2).all()
    assert set(np.unique(talks.conversations)) == {0, 1, 2}


def test_the_interval_of_a_mean_is_about_two_standard_errors_wide() -> None:
    values = np.random.default_rng(0).normal(3, 1, 400)
    found = estimates({"a": mean_of(values, np.zeros(400, int))}, np.zeros(400, int), seed=1)["a"]
    assert found.value == pytest.approx(values.mean())
    assert found.n == 400
    error = 1.96 * values.std() / 20
    assert found.low == pytest.approx(found.value - error, abs=0.02)
    assert found.high == pytest.approx(found.value + error, abs=0.02)


def test_one_conversation_has_no_interval_over_conversations() -> None:
    found = estimates({"a": mean_of(np.arange(9.0), np.zeros(9, int))}, np.zeros(9, int))["a"]
    assert np.isnan([found.conversations.low, found.conversations.high]).all()
    assert not np.isnan([found.low, found.high]).any()


def test_conversations_that_differ_widen_the_interval_over_them() -> None:
    talks = np.repeat(np.arange(8), 50)
    values = talks + np.random.default_rng(0).normal(0, 0.1, 400)
    found = estimates({"a": mean_of(values, talks)}, talks)["a"]
    within, between = (i.high - i.low for i in (found.people, found.conversations))
    assert between > 50 * within


def test_the_same_seed_gives_the_same_interval_and_another_does_not() -> None:
    values = np.random.default_rng(0).normal(size=50)
    one, again, other = (
        estimates({"a": mean_of(values, np.zeros(50, int))}, np.zeros(50, int), seed=seed)["a"]
        for seed in (1, 1, 2)
    )
    assert one.people == again.people != other.people


def test_blocks_change_nothing_that_matters() -> None:
    values = np.random.default_rng(0).normal(size=50)
    whole, blocks = (
        estimates({"a": mean_of(values, np.zeros(50, int))}, np.zeros(50, int), size=size)["a"]
        for size in (1, 1_000_000)
    )
    assert (whole.low, whole.high) == pytest.approx((blocks.low, blocks.high), abs=1e-12)


def test_differences_are_paired() -> None:
    values = np.random.default_rng(0).normal(size=300)
    one, other = (mean_of(values + shift, np.zeros(300, int)) for shift in (0.25, 0.0))
    found = estimates({"a": difference_of(one, other)}, np.zeros(300, int))["a"]
    assert (found.value, found.low, found.high) == pytest.approx((0.25, 0.25, 0.25))


def test_undefined_values_are_left_out_of_means() -> None:
    statistic = mean_of(np.array([1.0, np.nan, 4.0]), np.zeros(3, int))
    found = estimates({"a": statistic}, np.zeros(3, int), resamples=200)["a"]
    assert (found.value, found.n) == (2.5, 2)
    assert not np.isnan(found.low)


def test_nothing_at_all_is_undefined() -> None:
    none = np.empty(0, dtype=np.int64)
    found = estimates({"a": mean_of(np.empty(0), none)}, none, resamples=3)["a"]
    assert np.isnan([found.value, found.low, found.high]).all()
    assert found.n == 0


def test_a_stop_is_obeyed() -> None:
    class Stopping(Unwatched):
        def stopped(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        estimates({"a": mean_of(np.ones(3), TALKS[:3])}, TALKS[:3], watch=Stopping())
