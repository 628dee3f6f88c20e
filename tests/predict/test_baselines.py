from __future__ import annotations

import numpy as np
import pytest

from acuerdo.domain.records import PersonId
from acuerdo.ports import Unwatched
from acuerdo.predict import LengthPredictor, ScriptedPredictor
from acuerdo.predict.cards import Line
from tests.factories import make_candidate, make_round

RNG = np.random.default_rng(0)


def test_length_expects_the_same_of_everybody_and_more_of_longer_statements() -> None:
    candidates = [make_candidate("Short."), make_candidate("Somewhat longer than that.")]
    predictor = LengthPredictor(Line(intercept=3, slope=1, spread=2))
    agreement = predictor.predict(make_round(), candidates, RNG, Unwatched()).agreement
    np.testing.assert_allclose(agreement.expected, [[3 + np.log(2), 3 + np.log(5)]] * 3)
    assert (agreement.spread == 2).all()


def test_scripted_rows_are_returned_and_missing_people_are_not_guessed() -> None:
    candidates = [make_candidate("One."), make_candidate("Two.")]
    rows = {PersonId("Ana"): (1.0, 7.0), PersonId("Ben"): (np.nan, 4.0)}
    agreement = (
        ScriptedPredictor(rows).predict(make_round(), candidates, RNG, Unwatched()).agreement
    )
    nan = np.nan
    np.testing.assert_array_equal(agreement.expected, [[1, 7], [nan, 4], [nan, nan]])
    np.testing.assert_array_equal(agreement.spread, [[1, 1], [nan, 1], [nan, nan]])


def test_a_script_of_the_wrong_width_is_refused() -> None:
    with pytest.raises(ValueError, match="1 scripted values for 2 candidates"):
        ScriptedPredictor({PersonId("Ana"): (1.0,)}).predict(
            make_round(), [make_candidate("One."), make_candidate("Two.")], RNG, Unwatched()
        )
