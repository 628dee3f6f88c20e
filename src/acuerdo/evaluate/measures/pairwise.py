"""Pairwise accuracy: of two statements that a person judged differently, which do they prefer?"""

from __future__ import annotations

import numpy as np

from acuerdo.domain.sheets import Forecast, Positions, Values
from acuerdo.evaluate.measures.area import Contests, decided_rows
from acuerdo.evaluate.resampling import Statistic, divided, mean_of
from acuerdo.evaluate.truth import Mask, Truth


def pairwise_accuracy(truth: Truth, forecast: Forecast) -> Statistic:
    """Share of a person's pairs that are ordered right, averaged over people, all counting alike.

    A pair are two statements on one question that the same person judged differently; votes "pass"
    are left out; equal expectations count half. n is the number of people with a pair.
    """
    return mean_of(accuracy_by_person(truth, forecast), truth.person_conversation)


def accuracy_by_person(truth: Truth, forecast: Forecast) -> Values:
    """Return each person's share of pairs ordered right, (people,), nan without a pair."""
    rows = decided_rows(truth, forecast)
    cell = truth.question[rows] * truth.people + truth.person[rows]
    said = truth.agreement[rows]
    order = np.argsort(cell, kind="stable")
    _, first = np.unique(cell[order], return_index=True)
    lowest, highest = (np.empty(len(rows)) for _ in range(2))
    if len(rows):
        sizes = np.diff(np.append(first, len(rows)))
        lowest[order] = np.repeat(np.minimum.reduceat(said[order], first), sizes)
        highest[order] = np.repeat(np.maximum.reduceat(said[order], first), sizes)
    between = np.isin(cell, cell[(said > lowest) & (said < highest)])
    right, pairs = _of_two_levels(truth, forecast, rows[~between], (said == highest)[~between])
    more = _of_many_levels(truth, forecast, rows[between], cell[between])
    return divided(right + more[0], pairs + more[1])


def _of_two_levels(truth: Truth, forecast: Forecast, rows: Positions, higher: Mask) -> Values:
    """Pairs ordered right and pairs, (2, people), where a person used two values.

    Those pairs are the contests of judgements of the higher value with those of the lower.
    """
    cell = truth.question[rows] * truth.people + truth.person[rows]
    contests = Contests.of(rows, cell, forecast.expected[rows], higher)
    positive, negative = np.ones((1, len(contests.positive))), np.ones((1, len(contests.negative)))
    found = np.zeros((2, truth.people))
    person = contests.group % truth.people
    np.add.at(found[0], person, contests.won(positive, negative)[0])
    np.add.at(found[1], person, contests.held(positive, negative)[0])
    return found


def _of_many_levels(truth: Truth, forecast: Forecast, rows: Positions, cell: Positions) -> Values:
    """Pairs ordered right and pairs, (2, people), by comparing all of a person's judgements."""
    found = np.zeros((2, truth.people))
    order = np.argsort(cell, kind="stable")
    _, first = np.unique(cell[order], return_index=True)
    for members in np.split(rows[order], first[1:]) if len(rows) else ():
        said, expected = truth.agreement[members], forecast.expected[members]
        above = said[:, None] > said[None, :]
        ahead = (np.sign(expected[:, None] - expected[None, :]) + 1) / 2
        found[:, truth.person[members[0]]] += (ahead[above].sum(), above.sum())
    return found
