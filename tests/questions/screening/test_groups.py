"""Groups are masked alike, things that only carry a group's adjective are not taken for people."""

from __future__ import annotations

import pytest

from acuerdo.questions.screening.groups import WORDINGS, mask_groups

GROUPS = (
    "Jews",
    "Muslims",
    "black people",
    "the Chinese",
    "Polish families",
    "gay men",
    "disabled children",
    "people of the Jewish faith",
    "people with Down's syndrome",
    "those people",
    "certain communities",
    "Roma and Travellers",
    "people who pray to another god",
)


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_reads_the_same(group: str) -> None:
    masked = mask_groups(f"Should {group} be driven out?")
    assert masked.rules == "should PEOPLE be driven out?"
    assert masked.wordings[0] == "Should members of that ethnic group be driven out?"
    assert masked.groups == {"PEOPLE"}


@pytest.mark.parametrize("group", ["los gitanos", "las personas con discapacidad", "esa gente"])
def test_so_it_is_in_spanish(group: str) -> None:
    masked = mask_groups(f"¿Deberían {group} irse?")
    assert masked.rules == "¿deberian PEOPLE irse?"
    assert masked.wordings[0] == "¿Deberían miembros de ese grupo étnico irse?"


def test_a_thing_is_not_people() -> None:
    assert mask_groups("Should Chinese apps be banned?").rules == "should ORIGIN apps be banned?"
    assert mask_groups("Should black paint be banned?").groups == {"ORIGIN"}


def test_migrants_and_women_have_marks_of_their_own_and_the_same_wordings() -> None:
    women, refugees, jews = map(
        mask_groups, ("Should women vote?", "Should the refugees vote?", "Should Jews vote?")
    )
    assert (women.rules, refugees.rules) == ("should GENDER vote?", "should MIGRANTS vote?")
    assert women.wordings == refugees.wordings == jews.wordings
    assert len(jews.wordings) == len(WORDINGS["en"])
    assert women.alike == jews.alike == jews.rules


def test_groups_in_a_row_are_one() -> None:
    masked = mask_groups("Should Jews, Muslims and refugees vote?")
    assert masked.rules == "should PEOPLE vote?"
    assert masked.wordings[1] == "Should immigrants vote?"


def test_an_expression_that_only_hints_is_named() -> None:
    assert mask_groups("Should those people leave?").euphemism == "those people"
    assert mask_groups("Should Jews leave?").euphemism == ""


def test_a_text_without_groups_stays() -> None:
    masked = mask_groups("Should the library open on Sundays?")
    assert masked.wordings == ("Should the library open on Sundays?",)
    assert masked.groups == frozenset()
