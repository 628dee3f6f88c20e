"""The first split: sizes, whole topics, near-duplicates together, whatever the order."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from acuerdo.domain.errors import InputError, SettingsError
from acuerdo.domain.questions import KNOWN_TOPICS, NEW_TOPICS, SPLITS, TRAIN, DebateQuestion
from acuerdo.ports import Unwatched, Vectors
from acuerdo.questions.similar import straddling_pairs
from acuerdo.questions.split_options import SplitOptions
from acuerdo.questions.splitting import ACROSS, NOT_NEEDED, Split, placed, split
from tests.questions.placed_texts import circle
from tests.questions.split_corpora import corpus, questions

WATCH = Unwatched()
SIZES = tuple(range(10, 50))


def straddling(result: Split, vectors: Vectors, tie: float) -> list[tuple[int, int]]:
    return straddling_pairs(result.splits, vectors, tie, WATCH)


def topics_by_split(held: list[DebateQuestion], result: Split) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {name: set() for name in ("", *SPLITS)}
    for question, name in zip(held, result.splits, strict=True):
        found[name].add(question.topic)
    return found


@pytest.mark.parametrize("seed", range(4))
def test_a_split_keeps_its_promises(seed: int) -> None:
    held, vectors = corpus(SIZES, seed, across=40)
    result = split(held, vectors, SplitOptions(seed=seed))
    assert not straddling(result, vectors, 0.8)
    # The corpus would straddle if it were divided by topics alone.
    naive = [NEW_TOPICS if question.topic in result.state.held_out else TRAIN for question in held]
    assert straddling_pairs(naive, vectors, 0.8, WATCH)
    topics = topics_by_split(held, result)
    assert topics[NEW_TOPICS] == set(result.state.held_out)
    assert not topics[NEW_TOPICS] & (topics[TRAIN] | topics[KNOWN_TOPICS])
    assert topics[KNOWN_TOPICS] <= topics[TRAIN]
    out = [q.id for q, name in zip(held, result.splits, strict=True) if not name]
    assert set(result.left_out) == set(out)
    assert 0 < len(out) < 40
    assert sum(result.sizes.values()) == len(held) - len(out)
    assert result.sizes == {name: result.splits.count(name) for name in SPLITS}
    for name in SPLITS:
        assert abs(result.missed[name]) <= 0.02 * len(held), result.missed
    assert {q.topic for q in placed(held, result)} == set(range(len(SIZES)))
    assert [q.split for q in placed(held, result)] == list(result.splits)


def test_the_order_of_questions_says_nothing_and_the_seed_everything() -> None:
    held, vectors = corpus(SIZES, across=30)
    result = split(held, vectors, SplitOptions(seed=3))
    by_id = result.state.split_of()
    for seed in range(3):
        order = np.random.default_rng(seed).permutation(len(held))
        again = split([held[n] for n in order], vectors[order], SplitOptions(seed=3))
        assert again.state.split_of() == by_id
        assert again.left_out == result.left_out
        assert [again.splits[n] for n in np.argsort(order)] == list(result.splits)
    other = split(held, vectors, SplitOptions(seed=4))
    assert other.state.held_out != result.state.held_out
    assert other.state.split_of() != by_id


def test_exact_sizes_are_met_as_nearly_as_topics_allow() -> None:
    held, vectors = corpus(SIZES, across=10)
    result = split(held, vectors, SplitOptions(sizes=(700, 90, 120)))
    assert result.sizes[TRAIN] == 700
    assert result.sizes[KNOWN_TOPICS] == 90
    assert abs(result.missed[NEW_TOPICS]) <= 12
    surplus = [name for name, reason in result.left_out.items() if reason == NOT_NEEDED]
    assert len(surplus) > 200
    assert result.wanted == {TRAIN: 700, KNOWN_TOPICS: 90, NEW_TOPICS: 120}
    assert not straddling(result, vectors, 0.8)
    topics = topics_by_split(held, result)
    assert topics[KNOWN_TOPICS] <= topics[TRAIN]


def test_more_than_there_is_is_said() -> None:
    held, vectors = corpus((10, 10, 10), repeats=0)
    result = split(held, vectors, SplitOptions(sizes=(100, 5, 10)))
    assert result.sizes == {TRAIN: 15, KNOWN_TOPICS: 5, NEW_TOPICS: 10}
    assert result.missed[TRAIN] == -85


def test_as_few_as_possible_are_left_out_at_the_border() -> None:
    # One question of each topic is nearly the same as three of the other; the hub goes.
    held = questions([0, 1, 1, 1, 0, 0, 0, 1])
    vectors = circle([0, 2, 4, 6, 90, 135, 180, 225])
    result = split(held, vectors, SplitOptions(train=0.5, known_topics=0.0, new_topics=0.5))
    assert result.left_out == {"q0000": ACROSS.format("q0001")}
    assert sorted(result.sizes.values()) == [0, 3, 4]


def test_a_chain_of_near_duplicates_stays_together() -> None:
    # Neighbours are alike, the ends of the chain are not.
    held = questions([0] * 12 + [1] * 4)
    vectors = circle([*range(0, 120, 10), 200, 240, 280, 320])
    for seed in range(20):
        options = SplitOptions(train=0.5, known_topics=0.5, new_topics=0.0, tie=0.95, seed=seed)
        result = split(held, vectors, options)
        assert len(set(result.splits[:12])) == 1
        assert Counter(result.splits)[KNOWN_TOPICS] <= 3


def test_small_corpora_are_survived() -> None:
    one = split(questions([0]), circle([0]))
    assert (one.splits, one.state.held_out) == ((TRAIN,), ())
    same = split(questions([0] * 5), circle([0] * 5))
    assert set(same.splits) == {TRAIN}
    held_out = SplitOptions(train=0.1, known_topics=0.1, new_topics=0.8)
    two = split(questions([0, 1]), circle([0, 90]), held_out)
    assert sorted(two.splits) == sorted([TRAIN, NEW_TOPICS])
    with pytest.raises(InputError, match="no questions"):
        split([], circle([]))


def test_what_cannot_be_divided_is_named() -> None:
    held = questions([0, 0, 1])
    with pytest.raises(InputError, match=r"'q0002' has no topic: 'Question q 2\?'"):
        split([*held[:2], replace(held[2], topic=-1)], circle([0, 1, 2]))
    with pytest.raises(InputError, match="'q0000' comes 2 times"):
        split([held[0], *held[:2]], circle([0, 1, 2]))
    with pytest.raises(InputError, match="3 questions, but vectors of shape"):
        split(held, circle([0, 1]))


@pytest.mark.parametrize(
    "options",
    [
        {"train": 0.8, "known_topics": 0.3},
        {"train": 1.2, "known_topics": -0.1, "new_topics": -0.1},
        {"train": 0.0, "known_topics": 0.9},
        {"sizes": (0, 5, 5)},
        {"sizes": (5, -1, 5)},
        {"tie": 80.0},
    ],
)
def test_impossible_options_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        SplitOptions(**options)  # type: ignore[arg-type]
