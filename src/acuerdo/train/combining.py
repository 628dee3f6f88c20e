"""Third lesson of the sentence model: how much each feature counts, and what a latent means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.calibration import Calibration
from acuerdo.domain.errors import InputError
from acuerdo.domain.judgements import Judgements
from acuerdo.domain.sheets import Positions, Values
from acuerdo.train.calibration import conformal_radius, fitted_calibration
from acuerdo.train.popularity import centred, ridge

GRADED: Final = ("agreement", "five")
PENALTY: Final = 5.0
TINY: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Judgements with their features, (rows, features), from models that had not seen them.

    `agreement` is on 1-7; `vote` says which rows are votes; `unit` numbers one person's judgements
    on one question, `question` the questions; `weight` adds up to a source's weight over its
    people, whatever their number of rows.
    """

    features: Values
    agreement: Values
    vote: npt.NDArray[np.bool_]
    unit: Positions
    question: Positions
    weight: Values


def rows_of(tables: Sequence[tuple[Judgements, float, Values]]) -> Rows:
    """Put sources together: judgements, how much each person counts, features (rows, features).

    Raises InputError if there are no judgements at all.
    """
    parts: list[tuple[Values, Values, npt.NDArray[np.bool_], Positions, Positions, Values]] = []
    units = questions = 0
    for table, source_weight, features in tables:
        if not len(table):
            continue
        votes = [name not in GRADED for name in table.scale.texts]
        question = table.conversation.codes * len(table.question.texts) + table.question.codes
        question = np.unique(question, return_inverse=True)[1]
        person = question * len(table.person.texts) + table.person.codes
        own, count = np.unique(person, return_inverse=True, return_counts=True)[1:]
        # Somebody with one judgement cannot be compared with themselves: the question stands in.
        unit = np.where(count[own] == 1, len(count) + question, own)
        parts.append(
            (
                features,
                table.agreement,
                np.array(votes, dtype=bool)[table.scale.codes],
                unit + units,
                question + questions,
                source_weight / count[own],
            )
        )
        units += len(count) + int(question.max()) + 1
        questions += int(question.max()) + 1
    if not parts:
        raise InputError(
            "nobody who rated anything gave an opinion",
            fix="A predictor learns from people whose opinions and ratings are both known.",
        )
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    _, unit = np.unique(columns[3], return_inverse=True)
    return Rows(columns[0], columns[1], columns[2], unit, columns[4], columns[5])


def fitted_weights(rows: Rows) -> Values:
    """Return how much each feature counts, (features,), from what a person prefers to what.

    A feature that is the same everywhere counts nothing.
    """
    spread = rows.features.std(axis=0)
    spread[spread < TINY] = 1.0
    inputs = centred(rows.features / spread, rows.unit, rows.weight)
    target = centred((rows.agreement - 4) / 2, rows.unit, rows.weight)
    return ridge(inputs, target, rows.weight, PENALTY) / spread


def calibrated(latent: Values, rows: Rows) -> Calibration:
    """Fit ratings to latents; the conformal radius is measured on graded ratings where there are
    any, since a vote does not say where within its side a person stands."""
    every = fitted_calibration(
        latent,
        agreement=rows.agreement,
        vote=rows.vote,
        weight=rows.weight,
        question=rows.question,
    )
    graded = ~rows.vote
    if not graded.any():
        return every
    expected, spread = every.expected_and_spread(latent[graded])
    scores = np.abs(rows.agreement[graded] - expected) / spread
    radius = conformal_radius(scores, rows.question[graded], every.coverage)
    return Calibration(every.slope, every.thresholds, radius, every.coverage)
