"""Which texts give ground to predict from."""

from __future__ import annotations

import pytest

from acuerdo.predict.preference import gives_ground


@pytest.mark.parametrize(
    "text",
    [
        "No cars",
        "Straße für alle, 30 km/h!",
        "Меньше машин",
        "السيارات ممنوعة",
        "ห้ามรถ",
        "禁止汽车",
        "車",
        "くるまはいらない",
        "クルマ",
        "ｸﾙﾏ",
        "ＣＡＲＳ",
        "차량 금지",
        "No",
        "2 Ω is what I measured",
    ],
)
def test_words_in_a_script_that_the_encoder_reads(text: str) -> None:
    assert gives_ground(text)


@pytest.mark.parametrize(
    "text",
    ["", " \n\t", "42", "1. 2. 3.", "?!", "👍👍", "a", "+1 x", "\u200b"],
)
def test_no_words(text: str) -> None:
    assert not gives_ground(text)


@pytest.mark.parametrize(
    "text", ["Απαγορεύστε τα αυτοκίνητα", "לאסור מכוניות", "कारें बंद करो", "აკრძალეთ", "யாழ்"]
)
def test_scripts_that_the_encoder_did_not_learn(text: str) -> None:
    assert not gives_ground(text)


def test_most_letters_decide() -> None:
    assert gives_ground("cars αβγ")
    assert not gives_ground("car αβγ"), "half is not most"
