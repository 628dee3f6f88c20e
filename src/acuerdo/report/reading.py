"""What a result says, read off once for every way of showing it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from acuerdo.domain.records import LIKERT_NEUTRAL
from acuerdo.domain.rounds import PersonView, RoundResult
from acuerdo.report.words import joined


@dataclass(frozen=True, slots=True)
class OwnRatings:
    """How many of `all` values are ratings that people gave themselves."""

    own: int
    all: int


def is_statement(result: RoundResult, column: int) -> bool:
    """Return whether a column stands for a text, not for "no statement"."""
    return result.candidates[column].provenance.origin != "no_statement"


def statement_columns(result: RoundResult) -> list[int]:
    """Return the columns that stand for texts."""
    return [column for column in range(len(result.candidates)) if is_statement(result, column)]


def best_column(result: RoundResult) -> int | None:
    """Return the winner, or the statement that came closest where "no statement" won."""
    if result.winner is None or is_statement(result, result.winner):
        return result.winner
    return next(
        (column for column in columns_in_order(result) if is_statement(result, column)), None
    )


def columns_in_order(result: RoundResult) -> list[int]:
    """Return every column, best first by the chosen rule; the winner before those tied with it."""
    ranked = [column for group in result.chosen.ranking for column in group]
    first = [] if result.winner is None else [result.winner]
    return list(dict.fromkeys([*first, *ranked, *range(len(result.candidates))]))


def people_in_order(result: RoundResult) -> list[PersonView]:
    """Return people from most to least agreement with the statement; unknown ones last."""
    return sorted(
        result.people,
        key=lambda view: math.inf if math.isnan(view.agreement) else -view.agreement,
    )


def worst_off(result: RoundResult) -> PersonView | None:
    """Return the place of the person who agrees least, None if nobody could be said to."""
    return next((view for view in result.people if view.person == result.worst_off), None)


def supporters(result: RoundResult) -> int:
    """Return how many deciding people stand above neutral on the statement."""
    return sum(not view.abstains and view.agreement > LIKERT_NEUTRAL for view in result.people)


def own_ratings(result: RoundResult, columns: list[int]) -> OwnRatings:
    """Count the values in some columns that people gave themselves."""
    known = result.agreement.known[:, columns]
    said = ~np.isnan(result.agreement.expected[:, columns])
    return OwnRatings(own=int(known.sum()), all=int(said.sum()))


def rated_by_all(result: RoundResult) -> bool:
    """Return whether everybody who has a value for the statement gave it themselves."""
    return any(view.known for view in result.people) and all(
        view.known or math.isnan(view.agreement) for view in result.people
    )


def title(result: RoundResult, column: int) -> str:
    """Return what a column is called in the report: "statement 3" or "no statement"."""
    return f"statement {column + 1}" if is_statement(result, column) else "“no statement”"


def titles(result: RoundResult, columns: Sequence[int]) -> str:
    """Return what several columns are called together: "statements 3, 7 and “no statement”"."""
    if len(columns) == 1:
        return title(result, columns[0])
    numbers = [str(column + 1) for column in columns if is_statement(result, column)]
    none = ["“no statement”"] if len(numbers) < len(columns) else []
    return f"{'statements' if len(numbers) > 1 else 'statement'} {joined([*numbers, *none])}"
