"""Statements that a predictor can say nothing about: off the ballot, so that the others stand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from acuerdo.domain.ballots import Agreement
from acuerdo.domain.rounds import Problem
from acuerdo.ports import Prediction


def unread(agreement: Agreement, prediction: Prediction) -> list[int]:
    """Return columns that a sound predictor can say nothing about, while it can about others.

    Left on the ballot, one such text would make everybody abstain.
    """
    silent = np.isnan(agreement.expected).all(axis=0)
    if prediction.problems or silent.all():
        return []
    return [int(column) for column in np.flatnonzero(silent)]


def without(agreement: Agreement, columns: Sequence[int]) -> Agreement:
    """Return agreement with all other columns, in their order."""
    everything = range(len(agreement.candidates))
    return agreement.of([column for column in everything if column not in columns])


def left_out(number: int) -> tuple[Problem, ...]:
    """Return what the record says about statements that were left out, nothing about none."""
    if not number:
        return ()
    detail = "nobody's agreement with these statements can be told; they were left out"
    return (Problem("predict", "unreadable_candidate", detail, number, resumable=False),)
