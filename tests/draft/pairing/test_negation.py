"""Negated statements say the opposite, in whole sentences; anything unsure is left alone."""

from __future__ import annotations

import pytest

from acuerdo.draft.pairing import declares_split, negated

ZOOS = "Should we close zoos?"
TURNED = (
    ("We should close zoos. Animals suffer.", "We should not close zoos. Animals suffer."),
    ("Zoos shouldn't be closed.", "Zoos should be closed."),
    ("Yes, zoos should be closed.", "No, zoos should not be closed."),
    ("No, we would not close zoos.", "Yes, we would close zoos."),
    ("Most of us would keep zoos.", "Most of us would not keep zoos."),
    ("Most of us oppose zoos.", "Most of us support zoos."),
    ("We clearly support zoos.", "We clearly oppose zoos."),
    ("Many of us are against zoos.", "Many of us are in favour of zoos."),
    ("We lean towards closing zoos.", "We lean against closing zoos."),
    ("Zoos bring more harm than good.", "Zoos bring more good than harm."),
    ("A zoo does not do more good than harm at zoos.", "A zoo does more good than harm at zoos."),
    ("We believe that zoos teach.", "We do not believe that zoos teach."),
    ("We do not want zoos.", "We want zoos."),
    ("Zoos have their place.", "Zoos have no place."),
    ("Zoos are not cruel.", "Zoos are cruel."),
    ("Closing zoos is right for us.", "Closing zoos is not right for us."),
    ("Closing zoos makes sense to us.", "Closing zoos makes no sense to us."),
    ("Zoos should in most cases not be closed.", "Zoos should in most cases be closed."),
    ("We love animals. Zoos should stay.", "We love animals. Zoos should not stay."),
)
LEFT_ALONE = (
    "One of us would close zoos.",  # not the group
    "Some of us say zoos should go.",
    "We are split on whether zoos should be closed.",
    "Nobody here thinks that zoos should be closed.",
    "Whether zoos should be closed depends.",
    "Zoos help because animals should be seen.",  # a reason, not the stance
    "Everyone should have zoos.",  # "everyone should not" reads as "not everyone"
    "Zoos should also teach.",  # "should not also" says something else
    "Keepers should be paid well.",  # not about the question
    "Most of us rather like zoos.",
)


@pytest.mark.parametrize(("statement", "opposite"), TURNED)
def test_the_stance_is_turned_round_by_the_smallest_change(statement: str, opposite: str) -> None:
    assert negated(statement, ZOOS) == opposite


@pytest.mark.parametrize("statement", LEFT_ALONE)
def test_what_no_rule_fits_is_left_alone(statement: str) -> None:
    assert not negated(statement, ZOOS)


def test_one_sentence_is_changed_and_the_rest_kept_to_the_letter() -> None:
    statement = "Zoos teach children.  Most of us would keep zoos; zoos should be large.\n\nThanks."
    expected = statement.replace("would keep", "would not keep")
    assert negated(statement, ZOOS) == expected


def test_what_speaks_for_the_group_goes_before_a_side_remark_in_the_same_sentence() -> None:
    statement = "Zoos should be large, and most of us would keep zoos."
    assert negated(statement, ZOOS) == "Zoos should be large, and most of us would not keep zoos."


def test_a_remark_far_down_is_not_taken_for_the_stance() -> None:
    filler = "Animals matter. Children learn. Keepers care. "
    assert not negated(f"{filler}Zoos should be large.", ZOOS)


def test_an_answer_is_only_turned_together_with_its_sentence() -> None:
    assert not negated("Yes. Animals matter.", ZOOS)
    assert negated("Yes. Zoos should be closed.", ZOOS) == "No. Zoos should not be closed."


@pytest.mark.parametrize("statement", ["We do not all agree on zoos.", "Zoos divide us evenly."])
def test_a_split_is_recognised(statement: str) -> None:
    assert declares_split(statement)
    assert not negated(f"{statement} Zoos should be closed.", ZOOS)
