"""Area under the curve and pairwise accuracy, by hand and by their properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acuerdo.domain.judgements import Judgements
from acuerdo.evaluate.measures.area import Contests, area_pooled, area_within
from acuerdo.evaluate.measures.levels import levels_of
from acuerdo.evaluate.measures.pairwise import accuracy_by_person, pairwise_accuracy
from acuerdo.evaluate.resampling import Weights
from acuerdo.evaluate.truth import Truth
from tests.evaluate.judging import (
    invented_table,
    make_forecast,
    make_judgement,
    make_table,
    value_of,
)

NAN = float("nan")


def two_questions() -> Judgements:
    """Question A: agreed at 5 and 3, not at 3 and 2, a pass at 7. Question B: agreed 2, not 6."""
    return make_table(
        make_judgement("ana", "s1", 1),
        make_judgement("ana", "s2", -1),
        make_judgement("ben", "s1", 1),
        make_judgement("ben", "s2", -1),
        make_judgement("ben", "s3", 0),
        make_judgement("ana", "t1", 1, question="Dogs?"),
        make_judgement("ben", "t1", -1, question="Dogs?"),
    )


EXPECTED = (5.0, 3.0, 3.0, 2.0, 7.0, 2.0, 6.0)


def test_contests_by_hand() -> None:
    rows = np.arange(6)
    group = np.array([0, 0, 0, 0, 1, 1])
    positive = np.array([True, False, True, False, True, False])
    contests = Contests.of(rows, group, np.array([5.0, 3.0, 3.0, 2.0, 2.0, 6.0]), positive)
    # Group 0: 5 beats 3 and 2; 3 ties with 3 and beats 2. Group 1: 2 loses to 6.
    assert contests.group.tolist() == [0, 1]
    assert contests.positive.tolist() == [2, 0, 4]
    assert contests.negative.tolist() == [3, 1, 5]
    assert (contests.below - contests.start).tolist() == [1, 2, 0]
    assert (contests.upto - contests.start).tolist() == [2, 2, 0]
    ones = np.ones((1, 3))
    assert contests.won(ones, ones).tolist() == [[3.5, 0.0]]
    assert contests.held(ones, ones).tolist() == [[4.0, 1.0]]


def test_area_within_is_the_mean_over_questions_without_passes() -> None:
    truth, forecast = Truth.of(two_questions()), make_forecast(EXPECTED)
    assert value_of(area_within(truth, forecast), truth) == pytest.approx((3.5 / 4 + 0) / 2)
    assert area_within(truth, forecast).n == 6


def test_area_pooled_compares_across_questions() -> None:
    truth, forecast = Truth.of(two_questions()), make_forecast(EXPECTED)
    # Agreed 5, 3, 2 against not agreed 3, 2, 6: 2 + 1.5 + 0.5 of 9.
    assert value_of(area_pooled(truth, forecast), truth) == pytest.approx(4 / 9)


def test_pairwise_by_hand() -> None:
    truth, forecast = Truth.of(two_questions()), make_forecast(EXPECTED)
    assert accuracy_by_person(truth, forecast).tolist() == [1.0, 1.0]
    tied = make_forecast((3.0, 3.0, 1.0, 2.0, 7.0, 2.0, 6.0))
    assert accuracy_by_person(truth, tied).tolist() == [0.5, 0.0]
    assert value_of(pairwise_accuracy(truth, tied), truth) == 0.25
    assert pairwise_accuracy(truth, tied).n == 2


def test_pairs_never_cross_questions_and_people_count_alike() -> None:
    truth = Truth.of(
        make_table(
            make_judgement("ana", "s1", 1),
            make_judgement("ana", "t1", -1, question="Dogs?"),
            *(make_judgement("ben", f"s{k}", (-1) ** k) for k in range(8)),
            make_judgement("eva", "s1", 1),
            make_judgement("eva", "s2", -1),
        )
    )
    expected = [1.0, 6.0, *(5.0 if k % 2 == 0 else 3.0 for k in range(8)), 2.0, 3.0]
    by_person = accuracy_by_person(truth, make_forecast(expected))
    assert np.isnan(by_person[0])
    assert by_person[1:].tolist() == [1.0, 0.0]
    assert value_of(pairwise_accuracy(truth, make_forecast(expected)), truth) == 0.5


def test_graded_pairs_compare_every_two_levels() -> None:
    truth = Truth.of(
        make_table(
            *(
                make_judgement("ana", f"s{k}", value, scale="agreement")
                for k, value in enumerate((2.0, 5.0, 5.0, 7.0))
            )
        )
    )
    # Pairs 5>2 (wrong), 5>2 (right), 7>2 (right), 7>5 (right), 7>5 (tie); 5 and 5 are no pair.
    by_person = accuracy_by_person(truth, make_forecast((3.0, 2.0, 6.0, 6.0)))
    assert by_person.tolist() == [pytest.approx(3.5 / 5)]


def test_neutral_graded_ratings_are_decided_and_not_agreed() -> None:
    table = make_table(
        make_judgement("ana", "s1", 4.0, scale="agreement"), make_judgement("ana", "s2", 0)
    )
    truth = Truth.of(table)
    assert truth.decided.tolist() == [True, False]
    assert truth.agreed.tolist() == [False, False]
    assert truth.graded.tolist() == [True, False]


@pytest.mark.parametrize("measure", [area_within, area_pooled, pairwise_accuracy])
def test_perfect_is_one_inverse_is_zero_constant_is_half(measure) -> None:
    table = invented_table(share=0.7)
    truth, said = Truth.of(table), table.agreement
    assert value_of(measure(truth, make_forecast(said)), truth) == pytest.approx(1)
    assert value_of(measure(truth, make_forecast(8 - said)), truth) == pytest.approx(0)
    assert value_of(measure(truth, make_forecast(np.full(len(said), 4.2))), truth) == 0.5


@pytest.mark.parametrize("measure", [area_within, area_pooled, pairwise_accuracy])
def test_only_the_order_matters(measure) -> None:
    table = invented_table(share=0.7)
    truth = Truth.of(table)
    expected = np.random.default_rng(3).uniform(1, 7, len(table))
    bent = 1 + 6 * ((expected - 1) / 6) ** 3
    one, other = (value_of(measure(truth, make_forecast(x)), truth) for x in (expected, bent))
    assert one == pytest.approx(other, abs=1e-12)


@pytest.mark.parametrize("measure", [area_within, area_pooled, pairwise_accuracy])
def test_undefined_without_both_kinds_or_without_answers(measure) -> None:
    truth = Truth.of(make_table(make_judgement("ana", "s1", 1), make_judgement("ana", "s2", 1)))
    assert np.isnan(value_of(measure(truth, make_forecast((3.0, 4.0))), truth))
    assert np.isnan(value_of(measure(truth, make_forecast((NAN, NAN))), truth))


def test_silent_rows_are_left_out() -> None:
    truth = Truth.of(two_questions())
    heard = make_forecast((5.0, 3.0, NAN, 2.0, 7.0, NAN, 6.0))
    assert value_of(area_within(truth, heard), truth) == 1
    assert area_within(truth, heard).n == 3


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from((3, 2000)))
def test_area_under_weights_is_the_area_of_repeated_people(seed: int, steps: int) -> None:
    """Few distinct scores: exactly; many, in levels: to the third digit."""
    rng = np.random.default_rng(seed)
    table = invented_table(people=40, statements=10, conversations=1, seed=seed)
    truth = Truth.of(table)
    expected = 1 + 6 * rng.integers(steps, size=len(table)) / steps
    drawn = rng.integers(3, size=truth.people).astype(np.float64)
    found = area_pooled(truth, make_forecast(expected)).of(Weights(drawn[None], np.ones((1, 1))))
    repeats = np.repeat(np.arange(len(table)), drawn[truth.person].astype(int))
    agreed, score = truth.agreed[repeats], expected[repeats]
    ahead = score[agreed][:, None] - score[~agreed][None, :]
    assert found[0] == pytest.approx(
        ((np.sign(ahead) + 1) / 2).mean(), abs=1e-12 if steps == 3 else 2e-3
    )


def test_levels_hold_equal_shares_and_keep_ties_together() -> None:
    group = np.array([0, 0, 0, 0, 1, 1])
    level = levels_of(group, np.array([1.0, 2.0, 2.0, 9.0, 5.0, 4.0]), levels=4)
    assert level.tolist() == [0, 2, 2, 3, 3, 1]
