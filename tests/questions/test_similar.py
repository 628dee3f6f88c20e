"""Pairs above a threshold, the groups they form, and pairs that straddle splits."""

from __future__ import annotations

import numpy as np
import pytest

from acuerdo.ports import Unwatched, Vectors
from acuerdo.questions import similar
from acuerdo.questions.similar import groups_of, similar_pairs, straddling_pairs
from tests.questions.placed_texts import circle

WATCH = Unwatched()


def clouds(count: int, of: int, seed: int) -> Vectors:
    random = np.random.default_rng(seed)
    middles = np.repeat(random.normal(size=(count, 48)), of, axis=0)
    found = middles + 0.35 * random.normal(size=middles.shape)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return np.asarray(random.permutation(found), np.float32)


def test_every_pair_is_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = clouds(60, 5, 1)
    products = np.triu(vectors @ vectors.T, 1)
    expected = set(zip(*(places.tolist() for places in np.nonzero(products >= 0.8)), strict=True))
    assert len(expected) > 300
    for cells in (1 << 24, 300 * 16):
        monkeypatch.setattr(similar, "_CELLS", cells)
        left, right = similar_pairs(vectors, 0.8, WATCH)
        pairs = list(zip(left.tolist(), right.tolist(), strict=True))
        assert len(pairs) == len(set(pairs))
        assert set(pairs) == expected


def test_among_many_the_same_groups_are_found() -> None:
    vectors = clouds(60, 5, 2)
    exact = similar_pairs(vectors, 0.8, WATCH)
    near = similar_pairs(vectors, 0.8, WATCH, all_pairs_up_to=10)
    pairs = set(zip(*(side.tolist() for side in near), strict=True))
    assert len(pairs) == len(near[0])
    assert pairs <= set(zip(*(side.tolist() for side in exact), strict=True))
    assert len(pairs) >= 0.99 * len(exact[0])


def test_groups_are_what_pairs_connect() -> None:
    left, right = np.array([5, 1, 3]), np.array([3, 2, 0])
    assert groups_of(6, left, right).tolist() == [0, 1, 1, 0, 4, 0]
    assert groups_of(0, left[:0], right[:0]).tolist() == []


def test_pairs_that_straddle() -> None:
    vectors = circle([0, 5, 10, 90])
    splits = ["train", "new_topics", "", "train"]
    assert straddling_pairs(splits, vectors, 0.9, WATCH) == [(0, 1)]
    assert straddling_pairs(["train"] * 4, vectors, 0.9, WATCH) == []


def test_nothing_and_one_have_no_pairs() -> None:
    for vectors in (circle([]), circle([3])):
        left, right = similar_pairs(vectors, 0.5, WATCH)
        assert len(left) == len(right) == 0
