"""What is told of a text without understanding it, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from acuerdo.predict import SURFACE, surface

ONE_SENTENCE = np.log(2) - 0.7
CASES: dict[str, dict[str, float]] = {
    # Two words; 1 of 7 letters is a capital.
    "Ban cars!": {
        "length": np.log(3) - 2.7,
        "length squared": (np.log(3) - 2.7) ** 2,
        "exclamation mark": 1,
        "capitals": 3 / 7,
        "sentences": ONE_SENTENCE,
        "closed": 1,
    },
    # Eleven words (an address is three); 1 of 26 letters is a capital; two commas.
    'i say, I mean (see www.x.org): 20 "trees", no': {
        "length": np.log(12) - 2.7,
        "length squared": (np.log(12) - 2.7) ** 2,
        "digit": 1,
        "capitals": 3 / 26,
        "sentences": ONE_SENTENCE,
        "quotation": 1,
        "address": 1,
        "brackets": 1,
        "opens small": 1,
        "first person": 1,
        "commas": np.log(3),
    },
    # Nine characters count as 5.4 words; both Chinese commas count.
    "我们需要树木，公园、水。": {
        "length": np.log(6.4) - 2.7,
        "length squared": (np.log(6.4) - 2.7) ** 2,
        "sentences": ONE_SENTENCE,
        "closed": 1,
        "first person": 1,
        "commas": np.log(3),
    },
    # Capitals beyond 3 in 10 count no more; marks of other scripts count as ours.
    "BAN（IT）！WHY？": {
        "length": np.log(4) - 2.7,
        "length squared": (np.log(4) - 2.7) ** 2,
        "question mark": 1,
        "exclamation mark": 1,
        "capitals": 0.9,
        "sentences": np.log(3) - 0.7,
        "brackets": 1,
        "closed": 1,
    },
    "": {"length": -2.7, "length squared": 7.29, "sentences": -0.7},
}


@pytest.mark.parametrize("text", CASES)
def test_columns_by_hand(text: str) -> None:
    (row,) = surface([text])
    wanted = [CASES[text].get(name, 0.0) for name in SURFACE]
    np.testing.assert_allclose(row, wanted, atol=1e-12, err_msg=str(SURFACE))


def test_every_column_is_named_once() -> None:
    assert len(set(SURFACE)) == len(SURFACE) == surface(["a"]).shape[1]


def test_texts_do_not_influence_each_other() -> None:
    both = surface(["Ban cars!", "No."])
    np.testing.assert_array_equal(both[1:], surface(["No."]))


def test_no_texts_give_no_rows() -> None:
    assert surface([]).shape == (0, len(SURFACE))


@pytest.mark.parametrize(
    ("text", "speaks"),
    [("I agree", 1), ("Mi casa", 0), ("con mi casa", 1), ("Immer ich", 1), ("Ich", 0), ("me", 1)],
)
def test_the_first_person_is_a_word_not_a_piece_of_one(text: str, speaks: float) -> None:
    assert surface([text])[0, SURFACE.index("first person")] == speaks
