"""Judges of stance that read a map, and several judges joined, by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from acuerdo.domain.sheets import Values
from acuerdo.evaluate.drafts.measures import JoinedJudge, PlacedJudge
from tests.predict.preference.made import GivenEmbedder, make_model

QUESTION = "Should we ban fireworks?"
VECTORS = {
    QUESTION: (0.0, 0.0),
    "We should ban fireworks.": (1.0, 0.0),
    "We should not ban fireworks.": (-1.0, 0.0),
    "for": (1.0, 0.0),
    "against": (-1.0, 0.0),
    "aside": (0.0, 1.0),
}


class Says:
    """A judge that says what it is given."""

    def __init__(self, name: str, said: Sequence[float]) -> None:
        self.name, self._said = name, said

    def stance(self, question: str, texts: Sequence[str]) -> Values:
        return np.array(self._said)


def make_judge() -> PlacedJudge:
    """Return a judge whose map is the two dimensions of `VECTORS`, whatever the question."""
    weights = np.vstack([np.eye(2), np.zeros((2, 2))]).astype(np.float32)
    model = make_model(2, stance_weights=weights, stance_bias=np.zeros(2, dtype=np.float32))
    return PlacedJudge(model, GivenEmbedder(VECTORS))


def test_a_text_is_for_what_it_stands_nearer_to() -> None:
    # Likeness to "yes" minus to "no" is 2, -2 and 0; the logits are twice that.
    found = make_judge().stance(QUESTION, ["for", "against", "aside"])
    assert found == pytest.approx([0.9820138, 0.0179862, 0.5])


def test_nothing_to_place_and_nothing_to_place_it_between() -> None:
    assert make_judge().stance(QUESTION, []).shape == (0,)
    assert np.isnan(make_judge().stance("Why?", ["for", "against"])).tolist() == [True, True]


def test_joined_judges_add_their_logits() -> None:
    judges = Says("one", [0.8, 0.8, 1.0, np.nan]), Says("two", [0.8, 0.2, 0.5, 0.5])
    joined = JoinedJudge(judges)
    assert joined.name == "one + two"
    found = joined.stance(QUESTION, ["a", "b", "c", "d"])
    # 4 to 1 twice is 16 to 1; certainty is held back a little, so that others can still object.
    np.testing.assert_allclose(found, [16 / 17, 0.5, 0.999999, np.nan])
