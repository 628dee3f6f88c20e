"""Disguises are undone; honest texts with numbers, names and other scripts stay as they are."""

from __future__ import annotations

import pytest

from acuerdo.questions.screening.reading import LONGEST, folded, is_spanish, read_through


@pytest.mark.parametrize(
    ("disguised", "meant", "disguise"),
    [
        ("Should we k1ll them?", "should we kill them?", "signs for letters"),
        ("Sh0u1d mu5l1ms b3 l0ck3d up?", "should muslims be locked up?", "signs for letters"),
        ("Should we ki11 them?", "should we kill them?", "signs for letters"),
        ("Is it time to b.u.r.n it down?", "is it time to burn it down?", "letters apart"),
        ("S h o u l d  g a y s  b e  h a n g e d ?", "should gays be hanged ?", "letters apart"),
        ("Should they be k*lled?", "should they be killed?", "stars for letters"),
        ("Should we killll them?", "should we kill them?", "repeated letters"),
        (
            "Should аll of them bе dероrted?",
            "should all of them be deported?",
            "look-alike letters",
        ),
        ("Should they be sh\u200bot?", "should they be shot?", "unseen characters"),
        ("Should they be k\u200dilled?", "should they be killed?", None),
    ],
)
def test_a_disguise_is_undone(disguised: str, meant: str, disguise: str | None) -> None:
    reading = read_through(disguised)
    assert reading.text.lower() == meant
    if disguise:
        assert disguise in reading.disguises


@pytest.mark.parametrize(
    "honest",
    [
        "Should 5G masts stand 20m from homes, as the G20 and the EU want by 2030?",
        "Should 16-year-olds earn £50k, or CO2 cost $90?",
        "Is the 4x4 a car for towns, and is it legal 24/7?",
        "Should the 1st of May and the 2nd of June be holidays?",
        "¿Debería el año escolar acabar en julio?",
        "Чи має Україна вступити до НАТО?",
        "学校は制服を廃止すべきですか?",
        "Should we? Yes or no! And if so, when?!",
    ],
)
def test_an_honest_text_stays_as_it_is(honest: str) -> None:
    reading = read_through(honest)
    assert (reading.text, reading.disguises) == (honest, ())


def test_only_the_beginning_of_an_endless_text_is_read() -> None:
    assert len(read_through("a b " * 5000).text) <= LONGEST


def test_folding_keeps_the_place_of_every_letter() -> None:
    text = "¿Deberían los ÁRBOLES de la plaza crecer más?"
    assert len(folded(text)) == len(text)
    assert folded(text).startswith("¿deberian los arboles")


def test_spanish_is_told_from_english() -> None:
    assert is_spanish("¿Deberían los trenes ser gratis?")
    assert not is_spanish("Should the trains be free?")
