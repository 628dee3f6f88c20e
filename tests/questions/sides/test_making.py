"""Both sides of a question: their form for any question, their words for many kinds of them."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acuerdo.domain.text import comparable
from acuerdo.questions import Sides, fits, sides_of

SEEDS = [
    json.loads(line)
    for line in (files("acuerdo.questions") / "data/seeds.jsonl").read_text("utf-8").splitlines()
]
CASES = Path(__file__).parent.parent.parent / "cases/question_sides.jsonl"
TURNED = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
WORDS = """
the a town people who that work be paid more to fair good ban of and, not shops in is help any ever
all (really) “noise” children's 20 %
"""
# Seeds that the rules leave to a person or a model.
LEFT = {"en": 1, "es": 2}
# Their authors reworded these, or left the verb in front where the rules move it, or the reverse.
OTHERWISE = {"en": 0, "es": 10}


@pytest.mark.parametrize("case", TURNED, ids=lambda case: case["question"])
def test_a_question_is_turned_into_both_answers(case: dict[str, str]) -> None:
    assert sides_of(case["question"], case["language"]) == Sides(case["yes"], case["no"])


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_seeds_have_the_sides_that_were_written_for_them(language: str) -> None:
    made = [sides_of(seed[language], language) for seed in SEEDS]
    written = [Sides(seed[f"affirm_{language}"], seed[f"negate_{language}"]) for seed in SEEDS]
    assert made.count(None) <= LEFT[language]
    other = [mine for mine, theirs in zip(made, written, strict=True) if mine and mine != theirs]
    assert len(other) <= OTHERWISE[language]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_sides_of_seeds_have_the_form_of_sides(language: str) -> None:
    for seed in SEEDS:
        question = seed[language]
        sides = sides_of(question, language)
        if sides is None:
            continue
        assert sides.affirming != sides.negating
        for side in (sides.affirming, sides.negating):
            assert side[0].isupper() and side.endswith(".") and not side.endswith("..")
            assert "?" not in side and "¿" not in side
        assert fits(question, sides.affirming, sides.negating) == ""
        yes, no = (comparable(side).split() for side in (sides.affirming, sides.negating))
        assert sorted(no) == sorted([*yes, "no" if language == "es" else "not"])


@pytest.mark.parametrize(
    "question",
    [
        "Should nobody be allowed to smoke?",
        "Should we spend more or less on schools?",
        "Should shops close, and if so, should bars close too?",
        "Why should shops close?",
        "Shops should close.",
        "Should?",
        "",
        "Should we " + "really " * 100 + "go?",
    ],
)
def test_where_the_rules_are_not_sure_nothing_is_made(question: str) -> None:
    assert sides_of(question) is None


def test_a_language_without_rules_has_no_sides() -> None:
    assert sides_of("Sollen Läden sonntags schließen?", "de") is None


def test_the_negation_can_be_in_capitals() -> None:
    sides = sides_of("Should zoos be closed?", capitals=True)
    assert sides == Sides("Zoos should be closed.", "Zoos should NOT be closed.")
    spanish = sides_of("¿Deberían los zoos cerrar?", "es", capitals=True)
    assert spanish is not None
    assert spanish.negating == "Los zoos NO deberían cerrar."


@pytest.mark.parametrize(
    "auxiliary", ["Should", "Will", "Is", "Are", "Does", "Did", "Has", "Ought"]
)
@settings(max_examples=40, deadline=None)
@given(words=st.lists(st.sampled_from(WORDS.split()), max_size=12))
def test_any_row_of_words_gives_two_sentences_or_none(auxiliary: str, words: list[str]) -> None:
    sides = sides_of(" ".join([auxiliary, *words]) + "?")
    if sides is not None:
        assert sides.affirming != sides.negating
        for side in (sides.affirming, sides.negating):
            assert side.endswith(".") and "?" not in side and len(side) > 5


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["en", "es"]))
def test_any_text_is_survived(text: str, language: str) -> None:
    sides = sides_of(text + "?", language)
    assert sides is None or sides.affirming != sides.negating
