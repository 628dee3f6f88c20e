"""Majority and minority swap places, and verbs agree with whoever speaks now."""

from __future__ import annotations

import pytest

from acuerdo.draft.pairing import voices_swapped

SWAPPED = (
    ("Most of us would keep it.", "One of us would keep it."),
    ("Most of us want a ban.", "One of us wants a ban."),
    ("One of us is worried.", "Most of us are worried."),
    ("One of us has doubts, most of us have none.", "Most of us have doubts, one of us has none."),
    ("It should stay, most of us think.", "It should stay, one of us thinks."),
    ("In the view of most of us, it works.", "In the view of one of us, it works."),
    ("It makes sense to most of us.", "It makes sense to one of us."),
    ("One of us also adds a point.", "Most of us also add a point."),
    ("Most of us preferred a trial.", "One of us preferred a trial."),
    ("Most of us do not agree.", "One of us does not agree."),
    ("MOST of us worry.", "One of us worries."),
)
LEFT_ALONE = (
    "We want a ban.",  # nobody is named
    "At least one of us wants a ban.",  # a number
    "Only one of us wants a ban.",
    "Most of us, however, want a ban.",  # the verb is out of reach
    "Most of us gladly want a ban.",  # not a known verb
    "Most of us want a ban and fear delay.",  # a second verb would have to agree
)


@pytest.mark.parametrize(("statement", "swapped"), SWAPPED)
def test_voices_change_places(statement: str, swapped: str) -> None:
    assert voices_swapped(statement) == swapped


@pytest.mark.parametrize("statement", LEFT_ALONE)
def test_what_cannot_be_said_well_is_left_alone(statement: str) -> None:
    assert not voices_swapped(statement)


def test_both_voices_change_and_the_rest_stays() -> None:
    statement = "Trees help, most of us think. One of us wants shade.  Others say nothing."
    swapped = "Trees help, one of us thinks. Most of us want shade.  Others say nothing."
    assert voices_swapped(statement) == swapped
    assert voices_swapped(swapped) == statement
