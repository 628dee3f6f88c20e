"""The numbers by which two back ends are compared, on readings made up by hand."""

from __future__ import annotations

import numpy as np
import pytest

from acuerdo.api.adapter_check import difference


def logs(*rows: list[float]) -> np.ndarray:
    values = np.log(np.array(rows))
    return values.astype(np.float32)


ONE = logs([0.5, 0.3, 0.2], [0.2, 0.2, 0.6])


def test_a_reading_does_not_differ_from_itself() -> None:
    found = difference(ONE, ONE)
    assert (found.mean, found.largest, found.same_first, found.divergence) == (0, 0, 1, 0)
    assert found.correlation == pytest.approx(1)


def test_every_number_by_hand() -> None:
    """Position 0 trades its first two tokens: both are off by ln(5/3), the third by nothing."""
    found = difference(ONE, logs([0.3, 0.5, 0.2], [0.2, 0.2, 0.6]))
    off = np.log(5 / 3)
    assert found.largest == pytest.approx(off, rel=1e-5)
    assert found.mean == pytest.approx(2 * off / 6, rel=1e-5)
    assert found.same_first == 0.5
    assert found.divergence == pytest.approx((0.5 * off - 0.3 * off) / 2, rel=1e-5)
    assert found.correlation < 1


def test_unlikely_tokens_do_not_count() -> None:
    rng = np.random.default_rng(0)
    first = rng.normal(size=(2, 300)).astype(np.float32)
    second = first.copy()
    np.put_along_axis(second, np.argsort(-first, axis=1)[:, 100:], -50.0, axis=1)
    assert difference(first, second).largest == 0
