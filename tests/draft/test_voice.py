"""A model's draft speaks for the group, not for one person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from acuerdo.draft.voice import speaks_for_one

CASES = Path(__file__).parent.parent / "cases"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I think cars should go.", "en"),
        ("We agree, and I'm glad that my shop stays.", "en"),
        ("Ich finde, die Autos sollen weg.", "de"),
        ("Creo que los coches deben salir.", "es"),
        ("J'aimerais que les voitures partent.", "fr"),
        ("Penso che le auto debbano uscire.", "it"),
        ("Eu quero menos carros.", "pt"),
        ("Ik wil minder auto's.", "nl"),
    ],
)
def test_a_draft_in_the_voice_of_one_person_is_told(text: str, language: str) -> None:
    rejection = speaks_for_one(text, language)
    assert rejection is not None
    assert rejection.reason == "not_a_statement"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Some of us say: “I need my car.” We want to help them.", "en"),
        ("World War I still shapes our town.", "tlh"),
        ("ich ich ich", ""),
    ],
)
def test_quotes_and_unknown_languages_are_left_alone(text: str, language: str) -> None:
    assert speaks_for_one(text, language) is None


def test_honest_statements_speak_for_the_group() -> None:
    honest = json.loads((CASES / "honest_statements.json").read_text("utf-8"))
    told = [case["text"] for case in honest if speaks_for_one(case["text"], case["language"])]
    assert told == []
