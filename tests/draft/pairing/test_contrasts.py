"""Contrasting pairs: the group's own statement against one that is known to be wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from acuerdo.domain.material import DraftPair, Material
from acuerdo.draft.pairing import Side, contrasting_pairs, labels_of, majority, side_of

FOR = ("Cats are kind", "Cats are quiet.", "Cats hunt mice.")
AGAINST = ("Cats bite!", "Cats kill birds.", "Cats scratch.")
LABELS = labels_of([*((text, 1) for text in FOR), *((text, -1) for text in AGAINST)])
WANTS = "We would keep cats."
REFUSES = "We would not keep cats."


def material(group: str, opinions: Sequence[str], statement: str, **more: str) -> Material:
    made = Material(group, "Should we keep cats?", tuple(opinions), statement, split="train")
    return replace(made, **more)


FRIENDS = material("friends", FOR, WANTS)
FOES = material("foes", AGAINST, REFUSES)


def other_sides(*materials: Material, seed: int = 0) -> list[DraftPair]:
    return list(contrasting_pairs(materials, LABELS, kinds=["other_side"], seed=seed))


def test_the_side_of_a_composite_opinion_is_that_of_its_arguments() -> None:
    assert side_of("Cats hunt mice. cats are kind", LABELS) == 1
    assert side_of("Cats bite!", LABELS) == -1
    assert side_of("Cats bite! Cats are kind.", LABELS) == 0
    assert side_of("Cats bite! And more.", LABELS) == 0


def test_a_group_with_an_unknown_side_has_no_majority() -> None:
    cases: list[tuple[tuple[Side, ...], Side]] = [
        ((1, 1, -1), 1),
        ((1, -1), 0),
        ((-1, -1, 0), 0),
        ((), 0),
    ]
    assert [majority(sides) for sides, _ in cases] == [side for _, side in cases]


def test_the_other_sides_statement_is_the_worse_one() -> None:
    pairs = other_sides(FRIENDS, FOES)
    assert [(pair.material, pair.rejected) for pair in pairs] == [
        (FRIENDS, REFUSES),
        (FOES, WANTS),
    ]
    assert {pair.reason for pair in pairs} == {"other_side"}


def test_groups_that_take_no_clear_side_are_not_paired() -> None:
    even = material("even", (FOR[0], AGAINST[0]), "We would keep some cats.")
    unknown = material("unknown", (FOR[0], FOR[1], "Cats."), "Cats, yes.")
    torn = material("torn", (*FOR, AGAINST[0]), "We are divided on cats.")
    assert not other_sides(FOES, even, unknown, torn)


def test_other_questions_and_other_splits_are_not_paired() -> None:
    assert not other_sides(FRIENDS, replace(FOES, question="Should we keep dogs?"))
    assert not other_sides(FRIENDS, replace(FOES, split="test"))


def test_a_revision_is_held_against_a_revision_where_there_is_one() -> None:
    revision = replace(FOES, statement="We never keep cats.", previous=REFUSES)
    mine = replace(FRIENDS, statement="We keep two cats.", previous=WANTS)
    against = {pair.material: pair.rejected for pair in other_sides(FRIENDS, FOES, revision, mine)}
    assert against[mine] == "We never keep cats."
    assert against[FRIENDS] == REFUSES
    assert {pair.material: pair.rejected for pair in other_sides(FOES, mine)}[mine] == REFUSES


def test_the_same_seed_draws_the_same_other_group_whatever_else_is_there() -> None:
    foes = [material(f"foes{n}", AGAINST, f"We would not keep {n} cats.") for n in range(6)]
    first = other_sides(FRIENDS, *foes)[0].rejected
    assert other_sides(*reversed(foes), FRIENDS)[-1].rejected == first
    drawn = {other_sides(FRIENDS, *foes, seed=seed)[0].rejected for seed in range(12)}
    assert len(drawn) > 2


def test_every_kind_is_made_and_named_and_differs_from_the_better_one() -> None:
    spoken = material("spoken", FOR, "Most of us would keep cats.")
    pairs = list(contrasting_pairs([spoken, FOES], LABELS))
    assert [(pair.material.group, pair.reason, pair.rejected) for pair in pairs] == [
        ("spoken", "other_side", REFUSES),
        ("spoken", "negated", "Most of us would not keep cats."),
        ("spoken", "voices", "One of us would keep cats."),
        ("foes", "other_side", "Most of us would keep cats."),
        ("foes", "negated", "We would keep cats."),
    ]
    assert all(pair.rejected != pair.material.statement for pair in pairs)


def test_the_same_words_are_no_pair() -> None:
    assert not other_sides(FRIENDS, replace(FOES, statement="We would keep CATS!"))


def test_rules_for_english_leave_other_languages_alone() -> None:
    assert not list(contrasting_pairs([replace(FRIENDS, language="nl")]))
