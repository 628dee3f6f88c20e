"""Which statements are well received: counted by hand, and never judged by what was seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from acuerdo.domain.judgements import Judgement, Judgements
from acuerdo.train.popularity import (
    ENOUGH,
    Received,
    centred,
    fitted_popularity,
    folds_of,
    received,
    ridge,
)


def vote(conversation: str, question: str, person: str, statement: str, value: float) -> Judgement:
    return Judgement(
        source="invented",
        licence="CC0",
        conversation=conversation,
        language="en",
        question=question,
        context="",
        person=person,
        opinion="Something.",
        statement=statement,
        value=value,
        scale="vote",
    )


def test_levels_and_weights_by_hand() -> None:
    first = Judgements.of(
        [
            vote("one", "Cars?", "a", "Ban them", 1),
            vote("one", "Cars?", "b", "Ban them", 1),
            vote("one", "Cars?", "a", "Keep them", -1),
            vote("one", "Buses?", "a", "Ban them", 0),
        ]
    )
    other = Judgements.of([vote("one", "Cars?", "z", "Ban them", -1)])
    found = received([(first, 1.0), (other, 3.0)])
    assert found.texts == ("Ban them", "Keep them", "Ban them", "Ban them")
    assert found.sheet.tolist() == [0, 0, 1, 2], "a question of each source"
    assert found.whole.tolist() == [0, 0, 0, 1], "a conversation of each source"
    # Votes are 1, 0 or -1; two neutral ones are added.
    np.testing.assert_allclose(found.level, [2 / 4, -1 / 3, 0, -1 / 3])
    np.testing.assert_allclose(found.weight, [2 / ENOUGH, 1 / ENOUGH, 1 / ENOUGH, 3 / ENOUGH])


def test_from_some_number_of_ratings_on_a_statement_weighs_no_more() -> None:
    rows = [vote("one", "Cars?", str(k), "Ban them", 1) for k in range(ENOUGH + 40)]
    assert received([(Judgements.of(rows), 2.0)]).weight.tolist() == [2.0]


@pytest.mark.parametrize("folds", [2, 3, 5])
def test_folds_never_split_a_conversation_and_are_of_a_size(folds: int) -> None:
    whole = np.repeat(np.arange(12), np.random.default_rng(0).integers(3, 9, 12))
    fold = folds_of(whole, folds, seed=1)
    for one in range(12):
        assert len(np.unique(fold[whole == one])) == 1
    sizes = np.bincount(fold, minlength=folds)
    assert sizes.max() - sizes.min() <= 8, "no further apart than one conversation is long"
    np.testing.assert_array_equal(fold, folds_of(whole, folds, seed=1))


def test_seeds_deal_conversations_of_one_size_differently() -> None:
    whole = np.repeat(np.arange(20), 4)
    assert (folds_of(whole, 4, seed=0) != folds_of(whole, 4, seed=1)).any()


def test_centred_by_hand() -> None:
    values, group = np.array([1.0, 3.0, 5.0, 9.0]), np.array([0, 0, 1, 1])
    assert centred(values, group).tolist() == [-1, 1, -2, 2]
    weight = np.array([3.0, 1.0, 1.0, 0.0])
    assert centred(values, group, weight).tolist() == [-0.5, 1.5, 0, 4]
    both = centred(np.column_stack([values, -values]), group, weight)
    assert both.tolist() == [[-0.5, 0.5], [1.5, -1.5], [0, 0], [4, -4]]


def test_ridge_by_hand() -> None:
    # (1 * 1 * 2 + 3 * 2 * 2) / (1 * 1 + 3 * 4 + 1)
    found = ridge(np.array([[1.0], [2.0]]), np.array([2.0, 2.0]), np.array([1.0, 3.0]), 1.0)
    assert found == pytest.approx([1.0])


def test_without_penalty_ridge_is_weighted_least_squares() -> None:
    random = np.random.default_rng(2)
    inputs, target = random.normal(size=(40, 5)), random.normal(size=40)
    weight = random.uniform(0.1, 2, 40)
    root = np.sqrt(weight)
    wanted = np.linalg.lstsq(inputs * root[:, None], target * root, rcond=None)[0]
    np.testing.assert_allclose(ridge(inputs, target, weight, 0.0), wanted, atol=1e-9)


def test_a_penalty_shrinks() -> None:
    random = np.random.default_rng(3)
    inputs, target = random.normal(size=(40, 5)), random.normal(size=40)
    norms = [np.linalg.norm(ridge(inputs, target, np.ones(40), p)) for p in (0, 1, 10, 1e3, 1e9)]
    assert (np.diff(norms) < 0).all()
    assert norms[-1] < 1e-6


def planted(seed: int = 4) -> tuple[np.ndarray, Received]:
    """Statements of which half hold a popular word (column 0); conversations differ in level."""
    random = np.random.default_rng(seed)
    whole = np.repeat(np.arange(8), 30)
    inputs = random.normal(size=(240, 12))
    inputs[:, 0] = random.integers(0, 2, 240)
    level = 0.6 * inputs[:, 0] + random.normal(0, 0.3, 240) + random.normal(0, 2, 8)[whole]
    texts = tuple(str(k) for k in range(240))
    return inputs, Received(texts, whole.copy(), whole, level, np.ones(240))


def test_a_popular_word_is_found_and_helps_where_it_was_not_seen() -> None:
    inputs, found = planted()
    fold = folds_of(found.whole, 4, seed=0)
    weights, unseen = fitted_popularity(inputs, found, fold=fold, penalty=1.0)
    assert weights[0] == pytest.approx(0.6, abs=0.1)
    assert np.abs(weights[1:]).max() < 0.1
    popular = inputs[:, 0] > 0
    assert unseen[popular].mean() - unseen[~popular].mean() > 0.4


def test_what_is_judged_was_not_seen() -> None:
    inputs, found = planted()
    fold = folds_of(found.whole, 4, seed=0)
    own = fold == 2
    level = np.where(own, -found.level, found.level)
    _, before = fitted_popularity(inputs, found, fold=fold, penalty=1.0)
    _, after = fitted_popularity(inputs, replace(found, level=level), fold=fold, penalty=1.0)
    np.testing.assert_array_equal(after[own], before[own])
    assert np.abs(after[~own] - before[~own]).max() > 0.01


def test_how_agreeable_a_question_s_people_are_does_not_matter() -> None:
    inputs, found = planted()
    fold = folds_of(found.whole, 4, seed=0)
    raised = replace(found, level=found.level + 5.0 * found.sheet)
    np.testing.assert_allclose(
        fitted_popularity(inputs, raised, fold=fold, penalty=1.0)[0],
        fitted_popularity(inputs, found, fold=fold, penalty=1.0)[0],
        atol=1e-9,
    )
