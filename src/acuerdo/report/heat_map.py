"""The table of every person and every statement, best statements first."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from acuerdo.domain.rounds import RoundResult
from acuerdo.domain.text import canonical
from acuerdo.report.reading import columns_in_order, is_statement, people_in_order
from acuerdo.report.words import figure, step


@dataclass(frozen=True, slots=True)
class Column:
    """A head of the table; `number` counts from 1 and is 0 for "no statement"."""

    number: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as text; `heat` is the nearest step of the scale, 0 for "cannot say"."""

    value: str
    heat: int
    known: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """`rows` are people; `average` and `lowest` sum up the people who decide."""

    columns: list[Column]
    rows: list[Row]
    average: list[Cell]
    lowest: list[Cell]

    @property
    def has_own_ratings(self) -> bool:
        return any(cell.known for row in self.rows for cell in row.cells)

    @property
    def has_unknown(self) -> bool:
        return any(cell.heat == 0 for row in self.rows for cell in row.cells)

    @property
    def has_no_statement(self) -> bool:
        return any(column.number == 0 for column in self.columns)


def heat_map(result: RoundResult) -> HeatMap:
    """Return the table in the order of the chosen rule; a tie keeps the order of drafting."""
    order = columns_in_order(result)
    expected, known = result.agreement.expected, result.agreement.known
    place = {person: row for row, person in enumerate(result.agreement.people)}
    people = [view.person for view in people_in_order(result)]
    deciding = expected[result.agreement.deciding]
    return HeatMap(
        columns=[
            Column(column + 1 if is_statement(result, column) else 0, column == result.winner)
            for column in order
        ],
        rows=[
            Row(
                canonical(person),
                [_cell(float(expected[row, c]), bool(known[row, c])) for c in order],
            )
            for person, row in ((person, place[person]) for person in people)
        ],
        average=_summary(deciding.mean(axis=0) if deciding.size else None, order),
        lowest=_summary(deciding.min(axis=0) if deciding.size else None, order),
    )


def _cell(value: float, known: bool = False) -> Cell:
    return Cell(figure(value, known), 0 if math.isnan(value) else step(value), known)


def _summary(values: npt.NDArray[np.float64] | None, order: list[int]) -> list[Cell]:
    return [] if values is None else [_cell(float(values[column])) for column in order]
