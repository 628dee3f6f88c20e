"""Agreement keeps people and values together when columns are taken from it."""

from __future__ import annotations

import numpy as np

from acuerdo.domain.ballots import Agreement
from acuerdo.domain.records import PersonId
from acuerdo.domain.statements import CandidateId


def test_columns_are_taken_in_the_order_asked_for() -> None:
    expected = np.array([[1.0, np.nan, 3.0], [4.0, 5.0, 6.0]])
    agreement = Agreement(
        people=(PersonId("Ada"), PersonId("Bo")),
        candidates=(CandidateId("a"), CandidateId("b"), CandidateId("c")),
        expected=expected,
        spread=expected / 10,
        known=expected > 4,
    )
    taken = agreement.of([2, 0])
    assert taken.people == agreement.people
    assert taken.candidates == ("c", "a")
    np.testing.assert_array_equal(taken.expected, [[3, 1], [6, 4]])
    np.testing.assert_allclose(taken.spread, [[0.3, 0.1], [0.6, 0.4]])
    np.testing.assert_array_equal(taken.known, [[False, False], [True, False]])


def test_no_columns_leave_the_people() -> None:
    agreement = Agreement(
        (PersonId("Ada"),),
        (CandidateId("a"),),
        np.ones((1, 1)),
        np.ones((1, 1)),
        np.zeros((1, 1), bool),
    )
    none = agreement.of([])
    assert (none.people, none.candidates, none.expected.shape) == (("Ada",), (), (1, 0))
