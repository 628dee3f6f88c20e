from __future__ import annotations

import numpy as np
import pytest

from acuerdo.domain.errors import Cancelled, SettingsError
from acuerdo.ports import Unwatched
from acuerdo.questions.topics import choose_k, choosing


@pytest.mark.parametrize("true", [3, 5])
def test_the_true_number_of_crowds_is_the_most_stable(true: int) -> None:
    rng = np.random.default_rng(1)
    centres = np.eye(8)[:true]
    vectors = (np.repeat(centres, 40, axis=0) + rng.normal(0, 0.1, (40 * true, 8))).astype("f4")
    chosen = choose_k(vectors, [2, 3, 4, 5, 7, 10], 0)
    assert chosen.k == true
    assert chosen.stability[true] == pytest.approx(1.0)
    assert chosen == choose_k(vectors, [10, 7, 5, 4, 3, 2, 2], 0)


def test_only_a_sample_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "SAMPLE", 40)
    vectors = np.random.default_rng(0).normal(size=(500, 4)).astype(np.float32)
    chosen = choose_k(vectors, [2, 10, 11, 300], 0)
    assert list(chosen.stability) == [2, 10]


@pytest.mark.parametrize("candidates", [[], [1, 0, -3], [26]])
def test_candidates_that_do_not_fit_are_told(candidates: list[int]) -> None:
    with pytest.raises(SettingsError, match="100 questions allow"):
        choose_k(np.eye(100, dtype=np.float32), candidates, 0)


def test_equal_vectors_do_no_harm() -> None:
    assert choose_k(np.ones((40, 3), np.float32), [2, 5], 0).k == 2


def test_it_can_be_stopped() -> None:
    class Stops(Unwatched):
        def stopped(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        choose_k(np.eye(100, dtype=np.float32), [5], 0, Stops())
