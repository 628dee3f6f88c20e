"""What counts as the same words, and what does not."""

from __future__ import annotations

import numpy as np
import pytest

from acuerdo.questions.wording import Wordings, wording_of


def found(held: str, asked: str) -> bool:
    wordings = Wordings()
    wordings.add(5, wording_of("Is this about something else entirely, or about nothing much?"))
    wordings.add(3, wording_of(held))
    return wordings.find(wording_of(asked)) == 3


SAME = [
    ("Should zoos be banned?", "SHOULD WE BAN ZOOS"),
    ("Should the city ban cars?", "Do you think that the city should ban cars?"),
    ("Should schools teach cooking?", "Should cooking be taught in schools, teach?"),
    ("¿Deberían prohibirse los zoos?", "¿Crees que los zoos deberían prohibirse?"),
    (
        "Should the state pay for free school meals?",
        "Should the state pay for free hot school meals?",
    ),
    (
        "Should towns plant fruit trees in every street?",
        "Should towns plant fruit trees in street?",
    ),
    ("Should we raise fares?", "Should we lower fares?"),
    ("???", "???"),
    ("公園を増やすべきですか", "公園を増やすべきですか?"),
]


@pytest.mark.parametrize(("one", "other"), SAME[:2] + SAME[3:])
def test_the_same_words_are_found_in_either_order(one: str, other: str) -> None:
    assert found(one, other)
    assert found(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Should we ban cars?", "Should we ban petrol cars?"),
        ("Should the voting age be 16?", "Should the voting age be 18?"),
        (
            "Should the city of Bath close two main roads by 2030?",
            "Should the city of Bath close two main roads?",
        ),
        ("Should towns plant fruit trees here?", "Should towns plant olive trees here?"),
        ("Should nurses be paid more?", "Should police officers carry guns?"),
        ("公園を増やすべきですか", "税金を増やすべきですか"),
    ],
)
def test_other_words_are_not(one: str, other: str) -> None:
    assert not found(one, other)
    assert not found(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Should we raise taxes?", "Should we lower taxes?"),
        ("Should we raise taxes?", "Should we not raise taxes?"),
        ("Should we raise taxes?", "Shouldn't we increase taxes?"),
        ("Should phones be allowed in class?", "Should phones be banned in class?"),
        ("¿Deberían subir los impuestos?", "¿Deberían bajar los impuestos?"),
        ("¿Debería prohibir eso la ley?", "¿Debería permitir eso la ley?"),
    ],
)
def test_a_question_turned_round_has_the_same_words_but_is_opposed(one: str, other: str) -> None:
    first, second = wording_of(one), wording_of(other)
    assert first.words == second.words
    assert first.opposed != second.opposed


def test_turned_round_twice_is_as_it_was() -> None:
    one, other = wording_of("Should we raise fares?"), wording_of("Should we not lower fares?")
    assert one == other


def test_wordings_are_found_whether_they_came_lately_or_long_ago() -> None:
    # More than are kept as they come: the first are in sorted arrays by then.
    texts = [f"word{n}x other{n}x third{n}x fourth{n}x fifth{n}x sixth{n}x" for n in range(10_000)]
    letters = str.maketrans("0123456789", "abcdefghij")
    texts = [text.translate(letters) for text in texts]
    wordings = Wordings()
    for number, text in enumerate(texts):
        assert wordings.find(wording_of(text)) is None
        wordings.add(number, wording_of(text))
    for number in np.random.default_rng(0).integers(10_000, size=200).tolist():
        without_one = texts[number].split(" ", 1)[1]
        assert wordings.find(wording_of(without_one)) == number
        assert wordings.find(wording_of(texts[number] + " seventh")) == number
        assert wordings.find(wording_of(texts[number])) == number
