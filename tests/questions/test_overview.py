"""Nearest neighbours and the plane of a whole corpus."""

from __future__ import annotations

import numpy as np
import pytest

from acuerdo.domain.errors import Cancelled
from acuerdo.ports import Progress, Unwatched
from acuerdo.questions.overview import nearest_others, principal_plane


class Stopped(Unwatched):
    def report(self, progress: Progress) -> None: ...

    def stopped(self) -> bool:
        return True


def unit(count: int, dimensions: int = 16) -> np.ndarray:
    rows = np.random.default_rng(0).normal(size=(count, dimensions)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_the_nearest_other_one_is_found_and_never_the_question_itself() -> None:
    vectors = unit(1500)
    vectors[7] = vectors[1300]
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -2)
    other, similarity = nearest_others(vectors, Unwatched())
    assert (other != np.arange(1500)).all()
    assert (other[7], other[1300]) == (1300, 7)
    np.testing.assert_array_equal(other, cosines.argmax(axis=1))
    np.testing.assert_allclose(similarity, cosines.max(axis=1), atol=1e-5)


def test_one_question_has_no_neighbour() -> None:
    other, similarity = nearest_others(unit(1), Unwatched())
    assert other.tolist() == [-1]
    assert np.isnan(similarity).all()
    assert len(nearest_others(unit(0), Unwatched())[0]) == 0


def test_the_search_can_be_stopped() -> None:
    with pytest.raises(Cancelled):
        nearest_others(unit(10), Stopped())


def test_the_plane_is_that_of_a_singular_value_decomposition() -> None:
    vectors = unit(3000) * np.linspace(3, 0.2, 16, dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    places, share = principal_plane(vectors)
    centred = vectors - vectors.mean(axis=0)
    left, scale, _ = np.linalg.svd(centred, full_matrices=False)
    expected = left[:, :2] * scale[:2]
    np.testing.assert_allclose(np.abs(places), np.abs(expected), atol=1e-4)
    assert share == pytest.approx((scale[:2] ** 2).sum() / (scale**2).sum(), abs=1e-4)
    assert (places[np.abs(places).argmax(axis=0), [0, 1]] > 0).all()


@pytest.mark.parametrize("vectors", [unit(0), unit(1), np.ones((4, 1), np.float32)])
def test_too_little_for_a_plane_is_a_point(vectors: np.ndarray) -> None:
    places, share = principal_plane(vectors)
    assert places.shape == (len(vectors), 2)
    assert not places.any()
    assert share == 0
