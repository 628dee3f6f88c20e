"""Replies: lines lose what lists put around them and nothing else."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acuerdo.questions.replies import candidates_in


@pytest.mark.parametrize(
    "line",
    [
        "Should trams be free?",
        "  Should trams be free?  ",
        "1. Should trams be free?",
        "12) Should trams be free?",
        "(3) Should trams be free?",
        "- Should trams be free?",
        "• Should trams be free?",
        "* **Should trams be free?**",
        "**1. Should trams be free?**",
        "4. “Should trams be free?”",
        '"Should trams be free?",',
        "Question 2: Should trams be free?",
        "Q: Should trams be free?",
        "## Should trams be free?",
        "Should\u200b trams be\u00a0free?",
    ],
)
def test_what_lists_put_around_a_line_goes(line: str) -> None:
    assert candidates_in(line) == ("Should trams be free?",)


@pytest.mark.parametrize(
    "line",
    [
        "3-day weeks should be the rule, shouldn't they?",
        "Is “fair trade” fair?",
        "“Yes” or “no”?",
        "¿Deberían los tranvías ser gratis?",
    ],
)
def test_what_belongs_to_a_line_stays(line: str) -> None:
    assert candidates_in(line) == (line,)


def test_every_line_with_words_is_a_candidate() -> None:
    reply = "Here are two:\n\n1. Is tax fair?\n---\n2. Is rain wet?\n3.\n"
    assert candidates_in(reply) == ("Here are two:", "Is tax fair?", "Is rain wet?")


def test_numbered_questions_on_one_line_are_taken_apart() -> None:
    assert candidates_in("1. Is tax fair? 2. Is rain wet?") == ("Is tax fair?", "Is rain wet?")


@pytest.mark.parametrize(
    ("reply", "finish", "last"),
    [
        ("Is tax fair?\nShould we", "length", "Is tax fair?"),
        ("Is tax fair?\nShould we\n", "length", "Should we"),
        ("Is tax fair?\nShould we?", "length", "Should we?"),
        ("Is tax fair?\nShould we", "stop", "Should we"),
    ],
)
def test_only_an_unfinished_last_line_of_a_cut_reply_is_dropped(
    reply: str, finish: Literal["stop", "length"], last: str
) -> None:
    assert candidates_in(reply, finish)[-1] == last


def test_a_cut_reply_of_one_line_has_nothing() -> None:
    assert candidates_in("Should we", "length") == ()


def test_thinking_aloud_is_no_part_of_a_reply() -> None:
    assert candidates_in("<think>\nIs it? Maybe.\n</think>\nIs tax fair?") == ("Is tax fair?",)
    assert candidates_in("<think>\nIs it? May", "length") == ()


@given(st.text(max_size=200))
def test_whatever_comes_is_lines_with_letters(reply: str) -> None:
    for line in candidates_in(reply):
        assert "\n" not in line
        assert line == line.strip()
        assert any(letter.isalpha() for letter in line)
