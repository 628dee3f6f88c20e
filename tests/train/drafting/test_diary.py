"""How a run stands, and how long it takes."""

from __future__ import annotations

import json
import math

import pytest

from acuerdo.train.drafting.diary import Diary, Pace, diary_of


def test_the_best_is_kept_and_waiting_counted() -> None:
    diary = Diary("tune")
    best = []
    for step, loss in enumerate((2.0, 1.5, 1.6, 1.5, 1.4), 1):
        diary.step = step
        diary.losses = [loss + 1, loss + 2]
        best.append(diary.validated(loss))
    assert best == [True, True, False, False, True]
    assert (diary.best, diary.best_step, diary.waited) == (1.4, 5, 0)
    assert [p.training_loss for p in diary.points] == pytest.approx([3.5, 3.0, 3.1, 3.0, 2.9])
    diary.step = 6
    assert not diary.validated(1.45)
    assert diary.waited == 1


def test_without_anything_held_out_the_last_is_the_best() -> None:
    diary = Diary("tune", step=3)
    assert diary.validated(math.nan)
    assert (diary.best, diary.best_step, diary.waited) == (None, 3, 0)


def test_a_diary_comes_back_from_json() -> None:
    diary = Diary("tune", step=4, losses=[0.25], samples=[{"step": 2}], tokens=9)
    diary.validated(1.25, 0.75)
    assert diary_of(json.loads(json.dumps(diary.as_json()))) == diary


def test_the_pace_counts_steps_only() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    for begin, end in ((10.0, 12.0), (50.0, 54.0)):
        now[0] = begin
        pace.begin()
        now[0] = end
        assert pace.step(300) == end - begin
    assert pace.note(10) == "100 tokens/s, 30 s left"
    assert pace.note(100) == "100 tokens/s, 5 min left"
    assert pace.wall() == 54.0
    now[0] = 60.0
    assert pace.wall() == 6.0
    pace.kept()
    now[0] = 61.0
    assert pace.since_kept() == 1.0
