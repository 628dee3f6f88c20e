from __future__ import annotations

import pytest

from acuerdo.questions.topics.key_words import content_runs, key_words, stem


def english(*texts: str) -> list[tuple[str, str]]:
    return [(text, "en") for text in texts]


WORK = english(
    "Should companies introduce a four-day working week without lowering pay?",
    "Should the working week be shorter?",
    "Would a shorter working week lower pay?",
)
TAXES = english(
    "Should there be a tax on sugar?",
    "Should taxes on sugar go up?",
    "Is a sugar tax fair to the poor?",
)
PEOPLE = english("Should immigration fall?", "Do immigrants help?", "Is immigration fair?")


def test_labels_say_what_sets_a_topic_apart_and_nothing_twice() -> None:
    work, taxes, people = key_words([WORK, TAXES, PEOPLE], 3)
    assert work[0] == "working week"
    assert "lower pay" in work
    assert sorted(taxes[:2]) == ["sugar", "tax"]
    assert not {"taxes", "fair", "should"} & set(taxes)
    assert people[0] == "immigration"
    assert "immigrants" not in people


def test_a_word_that_every_topic_uses_counts_less() -> None:
    groups = [
        english("Should the council fund parks?", "Should the council fund trees?"),
        english("Should the council fund buses?", "Should the council run trams?"),
        english("Should the council fund pools?", "Should the council heat pools?"),
    ]
    assert key_words(groups, 1)[2] == ("pools",)


def test_the_main_language_of_a_topic_names_it() -> None:
    spanish = [
        ("¿Debería bajar el alquiler de la vivienda?", "es"),
        ("¿Debería el ayuntamiento construir vivienda pública?", "es"),
        ("Should rents for housing fall?", "en"),
    ]
    (words,) = key_words([spanish], 9)
    assert words[0].startswith("vivienda")
    assert "housing" not in " ".join(words)
    assert "debería" not in " ".join(words)


def test_order_of_questions_does_not_matter() -> None:
    assert key_words([WORK[::-1], TAXES[::-1]]) == key_words([WORK, TAXES])


def test_nothing_to_say_gives_no_words() -> None:
    assert key_words([english("Should we?"), english("", "?!"), []]) == ((), (), ())
    assert key_words([]) == ()


def test_numbers_single_letters_and_long_texts_are_no_trouble() -> None:
    assert content_runs("Should 16 x y become 17?", "en") == []
    assert len(content_runs("word? " * 5000, "en")) == 1
    assert content_runs("死刑", "ja") == [["死", "刑"]]


@pytest.mark.parametrize(
    ("word", "language", "same"),
    [
        ("schools", "en", "school"),
        ("cities", "en", "city"),
        ("smoking", "en", "smoke"),
        ("government's", "en", "government"),
        ("impuestos", "es", "impuesto"),
        ("ciudades", "es", "ciudad"),
        ("Steuern", "de", "Steuern"),
        ("bus", "en", "bus"),
    ],
)
def test_forms_of_a_word_share_a_stem(word: str, language: str, same: str) -> None:
    assert stem(word, language) == stem(same, language)
