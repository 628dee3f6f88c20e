"""The back-off grows, stays under its ceiling, is spread by jitter, and obeys the server."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acuerdo.llm.retry import Backoff, asked_wait, next_wait


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@given(failures=st.integers(0, 10_000), seed=st.integers(0, 100))
def test_waits_double_up_to_the_ceiling_with_up_to_half_taken_off(failures, seed) -> None:
    wait = Backoff(first=0.5, ceiling=30).wait(failures, rng(seed))
    full = 30 if failures > 5 else 0.5 * 2**failures
    assert full / 2 <= wait <= full


def test_requests_that_failed_together_do_not_come_back_together() -> None:
    waits = {round(Backoff().wait(0, rng(seed)), 6) for seed in range(50)}
    assert len(waits) == 50


def test_the_same_seed_waits_the_same() -> None:
    assert Backoff().wait(3, rng(7)) == Backoff().wait(3, rng(7))


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        ("2.5", 2.5),
        ("-3", 0.0),
        (" 7 ", 7.0),
        ("Fri, 13 Feb 2009 23:31:40 GMT", 10.0),
        ("Fri, 13 Feb 2009 23:31:40 -0000", 10.0),
        ("Fri, 13 Feb 2009 23:31:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("inf", None),
        ("nan", None),
        ("Fri, 99 Feb 2009 23:31:00 GMT", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(header: str, seconds: float | None) -> None:
    assert asked_wait(header, now=1234567890.0) == seconds


@given(header=st.text(max_size=40))
def test_no_header_breaks_the_reader(header: str) -> None:
    wait = asked_wait(header, now=0.0)
    assert wait is None or wait >= 0


def test_the_servers_wish_is_kept_with_a_little_jitter() -> None:
    wait = next_wait(Backoff(first=0.5), 4, asked=20.0, time_left=100.0, rng=rng())
    assert wait is not None
    assert 20.0 < wait <= 20.5


@pytest.mark.parametrize("asked", [None, 60.0])
def test_nobody_waits_beyond_the_time_left(asked: float | None) -> None:
    assert next_wait(Backoff(first=20.0), 0, asked, time_left=5.0, rng=rng()) is None
