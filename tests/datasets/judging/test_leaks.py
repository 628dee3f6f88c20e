"""Planted leaks are found, and nothing else is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from acuerdo.datasets import Leak, leaks, text_leaks
from acuerdo.domain.judgements import Judgements
from tests.datasets.judging.tables import JUDGEMENT, judgement

LONG = (
    "The council should buy the empty mill and let the neighbours run it as a workshop where "
    "everybody can repair what is broken."
)


def table(**changed: object) -> Judgements:
    return Judgements.of([judgement(**changed)])


APART = {"person": "Ben", "conversation": "square", "question": "And the square?"}


def test_two_tables_about_different_things_share_nothing() -> None:
    assert leaks(table(), table(**APART)) == ()


@pytest.mark.parametrize(
    ("changed", "leak"),
    [
        ({"person": "Ana"}, Leak("person", "Ana", "Ana")),
        ({"conversation": "street"}, Leak("conversation", "street", "street")),
        (
            {"question": "what should become of MILL street"},
            Leak("question", JUDGEMENT.question, "what should become of MILL street"),
        ),
    ],
)
def test_shared_people_conversations_and_questions_are_found(
    changed: dict[str, str], leak: Leak
) -> None:
    assert leaks(table(), table(**{**APART, **changed})) == (leak,)


def test_the_same_name_in_another_source_is_somebody_else() -> None:
    assert leaks(table(), table(**{**APART, "person": "Ana", "source": "village"})) == ()


@pytest.mark.parametrize("one", ["opinion", "statement"])
@pytest.mark.parametrize("other", ["opinion", "statement"])
def test_a_copied_text_is_found_wherever_it_stands(one: str, other: str) -> None:
    copied = LONG.upper().replace(",", "")
    found = leaks(table(**{one: f"Yes.\n{LONG}"}), table(**APART, **{other: copied}))
    if one == "opinion":
        assert found == (Leak("identical text", LONG, copied),)
    else:
        assert [(leak.kind, leak.similarity > 0.9) for leak in found] == [("similar text", True)]


def test_one_word_exchanged_is_found_and_another_text_is_not() -> None:
    exchanged = LONG.replace("workshop", "café")
    found = text_leaks([LONG, "x " * 20], [exchanged, "The council should sell the empty mill."])
    assert [(leak.kind, leak.one, leak.other) for leak in found] == [
        ("similar text", LONG, exchanged)
    ]
    # 23 words have 21 runs of three; three of them contain the word: 18 of 24 are shared.
    assert found[0].similarity == pytest.approx(18 / 24)


def test_generic_texts_are_no_leak() -> None:
    short = "I agree with all of this."
    assert text_leaks([short], [short]) == ()
    assert len(text_leaks([f"{short} Do it."], [f"{short} Do it."])) == 1


def test_scripts_without_spaces_are_compared_by_characters() -> None:
    one = "市議会は古い工場を買い取り、住民が運営する修理工房にするべきです"
    (leak,) = text_leaks([one], [one.replace("住民", "市民")])
    assert leak.kind == "similar text"


def invented(random: np.random.Generator, words: int) -> list[str]:
    letters = np.array(list("abcdefghijklmnop"))
    return ["".join(random.choice(letters, 5)) for _ in range(words)]


def test_planted_near_duplicates_are_all_found_among_many() -> None:
    random = np.random.default_rng(3)
    one = [invented(random, 25) for _ in range(300)]
    other: list[Sequence[str]] = [invented(random, 25) for _ in range(300)]
    for place in range(0, 300, 3):
        changed = list(one[place])
        changed[place % 25] = "changed"
        other[place] = changed
    found = text_leaks([" ".join(text) for text in one], [" ".join(text) for text in other])
    assert {leak.other for leak in found} == {" ".join(other[k]) for k in range(0, 300, 3)}
    assert all(leak.kind == "similar text" and leak.similarity >= 0.6 for leak in found)
