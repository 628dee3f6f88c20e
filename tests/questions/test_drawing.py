"""Draws of seeds: repeatable, fresh for every request, mixed."""

from __future__ import annotations

from collections import Counter

import pytest

from acuerdo.questions.drawing import draw_of
from acuerdo.questions.seeds import seeds
from tests.questions.writing_parts import SEEDS


def test_a_request_draws_the_same_whatever_was_drawn_before() -> None:
    assert draw_of(7, SEEDS, 4, seed=1) == draw_of(7, SEEDS, 4, seed=1)
    draws = [draw_of(number, SEEDS, 4, seed=1) for number in range(20)]
    assert len({draw.seed for draw in draws}) == 20
    assert len({draw.shown for draw in draws}) == 20
    assert draw_of(7, SEEDS, 4, seed=2) != draw_of(7, SEEDS, 4, seed=1)


@pytest.mark.parametrize("shown", [1, 8, 10, 16])
def test_areas_and_leanings_take_turns(shown: int) -> None:
    for number in range(30):
        drawn = draw_of(number, seeds(), shown, seed=0).shown
        assert len({question.id for question in drawn}) == shown
        areas = Counter(question.area for question in drawn)
        assert len(areas) == min(shown, 8)
        assert max(areas.values()) - min(areas.values()) <= 1
        leanings = Counter(question.leans for question in drawn)
        assert abs(leanings["keep"] - leanings["change"]) <= 1


def test_every_seed_has_its_turn_in_every_place() -> None:
    drawn = [draw_of(number, SEEDS, 4, seed=0).shown for number in range(200)]
    for place in range(4):
        assert {shown[place].id for shown in drawn} == {question.id for question in SEEDS}


def test_more_than_there_are_is_all_of_them() -> None:
    assert sorted(q.id for q in draw_of(0, SEEDS, 99, seed=0).shown) == sorted(
        question.id for question in SEEDS
    )
    assert draw_of(0, (), 3, seed=0).shown == ()
