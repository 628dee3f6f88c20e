from __future__ import annotations

import numpy as np
import pytest

from acuerdo.domain.errors import InputError
from acuerdo.questions.topics import projecting, projection
from tests.questions.topics.blobs import blobs


def apart(places: np.ndarray, truth: np.ndarray) -> float:
    """Return the share of points whose nearest other point is of the same crowd."""
    distances = np.linalg.norm(places[:, None] - places, axis=2)
    np.fill_diagonal(distances, np.inf)
    return float((truth[distances.argmin(axis=1)] == truth).mean())


@pytest.mark.parametrize("up_to", [20_000, 10])
def test_crowds_stay_together_on_the_map(up_to: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projecting, "NEIGHBOUR_MAP_UP_TO", up_to)
    vectors, truth = blobs((20, 20, 20))
    places = projection(vectors, 0)
    assert places.shape == (60, 2)
    assert apart(places, truth) == 1.0
    np.testing.assert_allclose(places.mean(axis=0), 0, atol=1e-6)
    assert np.linalg.norm(places, axis=1).max() == pytest.approx(1)
    np.testing.assert_array_equal(places, projection(vectors, 0))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 9, 10])
def test_few_vectors_have_places(count: int) -> None:
    vectors, _ = blobs((6, 4))
    places = projection(vectors[:count], 0)
    assert places.shape == (count, 2)
    assert np.isfinite(places).all()


@pytest.mark.parametrize("count", [4, 30])
def test_equal_vectors_lie_on_one_place(count: int) -> None:
    np.testing.assert_array_equal(projection(np.ones((count, 5), np.float32), 0), 0)


def test_what_is_no_vector_is_refused() -> None:
    with pytest.raises(InputError, match="not finite"):
        projection(np.array([[1.0, np.inf]]), 0)
