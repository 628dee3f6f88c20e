"""Polarity: who speaks, what is asked, what a sentence decides, and who is contradicted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from acuerdo.domain.material import Material
from acuerdo.domain.sheets import Values
from acuerdo.evaluate.drafts.measures import (
    DecisionJudge,
    KnownStances,
    Polarity,
    contradiction,
    known_stances,
    shipped_word_judge,
    voices,
)
from acuerdo.evaluate.drafts.measures.asked import asked
from acuerdo.evaluate.drafts.measures.decisions import decision
from acuerdo.evaluate.drafts.measures.polarity import supporters_of
from acuerdo.ports import Unwatched

QUESTION = "Should we ban fireworks?"


def group(*sides: int) -> tuple[Material, Polarity]:
    opinions = tuple(
        f"{'Ban' if side > 0 else 'Keep'} them {place}" for place, side in enumerate(sides)
    )
    known = {(QUESTION, text): (side + 1) / 2 for text, side in zip(opinions, sides, strict=True)}
    material = Material("one", QUESTION, opinions, "A statement.")
    return material, Polarity(KnownStances(known, DecisionJudge()))


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("We would ban fireworks.", [("all", 0)]),
        ("Fireworks should stay, most of us think.", [("most", 0)]),
        ("Some of us like them, while others fear the noise.", [("some", 0), ("others", 0)]),
        ("Two of us object. They are loud.", [("one", 2), ("unmarked", 0)]),
        ("We are evenly divided on fireworks.", [("open", 0)]),
        ("None of us wants noise.", [("nobody", 0)]),
        ("They harm others.", [("unmarked", 0)]),
        ("Nearly all of us agree.", [("most", 0)]),
    ],
)
def test_voices(statement: str, expected: list[tuple[str, int]]) -> None:
    assert [(said.voice, said.people) for said in voices(statement)] == expected


@pytest.mark.parametrize(
    ("question", "no", "favours"),
    [
        ("Should we ban whaling?", "We should not ban whaling.", -1),
        ("Should we legalize cannabis?", "We should not legalize cannabis.", 1),
        ("Should payday loans be banned?", "Payday loans should not be banned.", -1),
        ("Does foster care bring more harm than good?",
         "Foster care brings more good than harm.", -1),
        ("Should we fight for the abolition of nuclear weapons?",
         "We should not fight for the abolition of nuclear weapons.", -1),
        ("Do you support a tax on sugar?", "I oppose a tax on sugar.", 1),
    ],
)  # fmt: skip
def test_what_is_asked(question: str, no: str, favours: int) -> None:
    read = asked(question)
    assert read is not None
    assert (read.no, read.favours) == (no, favours)


def test_open_questions_have_no_sides() -> None:
    assert asked("What should guide administrators?") is None
    assert np.isnan(shipped_word_judge().stance("Why?", ["Because."])).all()


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Most of us would ban fireworks.", 1),
        ("Fireworks should not be banned.", -1),
        ("We want to keep fireworks.", -1),
        ("Nobody should ban them.", -1),
        ("Fireworks are loud.", 0),
        ("One of us would keep them illegal.", 1),
        ("A ban would be wrong in our eyes.", -1),
    ],
)
def test_decisions(text: str, side: int) -> None:
    read = asked(QUESTION)
    assert read is not None
    assert decision(read, text) == side


def test_the_shipped_judge_reads_both_ways_of_asking() -> None:
    text = ["It is cruel and dangerous and should be banned."]
    judge = shipped_word_judge()
    assert judge.stance("Should we ban whaling?", text)[0] > 0.8
    assert judge.stance("Should we legalize whaling?", text)[0] < 0.2


@pytest.mark.parametrize(
    ("sides", "draft", "stands"),
    [
        ((-1, -1, -1), "We would not ban fireworks.", 1),
        ((-1, -1, -1), "We would ban fireworks.", 0),
        ((-1, -1, 1), "Most of us would not ban them. One of us would ban them.", 1),
        ((-1, -1, 1), "Most of us would ban them. One of us would not ban them.", 0),
        ((-1, -1, -1), "We would not ban them. One of us would ban them.", 0),
        ((1, 1, -1, -1), "We are divided. Some of us would ban them, while others would not.", 1),
        ((1, 1, -1, -1), "Most of us would ban them.", 0),
    ],
)
def test_polarity(sides: Sequence[int], draft: str, stands: int) -> None:
    material, polarity = group(*sides)
    assert polarity.measure(material, [draft], Unwatched()).tolist() == [stands]


def test_a_draft_in_the_words_of_an_opinion_is_read_and_not_looked_up() -> None:
    opinions = ("Ban them.", "Keep them.", "Keep them please.")
    known = {(QUESTION, text): 0.0 for text in opinions}
    material = Material("one", QUESTION, opinions, "A statement.")
    polarity = Polarity(KnownStances(known, DecisionJudge()), graded=True)
    said = ["Ban them.", "We would ban them.", "We would keep them."]
    looked_up, banning, keeping = polarity.measure(material, said, Unwatched())
    # The judge sees no decision in "Ban them.": 0.5, and all three people are known to be against.
    assert looked_up == pytest.approx(0.5)
    assert banning == pytest.approx(0.1)
    assert keeping == pytest.approx(0.9)
    assert polarity.read(material, "Ban them.").opinions == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("graded", [False, True])
def test_what_the_judge_cannot_read_is_no_contradiction(graded: bool) -> None:
    question, opinions = "What should we do?", ("Ban them.", "Keep them.")
    known = {(question, text): 1.0 for text in opinions}
    material = Material("one", question, opinions, "A statement.")
    polarity = Polarity(KnownStances(known, DecisionJudge()), graded)
    assert np.isnan(polarity.measure(material, ["We would ban them."], Unwatched())).all()


def test_contradiction_by_hand() -> None:
    # Three people, each for it with 0.8: 3 * 0.64 * 0.2 + 0.512 = 0.896 that most are.
    opinions = np.full(3, 0.8)
    assert supporters_of(opinions) == pytest.approx([0.008, 0.096, 0.384, 0.512])
    sides: Values = np.array([0.9, 0.3])
    # The claim is (3 * 0.9 + 0.3) / 4 = 0.75: 0.896 * 0.25 + 0.104 * 0.75 = 0.302.
    assert contradiction(opinions, ["most", "unmarked"], sides, np.array([3.0, 1.0])) == (
        pytest.approx(0.302)
    )
    assert contradiction(opinions, ["open", "all"], sides, np.ones(2)) == 0


def test_known_stances_take_the_longest_argument() -> None:
    arguments = {"They are loud": 1, "They are loud but lovely": -1}
    said = [(QUESTION, "They are loud, but lovely. And old."), (QUESTION, "Whatever.")]
    assert known_stances(said, arguments) == {said[0]: 0.0}
