"""Read how much people agree with candidates, where they have said so themselves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from acuerdo.datasets.columns import ColumnMap, column_notes, normalised, require_column
from acuerdo.datasets.contents import read_contents, table_of
from acuerdo.datasets.sources import Source
from acuerdo.datasets.tables import Contents, JsonValue, Row, Table
from acuerdo.domain.errors import InputError
from acuerdo.domain.records import LIKERT_LABELS, LIKERT_MAX, LIKERT_MIN, PersonId, Rating

_NO_COLUMNS: Final = ColumnMap()
_BY_LABEL: Final = {label: value for value, label in enumerate(LIKERT_LABELS, start=LIKERT_MIN)}


@dataclass(frozen=True, slots=True)
class RatingsFile:
    """Known ratings, the columns that were read, and in words what was assumed."""

    ratings: tuple[Rating, ...]
    columns: ColumnMap = _NO_COLUMNS
    notes: tuple[str, ...] = ()


def read_ratings(
    source: Source,
    *,
    name: str = "",
    format: str | None = None,  # noqa: A002 - what it is called everywhere
    encoding: str = "",
    columns: ColumnMap = _NO_COLUMNS,
) -> RatingsFile:
    """Read ratings (person, candidate, value) from CSV, JSON or JSONL.

    `candidate` is a statement's text, id or number, kept as it is written. A value is a number
    from 1 (strongly disagree) to 7 (strongly agree) or one of these seven labels; an empty one is
    skipped. The options are those of `read_opinions`. Raises InputError, and nothing else, naming
    file, row and column.
    """
    file, contents = read_contents(
        source, "ratings", name=name, format=format, encoding=encoding, columns=columns
    )
    table = table_of(contents, "ratings", file)
    used = _columns_of(table, columns)
    return RatingsFile(_ratings(table, used), used, (*contents.notes, *column_notes(used)))


def ratings_of(contents: Contents) -> tuple[Rating, ...]:
    """Return the ratings that a file of opinions carries in a section of its own."""
    table = contents.tables.get("ratings")
    if table is None or not table.rows:
        return ()
    return _ratings(table, _columns_of(table, _NO_COLUMNS))


def _columns_of(table: Table, columns: ColumnMap) -> ColumnMap:
    return ColumnMap(
        person=require_column("person", table.columns, columns, table.file),
        candidate=require_column("candidate", table.columns, columns, table.file),
        value=require_column("value", table.columns, columns, table.file),
    )


def _ratings(table: Table, used: ColumnMap) -> tuple[Rating, ...]:
    first: dict[tuple[str, str], Row] = {}
    ratings = []
    for row in table.rows:
        value = _value(table, row, used.value)
        if value is None:
            continue
        person = _filled(table, row, used.person, "person", table.name(row, used.person))
        candidate = _filled(table, row, used.candidate, "candidate", _candidate(table, row, used))
        if (person, candidate) in first:
            raise InputError(
                f"{person} rated this candidate in {first[person, candidate].place} already",
                where=table.where(row, used.value),
                fix="Keep one of the two.",
            )
        first[person, candidate] = row
        ratings.append(Rating(PersonId(person), candidate, value))
    return tuple(ratings)


def _candidate(table: Table, row: Row, used: ColumnMap) -> str:
    value = row.cells.get(used.candidate)
    return (
        table.text(row, used.candidate)
        if isinstance(value, str)
        else table.name(row, used.candidate)
    )


def _filled(table: Table, row: Row, column: str, role: str, found: str) -> str:
    if not found:
        raise InputError(
            f"this rating names no {role}",
            where=table.where(row, column),
            fix=f"Fill the {role} in, or delete the row.",
        )
    return found


def _value(table: Table, row: Row, column: str) -> float | None:
    written = row.cells.get(column)
    if written is None or (isinstance(written, str) and not written.strip()):
        return None
    value = rating_number(written)
    if value is None or not LIKERT_MIN <= value <= LIKERT_MAX:
        shown = repr(written) if len(repr(written)) <= 40 else f"{repr(written)[:40]}…"
        raise InputError(
            f"{shown} is not a rating from {LIKERT_MIN} to {LIKERT_MAX}",
            where=table.where(row, column),
            fix=f"{LIKERT_MIN} is {LIKERT_LABELS[0]!r}, {LIKERT_MAX} is {LIKERT_LABELS[-1]!r}; "
            "leave it empty where nothing was said.",
        )
    return value


def rating_number(written: JsonValue) -> float | None:
    """Return a number or one of the seven labels as a number, None if it is neither."""
    if isinstance(written, str):
        label = _BY_LABEL.get(normalised(written))
        if label is not None:
            return float(label)
    if isinstance(written, bool) or not isinstance(written, str | int | float):
        return None
    try:
        value = float(written)
    except (ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None
