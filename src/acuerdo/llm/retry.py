"""When to try again: pure functions of the attempt, the server's wish and the time left."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

import numpy as np

_MOST_DOUBLINGS = 60


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential back-off with jitter, in seconds.

    The wait after failure number `k` (from 0) is drawn evenly between half and all of
    `first * 2**k`, never more than `ceiling`. The jitter keeps requests that failed together from
    coming back together.
    """

    first: float = 0.5
    ceiling: float = 30.0

    def wait(self, failures: int, rng: np.random.Generator) -> float:
        """Return the seconds to wait after `failures` earlier failures (0 after the first one)."""
        full = min(self.ceiling, self.first * 2.0 ** min(failures, _MOST_DOUBLINGS))
        return float(rng.uniform(full / 2, full))


BACKOFF: Final = Backoff()


def asked_wait(retry_after: str, now: float) -> float | None:
    """Return the seconds a `Retry-After` header asks for (RFC 9110, 10.2.3), None if it asks none.

    `retry_after` holds seconds or an HTTP date; `now` is the wall clock in seconds since 1970.
    A date in the past means 0.

    >>> asked_wait("120", now=0.0)
    120.0
    >>> asked_wait("Thu, 01 Jan 1970 00:01:00 GMT", now=50.0)
    10.0
    """
    try:
        seconds = float(retry_after)
    except ValueError:
        return _seconds_until(retry_after, now)
    return max(0.0, seconds) if math.isfinite(seconds) else None


def next_wait(
    backoff: Backoff,
    failures: int,
    asked: float | None,
    time_left: float,
    rng: np.random.Generator,
) -> float | None:
    """Return how long to wait before the next attempt, None if it would come too late.

    A server's own wish counts, plus a little jitter; without one the back-off decides. Waiting
    beyond the time left would only delay the bad news.
    """
    wait = backoff.wait(failures, rng)
    if asked is not None:
        wait = asked + min(wait, backoff.first)
    return wait if wait < time_left else None


def _seconds_until(date: str, now: float) -> float | None:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, moment.timestamp() - now)
