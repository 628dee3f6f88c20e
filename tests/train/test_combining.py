"""How much each feature counts: who is compared with whom, and what planted data give back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from acuerdo.domain.errors import InputError
from acuerdo.domain.judgements import Judgement, Judgements
from acuerdo.train.combining import Rows, calibrated, fitted_weights, rows_of

pytestmark = pytest.mark.training


def judged(question: str, person: str, value: float, **changes: Any) -> Judgement:
    row: dict[str, Any] = {
        "source": "invented",
        "licence": "CC0",
        "conversation": "one",
        "language": "en",
        "question": question,
        "context": "",
        "person": person,
        "opinion": "Something.",
        "statement": f"{value} {question}",
        "value": value,
        "scale": "vote",
    }
    return Judgement(**(row | changes))


FIRST = Judgements.of(
    [
        judged("Cars?", "ana", 1),
        judged("Cars?", "ana", -1),
        judged("Cars?", "ben", 1),
        judged("Cars?", "cho", 0),
        judged("Buses?", "ana", 1),
        judged("Buses?", "ana", 0),
    ]
)
SECOND = Judgements.of(
    [
        judged("Cars?", "ana", 5, scale="five"),
        judged("Cars?", "ana", 6.5, scale="agreement"),
    ]
)


def features(table: Judgements, start: float = 0.0) -> np.ndarray:
    return start + np.arange(2.0 * len(table)).reshape(-1, 2)


def test_who_is_compared_with_whom() -> None:
    rows = rows_of([(FIRST, 1.0, features(FIRST)), (SECOND, 4.0, features(SECOND, 50))])
    ana, ana_again, ben, cho, buses, buses_again, other, other_again = rows.unit.tolist()
    assert ana == ana_again
    assert buses == buses_again
    assert other == other_again
    assert ben == cho, "single ratings are compared within their question"
    assert len({ana, buses, other, ben}) == 4
    assert sorted(set(rows.unit.tolist())) == [0, 1, 2, 3], "numbered without gaps"


def test_single_ratings_of_different_questions_are_not_compared() -> None:
    table = Judgements.of([judged("Cars?", "ana", 1), judged("Buses?", "ben", -1)])
    rows = rows_of([(table, 1.0, features(table)), (table, 1.0, features(table))])
    assert len(np.unique(rows.unit)) == 4


def test_people_weigh_their_source_s_weight_whatever_they_rate() -> None:
    rows = rows_of([(FIRST, 1.0, features(FIRST)), (SECOND, 4.0, features(SECOND))])
    np.testing.assert_allclose(rows.weight, [0.5, 0.5, 1, 1, 0.5, 0.5, 2, 2])


def test_columns_are_the_tables_own() -> None:
    rows = rows_of([(FIRST, 1.0, features(FIRST)), (SECOND, 4.0, features(SECOND, 50))])
    assert rows.agreement.tolist() == [6, 2, 6, 4, 6, 4, 7, 6.5]
    assert rows.vote.tolist() == [True] * 6 + [False] * 2
    np.testing.assert_array_equal(rows.features, np.vstack([features(FIRST), features(SECOND, 50)]))
    question = rows.question.tolist()
    assert len(set(question[:4])) == len(set(question[4:6])) == len(set(question[6:])) == 1
    assert len(set(question)) == 3


def test_a_source_in_which_nobody_gave_an_opinion_adds_nothing() -> None:
    silent = FIRST.take(np.zeros(len(FIRST), dtype=bool))
    alone = rows_of([(SECOND, 1.0, features(SECOND))])
    joined = rows_of([(silent, 1.0, features(silent)), (SECOND, 1.0, features(SECOND))])
    np.testing.assert_array_equal(joined.unit, alone.unit)
    with pytest.raises(InputError, match="nobody"):
        rows_of([(silent, 1.0, features(silent))])


def planted(people: int = 200, each: int = 8) -> tuple[np.ndarray, Rows]:
    """People who differ in how much they agree with anything, by far."""
    random = np.random.default_rng(0)
    size = people * each
    unit = np.repeat(np.arange(people), each)
    weights = np.array([0.4, -0.2, 0.0])
    inputs = random.normal(size=(size, 3)) * [1, 10, 3] + [0, 5, -2]
    level = inputs @ (weights / [1, 10, 3]) + random.normal(0, 3, people)[unit]
    agreement = 4 + 2 * (level + random.normal(0, 0.1, size))
    weight = np.full(size, 1 / each)
    no = np.zeros(size, dtype=bool)
    return weights / [1, 10, 3], Rows(inputs, agreement, no, unit, unit // 10, weight)


def test_planted_weights_are_found_whatever_people_s_level_and_a_feature_s_scale() -> None:
    weights, rows = planted()
    np.testing.assert_allclose(fitted_weights(rows), weights, atol=0.02)


def test_rows_that_weigh_more_count_more() -> None:
    weights, rows = planted()
    odd = rows.unit % 2 == 1
    agreement = np.where(odd, 8 - rows.agreement, rows.agreement)  # every second person: reversed
    for heavy, sign in ((~odd, 1), (odd, -1)):
        weight = np.where(heavy, 1.0, 1e-3)
        found = Rows(rows.features, agreement, rows.vote, rows.unit, rows.question, weight)
        np.testing.assert_allclose(fitted_weights(found), sign * weights, atol=0.02)


def test_a_feature_that_is_the_same_everywhere_counts_nothing() -> None:
    weights, rows = planted()
    rows.features[:, 1] = 0.25
    found = fitted_weights(rows)
    assert found[1] == 0
    assert found[0] == pytest.approx(weights[0], abs=0.03)


def graded(size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    latent = random.normal(size=size)
    return latent, np.clip(np.round(4 + 1.5 * latent + random.normal(0, 0.8, size)), 1, 7)


def test_the_radius_is_measured_on_graded_ratings() -> None:
    latent, rating = graded(1200, 1)
    vote = np.arange(1200) % 2 == 0
    agreement = np.where(vote, 4 + 2 * np.sign(rating - 4), rating)
    question = np.arange(1200) % 40
    rows = Rows(np.zeros((1200, 0)), agreement, vote, question, question, np.ones(1200))
    found = calibrated(latent, rows)
    fresh, actual = graded(2000, 2)
    expected, spread = found.expected_and_spread(fresh)
    inside = np.abs(actual - expected) <= found.reach(0.8) * spread
    assert 0.76 < inside.mean() < 0.84


def test_votes_alone_calibrate_too() -> None:
    latent, rating = graded(600, 3)
    agreement = 4 + 2 * np.sign(rating - 4)
    question = np.arange(600) % 30
    yes = np.ones(600, dtype=bool)
    found = calibrated(
        latent, Rows(np.zeros((600, 0)), agreement, yes, question, question, np.ones(600))
    )
    expected, _ = found.expected_and_spread(np.array([-2.0, 0.0, 2.0]))
    assert expected[0] < 3 < expected[1] < 5 < expected[2]
    assert np.isfinite(found.radius)
