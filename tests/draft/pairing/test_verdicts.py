"""Pairs from drafts that were read: better against worse of one group."""

from __future__ import annotations

from dataclasses import replace

from acuerdo.domain.material import Grade, Material, Verdict
from acuerdo.draft import verdict_pairs

CATS = Material("cats", "Should we keep cats?", ("Yes.", "No."), "We are divided over cats.")


def verdicts(*grades: Grade, group: str = "cats") -> list[Verdict]:
    return [
        Verdict(group, f"{grade} {number}", grade, why="" if grade == "fine" else "side")
        for number, grade in enumerate(grades)
    ]


def pairs(*grades: Grade) -> list[tuple[str, str]]:
    found = verdict_pairs([CATS], verdicts(*grades))
    return [(pair.material.statement, pair.rejected) for pair in found]


def test_wrong_drafts_are_held_against_fine_ones_in_turn_and_one_against_the_groups_own() -> None:
    assert pairs("fine", "wrong", "fine", "wrong", "slip") == [
        (CATS.statement, "wrong 1"),
        ("fine 0", "wrong 1"),
        ("fine 2", "wrong 3"),
        ("fine 0", "slip 4"),
    ]


def test_a_slip_is_better_than_wrong_where_nothing_is_fine() -> None:
    assert pairs("slip", "wrong", "wrong") == [
        (CATS.statement, "wrong 1"),
        ("slip 0", "wrong 1"),
        ("slip 0", "wrong 2"),
    ]


def test_where_all_are_wrong_the_groups_own_statement_is_better() -> None:
    assert pairs("wrong", "wrong") == [(CATS.statement, "wrong 0"), (CATS.statement, "wrong 1")]


def test_equal_grades_tell_nothing() -> None:
    assert pairs("slip", "slip") == pairs("fine", "fine") == []


def test_a_pair_says_the_fault_and_who_wrote_the_better_one() -> None:
    own, drawn = verdict_pairs([replace(CATS, author="Ada")], verdicts("fine", "wrong"))
    assert (own.reason, drawn.reason) == ("side", "side")
    assert own.material.author == "Ada"
    assert drawn.material.author == "a drafting model"


def test_revisions_and_groups_that_nobody_read_have_no_pairs() -> None:
    revision = replace(CATS, previous="We like cats.")
    assert not list(verdict_pairs([revision], verdicts("fine", "wrong")))
    assert not list(verdict_pairs([CATS], verdicts("fine", "wrong", group="dogs")))
