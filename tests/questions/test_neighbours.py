"""Both indexes against one contract: who is nearest, growing, saving, and what they refuse."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from acuerdo.domain.errors import InputError, SettingsError, StorageError
from acuerdo.ports import Vectors
from acuerdo.questions.distinct import SAME_MEANING
from acuerdo.questions.neighbours import (
    EXACT_UP_TO,
    NOBODY,
    ApproximateNeighbours,
    ExactNeighbours,
    Neighbours,
    index_for,
)

DIMENSIONS = 64
Make = Callable[[int], Neighbours]


@pytest.fixture(params=[ExactNeighbours, ApproximateNeighbours])
def make(request: pytest.FixtureRequest) -> Make:
    found: Make = request.param
    return found


def unit(count: int, seed: int, dimensions: int = DIMENSIONS) -> Vectors:
    values = np.random.default_rng(seed).normal(size=(count, dimensions)).astype(np.float32)
    values /= np.linalg.norm(values, axis=1, keepdims=True)
    return values


def near(vectors: Vectors, spread: float, seed: int) -> Vectors:
    moved = vectors + spread * unit(len(vectors), seed, vectors.shape[1])
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), np.float32)


def test_neighbours_above_the_threshold_are_found(make: Make) -> None:
    held = unit(3000, 1)
    queries = near(held[:600], 0.5, 2)
    index = make(DIMENSIONS)
    index.add(np.arange(3000), held)
    ids, similarities = index.nearest(queries)
    all_of_them = queries @ held.T
    truth = all_of_them.argmax(axis=1)
    over = all_of_them.max(axis=1) >= SAME_MEANING
    assert over.sum() > 300
    assert (ids[over, 0] == truth[over]).mean() >= 0.99
    found = all_of_them[np.arange(600), ids[:, 0]]
    np.testing.assert_allclose(similarities[:, 0], found, atol=1e-3)


def test_the_nearest_come_first(make: Make) -> None:
    index = make(DIMENSIONS)
    held = unit(200, 1)
    index.add(np.arange(200) + 1000, held)
    ids, similarities = index.nearest(held[:20], 5)
    assert ids.shape == similarities.shape == (20, 5)
    assert ids[:, 0].tolist() == list(range(1000, 1020))
    assert (np.diff(similarities, axis=1) <= 1e-6).all()
    expected = np.argsort(-(held[:20] @ held.T), axis=1, kind="stable")[:, :5] + 1000
    assert (ids == expected).mean() > 0.95


def test_what_is_added_later_is_found_as_well(make: Make) -> None:
    index = make(DIMENSIONS)
    held = unit(2500, 3)
    for start in range(0, 2500, 500):
        index.add(np.arange(start, start + 500), held[start : start + 500])
        assert len(index) == start + 500
        ids, _ = index.nearest(held[: start + 500])
        assert (ids[:, 0] == np.arange(start + 500)).mean() > 0.99


def test_an_index_with_too_few_says_nobody(make: Make) -> None:
    index = make(DIMENSIONS)
    ids, similarities = index.nearest(unit(2, 1), 3)
    assert (ids == NOBODY).all() and np.isneginf(similarities).all()
    index.add(np.array([7]), unit(1, 1))
    ids, similarities = index.nearest(unit(1, 1), 3)
    assert ids.tolist() == [[7, NOBODY, NOBODY]]
    assert similarities[0, 0] == pytest.approx(1, abs=1e-3)
    assert index.nearest(unit(0, 1), 3)[0].shape == (0, 3)


def test_an_id_is_given_once(make: Make) -> None:
    index = make(DIMENSIONS)
    index.add(np.arange(3), unit(3, 1))
    for ids in (np.array([3, 3]), np.array([4, 2])):
        with pytest.raises(InputError, match="already"):
            index.add(ids, unit(2, 2))
    assert len(index) == 3


@pytest.mark.parametrize(
    ("vectors", "says"),
    [
        (unit(2, 1, DIMENSIONS + 1), "shape"),
        (unit(3, 1), "shape"),
        (2 * unit(2, 1), "length 1"),
        (np.full((2, DIMENSIONS), np.nan, np.float32), "length 1"),
    ],
)
def test_what_is_no_unit_vector_is_refused(make: Make, vectors: Vectors, says: str) -> None:
    with pytest.raises(InputError, match=says):
        make(DIMENSIONS).add(np.arange(2), vectors)


def test_saved_indexes_answer_alike(make: Make, tmp_path: Path) -> None:
    index = make(DIMENSIONS)
    index.add(np.arange(300), unit(300, 1))
    path = tmp_path / "new folder" / "index"
    index.save(path)
    assert [file.name for file in path.parent.iterdir()] == ["index"]
    queries = unit(50, 2)
    loaded: list[Neighbours] = (
        [ExactNeighbours.load(path)]
        if make is ExactNeighbours
        else [
            ApproximateNeighbours.load(path, DIMENSIONS),
            ApproximateNeighbours.view(path, DIMENSIONS),
        ]
    )
    for one in loaded:
        for found, expected in zip(one.nearest(queries, 3), index.nearest(queries, 3), strict=True):
            np.testing.assert_array_equal(found, expected)
    loaded[0].add(np.array([300]), unit(1, 5))
    assert len(loaded[0]) == 301


def test_a_viewed_index_does_not_grow(tmp_path: Path) -> None:
    index = ApproximateNeighbours(DIMENSIONS)
    index.add(np.arange(3), unit(3, 1))
    index.save(tmp_path / "index")
    viewed = ApproximateNeighbours.view(tmp_path / "index", DIMENSIONS)
    with pytest.raises(InputError, match="viewed"):
        viewed.add(np.array([3]), unit(1, 2))


def test_damaged_indexes_are_named(tmp_path: Path) -> None:
    (tmp_path / "index").write_bytes(b"not an index at all")
    for read in (
        ExactNeighbours.load,
        lambda path: ApproximateNeighbours.load(path, DIMENSIONS),
        lambda path: ApproximateNeighbours.view(path, DIMENSIONS),
    ):
        for path in (tmp_path / "index", tmp_path / "nothing"):
            with pytest.raises(StorageError, match=path.name):
                read(path)
    index = ApproximateNeighbours(DIMENSIONS)
    index.add(np.arange(3), unit(3, 1))
    index.save(tmp_path / "other")
    with pytest.raises(StorageError, match="dimensions"):
        ApproximateNeighbours.load(tmp_path / "other", DIMENSIONS + 1)


def test_size_picks_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(index_for(EXACT_UP_TO, 8), ExactNeighbours)
    assert isinstance(index_for(EXACT_UP_TO + 1, 8), ApproximateNeighbours)
    monkeypatch.setitem(sys.modules, "usearch.index", None)
    assert isinstance(index_for(0, 8), ExactNeighbours)
    with pytest.raises(SettingsError, match=r"acuerdo\[questions\]"):
        index_for(EXACT_UP_TO + 1, 8)
