"""Counting runs every rule on the same ballots, repeatably, and can be watched and stopped."""

from __future__ import annotations

import numpy as np
import pytest

from acuerdo.api.counting import count_ballots
from acuerdo.choose import RULES
from acuerdo.domain.ballots import Ballots
from acuerdo.domain.errors import Cancelled, SettingsError
from acuerdo.ports import Progress

BALLOTS = Ballots(np.array([[0, 1, 2], [2, 0, 1], [1, 2, 0]]), ("A", "B", "C"), np.array([2, 2, 2]))


class Stopping:
    """Stops after some reports."""

    def __init__(self, after: int) -> None:
        self.seen: list[Progress] = []
        self._after = after

    def report(self, progress: Progress) -> None:
        self.seen.append(progress)

    def stopped(self) -> bool:
        return len(self.seen) >= self._after


def test_every_rule_is_counted_and_measured_by_default() -> None:
    count = count_ballots(BALLOTS, slate=2, seed=3)
    assert list(count.choices) == list(count.margins) == list(RULES)
    assert len(count.slate) == 2
    assert count.margins["utilitarian"].kind == "none"


def test_leaving_rules_out_does_not_change_how_others_break_ties() -> None:
    everything = count_ballots(BALLOTS, seed=5).choices["schulze"]
    assert everything == count_ballots(BALLOTS, ["schulze"], seed=5).choices["schulze"]
    assert len(everything.winners) > 1


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(SettingsError, match="no rule"):
        count_ballots(BALLOTS, ["dictator"])


def test_a_count_can_be_watched_and_stopped() -> None:
    watch = Stopping(after=2)
    with pytest.raises(Cancelled):
        count_ballots(BALLOTS, watch=watch)
    assert [progress.note for progress in watch.seen] == list(RULES)[:2]
