"""What a debate question looks like, and why other texts are none."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acuerdo.questions import FORM_FAULTS, cleaned, form_fault

SEEDS = [
    json.loads(line)
    for line in (files("acuerdo.questions") / "data/seeds.jsonl").read_text("utf-8").splitlines()
]

FAULTY = [
    ("", "empty"),
    (" \n ", "empty"),
    ("?!", "empty"),
    ("Should shops\u200b close on Sundays?", "control_characters"),
    ("Should shops close\x07 on Sundays?", "control_characters"),
    ("Should " + "very " * 40 + "old laws go?", "too_long"),
    ("Should " + "x" * 240 + " be banned at last?", "too_long"),
    ("Ban all cars?", "too_short"),
    ("Should [group] pay more tax?", "placeholder"),
    ("Should we close the ... on Sundays?", "placeholder"),
    ("Shops should close on Sundays.", "not_a_question"),
    ("Should shops close? Should bars close?", "several_questions"),
    ("Should shops close, and if so, should bars close too?", "several_questions"),
    ("Traffic is bad. Should we ban private cars?", "several_sentences"),
    ("Does this question matter to the people?", "refers_to_prompt"),
    ("Is the above a good idea for towns?", "refers_to_prompt"),
    ("Why should shops close on Sundays?", "open_question"),
    ("To what extent should shops be free?", "open_question"),
    ("Shops should close on Sundays?", "not_yes_or_no"),
    ("Should we spend more or less on schools?", "either_or"),
    ("Is tourism good or bad for a small town?", "either_or"),
    ("Should we keep coins, or move to cards?", "either_or"),
    ("Should parents decide, or should schools decide?", "either_or"),
    ("Должны ли магазины закрываться по воскресеньям?", "wrong_script"),
]
FAULTY_ES = [
    ("Deberían cerrar las tiendas los domingos?", "no_opening_mark"),
    ("¿Por qué deberían cerrar las tiendas los domingos?", "open_question"),
    ("¿Hasta qué punto deberían cerrar las tiendas?", "open_question"),
    ("¿Las tiendas cerradas los domingos por la tarde?", "not_yes_or_no"),
    ("¿Es bueno o malo el turismo para los pueblos?", "either_or"),
    ("¿Deberían decidir los padres o deberían decidir las escuelas?", "either_or"),
    ("¿Es importante esta pregunta para la gente?", "refers_to_prompt"),
]
PROPER = [
    "Should dogs or cats be allowed in shops?",
    "Should people pay a fine if they drop litter or break a bench?",
    "If a town grows, should it build a tram?",
    "Do you think that museums should be free?",
    "Isn't it time to lower the voting age?",
    "is it fair to tax sugar?",
    "Should we use metric units (metres, litres, etc.) in schools?",
    "Should trade unions decide whether or not shops open?",
]


@pytest.mark.parametrize(("text", "fault"), FAULTY)
def test_what_is_no_question_is_told_why(text: str, fault: str) -> None:
    assert form_fault(text) == fault
    assert FORM_FAULTS[fault]


@pytest.mark.parametrize(("text", "fault"), FAULTY_ES)
def test_what_is_no_spanish_question_is_told_why(text: str, fault: str) -> None:
    assert form_fault(text, "es") == fault


@pytest.mark.parametrize("text", PROPER)
def test_a_proper_question_passes(text: str) -> None:
    assert form_fault(text) == ""


@pytest.mark.parametrize("language", ["en", "es"])
def test_all_seeds_pass_and_stay_as_they_are(language: str) -> None:
    texts = [seed[language] for seed in SEEDS]
    assert len(texts) == 152
    assert {form_fault(text, language) for text in texts} == {""}
    assert [cleaned(text) for text in texts] == texts


def test_other_languages_are_judged_by_marks_and_length() -> None:
    assert form_fault("Sollen Läden sonntags schließen?", "de") == ""
    assert form_fault("Läden sollen sonntags schließen.", "de") == "not_a_question"


@pytest.mark.parametrize(
    "wrapped",
    [
        "12. Should shops close on Sundays?",
        "12) Should shops close on Sundays?",
        "- **Should shops close on Sundays?**",
        "* “Should shops close on Sundays?”",
        "Question 3: Should shops close on Sundays?",
        "**Debate question:** Should shops close on Sundays?",
        "Q: Should  shops\nclose on Sundays??",
        '"Should shops close on Sundays?",',
        "> Should shops close on Sundays ?",
        "(a) Should shops\u200b close on Sundays?",
    ],
)
def test_what_models_put_around_a_question_is_taken_off(wrapped: str) -> None:
    assert cleaned(wrapped) == "Should shops close on Sundays?"


@pytest.mark.parametrize(
    "text",
    [
        "Should 16-year-olds vote in elections?",
        "A new tram line: should we build it?",
        "Is 'fair trade' worth its price?",
        "20 % of homes stand empty, should they be taxed?",
        "1.5 million people live abroad: should they vote?",
    ],
)
def test_what_belongs_to_a_question_stays(text: str) -> None:
    assert cleaned(text) == text


def test_a_very_long_text_is_only_too_long() -> None:
    assert form_fault("Should we " + "think and " * 500 + "act?") == "too_long"
    assert form_fault(cleaned("\x00" * 5000)) == "empty"
    assert form_fault(cleaned("1. " * 1700 + "Should shops close early?")) == "too_long"


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.characters(exclude_characters="\u200c\u200d"), max_size=300),
    st.sampled_from(["en", "es", "de"]),
)
def test_any_text_is_cleaned_once_and_judged(text: str, language: str) -> None:
    once = cleaned(text)
    assert cleaned(once) == once
    assert "\n" not in once
    assert form_fault(text, language) in {"", *FORM_FAULTS}
    assert form_fault(once, language) != "control_characters"
