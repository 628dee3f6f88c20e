"""Read what people criticise about the previous statement."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from acuerdo.datasets.columns import ColumnMap, column_notes, find_column, require_column
from acuerdo.datasets.contents import read_contents, table_of
from acuerdo.datasets.people import named_rows
from acuerdo.datasets.sources import Source
from acuerdo.datasets.tables import Contents, Table
from acuerdo.domain.errors import InputError
from acuerdo.domain.records import Critique, PersonId

_NO_COLUMNS: Final = ColumnMap()
_NAME_THEM: Final = (
    'Add a column "person", or in plain text begin every entry with a name and a colon '
    '("Ana: …"). People without a name are called P1, P2, … in the order of their opinions.'
)


@dataclass(frozen=True, slots=True)
class CritiquesFile:
    """Critiques by person, the columns that were read, and in words what was assumed."""

    critiques: tuple[Critique, ...]
    columns: ColumnMap = _NO_COLUMNS
    notes: tuple[str, ...] = ()


def read_critiques(
    source: Source,
    *,
    name: str = "",
    format: str | None = None,  # noqa: A002 - what it is called everywhere
    encoding: str = "",
    columns: ColumnMap = _NO_COLUMNS,
    known: Collection[PersonId] = (),
) -> CritiquesFile:
    """Read critiques (person, critique) from CSV, JSON, JSONL or plain text.

    People who are not among the `known` ones are late joiners: they are kept, and a note names
    them. An empty critique is none. The other options are those of `read_opinions`. Raises
    InputError, and nothing else, naming file, row and column.
    """
    file, contents = read_contents(
        source, "critiques", name=name, format=format, encoding=encoding, columns=columns
    )
    table = table_of(contents, "critiques", file)
    used = _columns_of(table, columns)
    critiques = _critiques(table, used)
    late = [critique.person for critique in critiques if known and critique.person not in known]
    notes = [*contents.notes, *column_notes(used)]
    if late:
        notes.append(f"joined without an opinion: {', '.join(late)}")
    return CritiquesFile(critiques, used, tuple(notes))


def critiques_of(contents: Contents) -> tuple[Critique, ...]:
    """Return the critiques that a file of opinions carries in a section of its own."""
    table = contents.tables.get("critiques")
    if table is None or not table.rows:
        return ()
    return _critiques(table, _columns_of(table, _NO_COLUMNS))


def _columns_of(table: Table, columns: ColumnMap) -> ColumnMap:
    used = ColumnMap(
        person=find_column("person", table.columns, columns, table.file),
        critique=require_column("critique", table.columns, columns, table.file),
    )
    if not used.person:
        raise InputError("nobody is named as the author", where=table.file, fix=_NAME_THEM)
    return used


def _critiques(table: Table, used: ColumnMap) -> tuple[Critique, ...]:
    critiques = []
    for row, person in named_rows(table, used.person):
        text = table.text(row, used.critique)
        if text and not person:
            raise InputError(
                "nobody is named as the author of this critique",
                where=table.where(row, used.person),
                fix=_NAME_THEM,
            )
        if text:
            critiques.append(Critique(person, text))
    return tuple(critiques)
