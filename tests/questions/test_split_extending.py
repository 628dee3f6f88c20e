"""Additions to a frozen split: nobody ever moves, and no newcomer ties two splits together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acuerdo.domain.errors import Cancelled, InputError, StorageError
from acuerdo.domain.questions import KNOWN_TOPICS, NEW_TOPICS, SPLITS, TRAIN, UNSETTLED
from acuerdo.ports import Progress, Unwatched, Vectors
from acuerdo.questions.similar import straddling_pairs
from acuerdo.questions.split_extending import Extension, Newcomers, extend
from acuerdo.questions.split_options import SplitOptions
from acuerdo.questions.split_state import CARD, SplitState, centroids_of, load_split, save_split
from acuerdo.questions.splitting import split
from tests.questions.placed_texts import circle
from tests.questions.split_corpora import corpus, units

WATCH = Unwatched()
HELD, VECTORS = corpus(range(6, 26), seed=1, across=20)
TOPICS = np.array([question.topic for question in HELD])
MOST = 120
FIRST = split(HELD, VECTORS, SplitOptions(seed=1)).state


def newcomers(seed: int, count: int = MOST) -> Newcomers:
    """Near repetitions of old questions, mixtures of two of a topic, and new ones of a topic."""
    random = np.random.default_rng(seed)
    rows = random.integers(len(VECTORS), size=MOST)
    mates = [random.choice(np.flatnonzero(np.equal(TOPICS, TOPICS[row]))) for row in rows]
    one, other = VECTORS[rows], VECTORS[mates]
    kind = random.integers(3, size=(MOST, 1))
    noise = units(random.normal(size=one.shape))
    values = np.where(kind == 0, one + 0.3 * noise, np.where(kind == 1, one + other, one + noise))
    return Newcomers(tuple(f"n{seed}-{n}" for n in range(count)), units(values)[:count])


def added(state: SplitState, vectors: Vectors) -> Extension:
    return extend(state, Newcomers(tuple("abcdefgh"[: len(vectors)]), vectors), WATCH)


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 40), st.randoms(use_true_random=False)),
        min_size=1,
        max_size=4,
    )
)
def test_no_sequence_of_additions_moves_anybody(additions: list[tuple[int, int, object]]) -> None:
    state = FIRST
    vectors = {question.id: vector for question, vector in zip(HELD, VECTORS, strict=True)}
    for seed, count, shuffled in additions:
        news = newcomers(seed, count)
        order = list(range(count))
        shuffled.shuffle(order)  # type: ignore[attr-defined]
        # Some come a second time, or are old questions handed in again with another vector.
        again = Newcomers(
            (*(news.ids[n] for n in order), *FIRST.ids[:5]),
            np.concatenate([news.vectors[order], np.roll(VECTORS, 7, axis=0)[:5]]),
        )
        extension = extend(state, again, WATCH)
        before, after = state.split_of(), extension.state.split_of()
        assert {name: after[name] for name in before} == before
        assert extension.state.topics[: len(state.ids)] == state.topics
        assert set(again.ids) <= set(after) | set(extension.rejected)
        assert not set(after) & set(extension.rejected)
        vectors |= {
            name: vector
            for name, vector in zip(news.ids, news.vectors, strict=True)
            if name in after
        }
        state = extension.state
    held_out = set(FIRST.held_out)
    for topic, name in zip(state.topics, state.splits, strict=True):
        assert (name == NEW_TOPICS) == (topic in held_out) or not name
    everything = np.stack([vectors[name] for name in state.ids])
    assert not straddling_pairs(state.splits, everything, 0.8, WATCH)


def test_the_order_within_one_addition_says_nothing() -> None:
    news = newcomers(9)
    one = extend(FIRST, news, WATCH)
    order = np.random.default_rng(0).permutation(120)
    other = extend(FIRST, Newcomers(tuple(news.ids[n] for n in order), news.vectors[order]), WATCH)
    assert one.state.split_of() == other.state.split_of()
    assert one.rejected == other.rejected
    names = one.state.splits[len(FIRST.ids) :]
    assert all(names.count(name) > 1 for name in SPLITS)
    assert len(one.rejected) > 3


def state_on_a_circle() -> SplitState:
    vectors = circle([0, 5, 90, 95, 180, 185])
    topics = (0, 0, 1, 1, 2, 2)
    labels, centroids = centroids_of(topics, vectors)
    return SplitState(
        options=SplitOptions(tie=0.95, seed=2),
        held_out=(2,),
        labels=labels,
        centroids=centroids,
        ids=tuple("ijklmn"),
        splits=(TRAIN, TRAIN, TRAIN, KNOWN_TOPICS, NEW_TOPICS, NEW_TOPICS),
        topics=topics,
        left_out={},
        vectors=vectors.astype(np.float16),
    )


def test_who_is_near_a_question_goes_where_it_is() -> None:
    state = state_on_a_circle()
    found = added(state, circle([10, 195, 112])).state
    assert found.splits[6:] == (TRAIN, NEW_TOPICS, KNOWN_TOPICS)
    assert found.topics[6:] == (0, 2, 1)


def test_who_would_tie_two_splits_together_is_rejected() -> None:
    found = added(state_on_a_circle(), circle([92, 300]))
    assert list(found.rejected) == ["a"]
    assert "k (train) and l (known_topics)" in found.rejected["a"]
    assert found.state.ids[6:] == ("b",)


def test_a_newcomer_counts_for_those_after_it() -> None:
    # 202 is near a held-out question, 218 and 234 each near the one before alone.
    found = added(state_on_a_circle(), circle([202, 218, 234]))
    assert found.state.splits[6:] == (NEW_TOPICS,) * 3
    later = added(state_on_a_circle(), circle([202]))
    later = extend(later.state, Newcomers(("z",), circle([218])), WATCH)
    assert later.state.splits[6:] == (NEW_TOPICS,) * 2


def test_a_held_out_topic_keeps_to_itself() -> None:
    state = state_on_a_circle()
    # 137 is nearest to the middle of topic 1 (92.5), 140 to that of topic 2 (182.5).
    assert added(state, circle([137])).state.splits[6:] != (NEW_TOPICS,)
    assert added(state, circle([140])).state.splits[6:] == (NEW_TOPICS,)
    reaching = extend(state, Newcomers(("x",), circle([122])), WATCH)
    assert reaching.state.splits[6:] != (NEW_TOPICS,)
    wide = extend(
        replace(reaching.state, options=SplitOptions(tie=0.94)),
        Newcomers(("y",), circle([140])),
        WATCH,
    )
    assert "topic 2 is held out" in wide.rejected["y"]


def test_by_rule_the_shares_are_met() -> None:
    vectors = units(np.random.default_rng(0).normal(size=(1500, 64)))
    extension = extend(FIRST, Newcomers(tuple(map(str, range(1500))), vectors), WATCH)
    names = extension.state.splits[len(FIRST.ids) :]
    known = names.count(KNOWN_TOPICS) / (names.count(TRAIN) + names.count(KNOWN_TOPICS))
    assert known == pytest.approx(1 / 9, abs=0.03)
    assert not extension.rejected


def test_a_frozen_split_places_only_what_is_new() -> None:
    news = newcomers(3, 30)
    later = [
        *[replace(question, topic=UNSETTLED) for question in HELD],
        *[replace(HELD[0], id=name, topic=UNSETTLED) for name in news.ids],
    ]
    result = split(later, np.concatenate([VECTORS, news.vectors]), frozen=FIRST)
    held = FIRST.split_of()
    assert result.splits[: len(HELD)] == tuple(held[question.id] for question in HELD)
    placed = [name for name in result.splits[len(HELD) :] if name]
    assert len(placed) + sum(name in result.left_out for name in news.ids) == 30
    assert result.state.ids[: len(FIRST.ids)] == FIRST.ids
    assert UNSETTLED not in result.topics[: len(HELD)]


def test_a_saved_split_is_the_same(tmp_path: Path) -> None:
    save_split(FIRST, tmp_path / "split")
    found = load_split(tmp_path / "split")
    for name in ("options", "held_out", "labels", "ids", "splits", "topics", "left_out"):
        assert getattr(found, name) == getattr(FIRST, name)
    np.testing.assert_array_equal(found.vectors, FIRST.vectors)
    np.testing.assert_array_equal(found.centroids, FIRST.centroids)
    news = newcomers(5)
    assert (
        extend(found, news, WATCH).state.split_of() == extend(FIRST, news, WATCH).state.split_of()
    )


def test_saving_again_leaves_one_split(tmp_path: Path) -> None:
    save_split(FIRST, tmp_path)
    later = extend(FIRST, newcomers(5), WATCH).state
    save_split(later, tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
    assert load_split(tmp_path).ids == later.ids


def test_a_damaged_split_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=str(tmp_path)):
        load_split(tmp_path)
    save_split(FIRST, tmp_path)
    (arrays,) = tmp_path.glob("*.npz")
    arrays.write_bytes(arrays.read_bytes()[:2000])
    with pytest.raises(StorageError, match="can be read"):
        load_split(tmp_path)
    (tmp_path / CARD).write_text("{}")
    with pytest.raises(StorageError):
        load_split(tmp_path)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(InputError, match="comes twice"):
        extend(FIRST, Newcomers(("a", "a"), VECTORS[:2]), WATCH)
    with pytest.raises(InputError, match="64 dimensions"):
        extend(FIRST, Newcomers(("a",), circle([3])), WATCH)


def test_a_watcher_stops_an_addition() -> None:
    class Stopped:
        def report(self, progress: Progress) -> None:
            raise AssertionError(progress)

        def stopped(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        extend(FIRST, newcomers(0), Stopped())
