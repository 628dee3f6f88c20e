"""Whether two sentences of a model or a person can be the sides of a question."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from acuerdo.questions import MISFITS, fits

QUESTION = "Should private cars be banned from the town centre?"
YES = "Private cars should be banned from the town centre."
NO = "Private cars should not be banned from the town centre."
SEEDS = [
    json.loads(line)
    for line in (files("acuerdo.questions") / "data/seeds.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize(
    ("yes", "no", "reason"),
    [
        ("", NO, "empty"),
        (YES, " . ", "empty"),
        (QUESTION, NO, "asks"),
        (YES, "Should they? No.", "asks"),
        (YES + " They stink.", NO, "several_sentences"),
        (YES, YES.upper(), "same"),
        (YES, "The private cars should be really banned from a town centre.", "no_opposite"),
        (NO, YES, "swapped"),
        ("Dogs should be kept on a lead.", NO, "far_from_question"),
        (YES, "Dogs should not be let into shops.", "far_from_question"),
        (YES[:-1] + " because of all" + " the noise and" * 12 + " smoke.", NO, "too_long"),
    ],
)
def test_what_cannot_be_a_side_is_told_why(yes: str, no: str, reason: str) -> None:
    assert fits(QUESTION, yes, no) == reason
    assert MISFITS[reason]


@pytest.mark.parametrize(
    "no",
    [
        NO,
        "Private cars should stay in the town centre.",
        "The town centre should remain open to private cars.",
        "It is wrong to ban private cars from the town centre.",
    ],
)
def test_a_negating_side_may_be_put_freely(no: str) -> None:
    assert fits(QUESTION, YES, no) == ""


def test_the_same_words_in_another_order_can_be_the_opposite() -> None:
    question = "Do the benefits of tourism outweigh its costs?"
    yes, no = (
        "The benefits of tourism outweigh its costs.",
        "Its costs outweigh the benefits of tourism.",
    )
    assert fits(question, yes, no) == ""


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_was_written_for_the_seeds_fits_and_not_when_swapped(language: str) -> None:
    for seed in SEEDS:
        question, yes, no = (seed[f"{key}{language}"] for key in ("", "affirm_", "negate_"))
        assert fits(question, yes, no) == ""
        assert fits(question, no, yes) == "swapped"
