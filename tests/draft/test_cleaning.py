"""Cleaning removes wrapping and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acuerdo.draft import clean

STATEMENT = "We want fewer cars, but not before there are buses."


@pytest.mark.parametrize(
    "reply",
    [
        f"  {STATEMENT}\n",
        f'"{STATEMENT}"',
        f"“{STATEMENT}”",
        f"**{STATEMENT}**",
        f"Statement: {STATEMENT}",
        f"Group statement: “{STATEMENT}”",
        f"**Joint statement:** {STATEMENT}",
        f"**Statement**\n\n{STATEMENT}",
        f"## A fair way forward\n\n{STATEMENT}",
        f"Here is a statement that everyone could sign:\n\n{STATEMENT}",
        f"Here's the revised statement: {STATEMENT}",
        f'Sure! Here is the statement:\n\n"{STATEMENT}"',
        f"Certainly, here is a draft:\n{STATEMENT}",
        f"Below is the statement:\n\n{STATEMENT}",
        f"Declaración conjunta: {STATEMENT}",
        f"Aquí está la declaración:\n{STATEMENT}",
        f"Hier ist die Erklärung: «{STATEMENT}»",
        f"Voici la déclaration :\n{STATEMENT}",
        f"Ecco la dichiarazione: {STATEMENT}",
        f"The statement: **“{STATEMENT}”**",
    ],
)
def test_wrapping_is_removed(reply: str) -> None:
    assert clean(reply) == STATEMENT


@pytest.mark.parametrize(
    "text",
    [
        "We agree on one thing: cars are loud.",
        "Here is where we agree. Cars are loud.",
        "“Cars are loud,” some of us say. Others say: “My shop needs them.”",
        "Certainly we do not all like cars.",
        "We want 3 * 4 trees and __init__ to stay.",
        "This is a matter of trust.",
    ],
)
def test_a_statement_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


@given(st.text(max_size=200))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
