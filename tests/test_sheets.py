"""Sheets and forecasts that do not fit together are refused."""

from __future__ import annotations

import numpy as np
import pytest

from acuerdo.domain.sheets import Forecast, Sheet


def sheet(
    person: object = (0, 1), statement: object = (0, 0), ratings: object = (np.nan, 4.0)
) -> Sheet:
    return Sheet(
        question="?",
        opinions=("a", ""),
        statements=("s",),
        person=np.array(person, dtype=np.int64),
        statement=np.array(statement, dtype=np.int64),
        ratings=np.array(ratings, dtype=np.float64),
    )


def test_a_sheet_knows_its_size_and_what_is_known() -> None:
    assert sheet().size == 2
    assert sheet().known.tolist() == [False, True]
    assert sheet((), (), ()).size == 0


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"person": (0,)}, "differ in length"),
        ({"ratings": (4.0,)}, "differ in length"),
        ({"person": ((0, 1),), "statement": ((0, 0),), "ratings": ((4, 4),)}, "not lists of pairs"),
        ({"person": (0, 2)}, "names a person"),
        ({"person": (0, -1)}, "names a person"),
        ({"statement": (0, 1)}, "names a statement"),
        ({"ratings": (0.9, 4.0)}, "from 1 to 7"),
        ({"ratings": (np.nan, 7.1)}, "from 1 to 7"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(changed: dict[str, object], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        sheet(**changed)


def test_a_forecast_may_be_silent_where_both_are() -> None:
    forecast = Forecast(np.array([np.nan, 1.0, 7.0]), np.array([np.nan, 0.5, 2.0]))
    assert forecast.expected.shape == (3,)
    assert Forecast(np.empty(0), np.empty(0)).spread.shape == (0,)


@pytest.mark.parametrize(
    ("expected", "spread", "what"),
    [
        ([1.0], [1.0, 1.0], "two lists of one length"),
        ([[1.0]], [[1.0]], "two lists of one length"),
        ([np.nan], [1.0], "not silent on the same pairs"),
        ([4.0], [np.nan], "not silent on the same pairs"),
        ([0.9], [1.0], "leaves 1 to 7"),
        ([7.1, np.nan], [1.0, np.nan], "leaves 1 to 7"),
        ([4.0], [0.0], "not above 0"),
        ([4.0, 4.0], [1.0, -1.0], "not above 0"),
    ],
)
def test_impossible_forecasts_are_refused(expected: object, spread: object, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        Forecast(np.array(expected), np.array(spread))
