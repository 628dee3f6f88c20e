"""The seeds: complete, distinct and balanced in both languages."""

from __future__ import annotations

from collections import Counter

import pytest

from acuerdo.domain.errors import SettingsError
from acuerdo.domain.text import comparable
from acuerdo.questions.seeds import SEED_LANGUAGES, seeds


@pytest.mark.parametrize("language", SEED_LANGUAGES)
def test_there_are_152_distinct_seeds_with_both_answers(language: str) -> None:
    found = seeds(language)
    assert len(found) == 152
    assert len({question.id for question in found}) == 152
    texts = [t for q in found for t in (q.text, q.affirming, q.negating)]
    assert all(texts)
    assert len(set(map(comparable, texts))) == 3 * 152 - _unlike_questions_in_form_only(language)
    assert {question.language for question in found} == {language}
    assert {question.origin.by for question in found} == {"seed"}


def _unlike_questions_in_form_only(language: str) -> int:
    """Return how many questions become their own answer when only the signs change.

    In Spanish an order of words can be question and answer alike.
    """
    return sum(comparable(q.text) == comparable(q.affirming) for q in seeds(language))


@pytest.mark.parametrize("language", SEED_LANGUAGES)
def test_areas_and_leanings_are_balanced(language: str) -> None:
    counts = Counter((question.area, question.leans) for question in seeds(language))
    assert {area for area, _ in counts} == {area for area, leans in counts if leans == "keep"}
    assert len(counts) == 16
    assert set(counts.values()) == {9, 10}
    assert Counter(question.leans for question in seeds(language)) == {"change": 76, "keep": 76}


@pytest.mark.parametrize("language", SEED_LANGUAGES)
def test_every_seed_is_one_question(language: str) -> None:
    for question in seeds(language):
        assert question.text.endswith("?"), question
        assert question.text.count("?") == 1, question
        assert question.text.startswith("¿") == (language == "es"), question


def test_a_seed_has_the_same_id_in_every_language_and_an_ending() -> None:
    for english, spanish in zip(seeds("en"), seeds("es"), strict=True):
        assert spanish.id == f"{english.id}-es"
        assert (spanish.area, spanish.leans) == (english.area, english.leans)


def test_a_language_without_seeds_is_named() -> None:
    with pytest.raises(SettingsError, match="'fr'"):
        seeds("fr")
