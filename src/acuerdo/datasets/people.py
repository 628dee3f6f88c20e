"""Match the rows of a table with people: one row, one name."""

from __future__ import annotations

from collections.abc import Sequence

from acuerdo.datasets.tables import Row, Table
from acuerdo.domain.errors import InputError
from acuerdo.domain.records import PersonId


def named_rows(table: Table, column: str) -> list[tuple[Row, PersonId]]:
    """Return every row with the person named in it, "" where none is.

    Raises InputError naming both rows if a person stands in two of them.
    """
    first: dict[str, Row] = {}
    found: list[tuple[Row, PersonId]] = []
    for row in table.rows:
        name = table.name(row, column)
        if name and name in first:
            raise InputError(
                f"{name} stands in {first[name].place} already",
                where=table.where(row, column),
                fix="Join the two texts into one, or give each person a name of their own.",
            )
        first.setdefault(name, row)
        found.append((row, PersonId(name)))
    return found


def with_neutral_names(named: Sequence[tuple[Row, PersonId]]) -> list[tuple[Row, PersonId]]:
    """Call nameless people P1, P2, ... by the number of their row among the records.

    A number that somebody carries as a name is followed by an apostrophe: P2'.
    """
    taken = {person for _, person in named}
    found = []
    for number, (row, person) in enumerate(named, start=1):
        neutral = PersonId(f"P{number}")
        while not person and neutral in taken:
            neutral = PersonId(f"{neutral}'")
        found.append((row, person or neutral))
    return found
