"""Pairs from drafts that were read: better against worse of one group."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from acuerdo.domain.material import Grade, Material, Verdict
from acuerdo.draft import ReadPair, verdict_pairs

CATS = Material("cats", "Should we keep cats?", ("Yes.", "No."), "We are divided over cats.")


def verdicts(*grades: Grade, group: str = "cats") -> list[Verdict]:
    return [
        Verdict(group, f"{grade} {number}", grade, why="" if grade == "fine" else "side")
        for number, grade in enumerate(grades)
    ]


def pairs(*grades: Grade) -> list[tuple[str, str]]:
    return texts(verdict_pairs([CATS], verdicts(*grades)))


def texts(found: Iterable[ReadPair]) -> list[tuple[str, str]]:
    return [(one.pair.material.statement, one.pair.rejected) for one in found]


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
    assert (own.pair.reason, drawn.pair.reason) == ("side", "side")
    assert own.pair.material.author == "Ada"
    assert drawn.pair.material.author == "a drafting model"


def test_a_draft_that_several_read_counts_once_and_names_them() -> None:
    good = [Verdict("cats", "We like cats.", "fine", reader=who) for who in ("Ada", "Bo")]
    bad = [
        Verdict("cats", text, "wrong", why, who)
        for text, why, who in (("We hate cats.", "side", "Bo"), ("we hate CATS!", "count", ""))
    ]
    own, drawn = verdict_pairs([CATS], [*good, *bad])
    assert texts([own, drawn]) == [
        (CATS.statement, "We hate cats."),
        ("We like cats.", "We hate cats."),
    ]
    assert own.read_by == ("Bo", "unnamed")
    assert drawn.read_by == ("Ada", "Bo", "unnamed")
    assert own.pair.reason == drawn.pair.reason == "side"


def test_a_draft_on_which_readers_disagree_counts_for_nothing() -> None:
    read = verdicts("fine", "wrong")
    read.append(replace(read[1], grade="slip", reader="Bo"))
    assert not list(verdict_pairs([CATS], read))


def test_the_groups_own_statement_is_not_held_against_itself() -> None:
    read = [Verdict("cats", "We are divided, over cats!", "wrong", "side"), *verdicts("wrong")]
    assert texts(verdict_pairs([CATS], read)) == [(CATS.statement, "wrong 0")]


def test_a_group_with_several_statements_gives_its_pairs_once() -> None:
    several = [CATS, replace(CATS, statement="We wait."), replace(CATS, source="elsewhere")]
    found = texts(verdict_pairs(several, verdicts("wrong")))
    assert found == [(CATS.statement, "wrong 0")] * 2  # one for each source


def test_revisions_and_groups_that_nobody_read_have_no_pairs() -> None:
    revision = replace(CATS, previous="We like cats.")
    assert not list(verdict_pairs([revision], verdicts("fine", "wrong")))
    assert not list(verdict_pairs([CATS], verdicts("fine", "wrong", group="dogs")))
