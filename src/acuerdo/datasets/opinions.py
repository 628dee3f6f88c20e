"""Read a group's opinions from a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from acuerdo.datasets.columns import ColumnMap, column_notes, find_column, require_column
from acuerdo.datasets.contents import read_contents, table_of
from acuerdo.datasets.critiques import critiques_of
from acuerdo.datasets.people import named_rows, with_neutral_names
from acuerdo.datasets.ratings import ratings_of
from acuerdo.datasets.sources import Source
from acuerdo.datasets.tables import Row, Table
from acuerdo.domain.errors import InputError
from acuerdo.domain.records import Critique, Opinion, PersonId, Rating
from acuerdo.domain.rounds import MAX_OPINIONS, MIN_OPINIONS

_NO_COLUMNS: Final = ColumnMap()


@dataclass(frozen=True, slots=True)
class OpinionsFile:
    """What a file of opinions says, ready to make a `Round` of.

    `roster` names people with an empty opinion: they belong to the group and are absent.
    `question`, `previous`, `critiques` and `ratings` are empty unless the file carries them.
    `columns` are the columns that were read; `notes` say in words what was assumed.
    """

    opinions: tuple[Opinion, ...]
    roster: tuple[PersonId, ...] = ()
    question: str = ""
    previous: str = ""
    critiques: tuple[Critique, ...] = ()
    ratings: tuple[Rating, ...] = ()
    columns: ColumnMap = _NO_COLUMNS
    notes: tuple[str, ...] = ()


def read_opinions(
    source: Source,
    *,
    name: str = "",
    format: str | None = None,  # noqa: A002 - what it is called everywhere
    encoding: str = "",
    columns: ColumnMap = _NO_COLUMNS,
) -> OpinionsFile:
    """Read 2 to 30 opinions from CSV, JSON, JSONL or plain text.

    `name` is what messages call the source, `format` one of "csv", "json", "jsonl", "text" (by
    default recognised), `encoding` a codec if the file is neither UTF-8 nor marked UTF-16,
    `columns` the columns to read where their names are unusual. People without a name are called
    P1, P2, ... by row. Raises InputError, and nothing else, naming file, row and column.
    """
    file, contents = read_contents(
        source, "opinions", name=name, format=format, encoding=encoding, columns=columns
    )
    table = table_of(contents, "opinions", file)
    used = ColumnMap(
        person=find_column("person", table.columns, columns, file),
        opinion=require_column("opinion", table.columns, columns, file),
        critique=find_column("critique", table.columns, columns, file, specific=True),
        question=find_column("question", table.columns, columns, file),
        previous=find_column("previous", table.columns, columns, file),
    )
    said = _said(table, used)
    return OpinionsFile(
        opinions=said.opinions,
        roster=said.roster,
        question=_same_in_every_row(table, "question", used.question) or contents.question,
        previous=_same_in_every_row(table, "previous", used.previous) or contents.previous,
        critiques=said.critiques or critiques_of(contents),
        ratings=ratings_of(contents),
        columns=used,
        notes=(*contents.notes, *column_notes(used), *said.notes),
    )


@dataclass(frozen=True, slots=True)
class _Said:
    opinions: tuple[Opinion, ...]
    roster: tuple[PersonId, ...]
    critiques: tuple[Critique, ...]
    notes: tuple[str, ...]


def _said(table: Table, used: ColumnMap) -> _Said:
    """Sort what stands in the rows into opinions, absences and critiques."""
    opinions: list[tuple[Row, Opinion]] = []
    roster: list[PersonId] = []
    critiques: list[Critique] = []
    notes: list[str] = []
    named = named_rows(table, used.person)
    for (row, given), (_, person) in zip(named, with_neutral_names(named), strict=True):
        text = table.text(row, used.opinion)
        critique = table.text(row, used.critique)
        if critique:
            critiques.append(Critique(person, critique))
        if text:
            opinions.append((row, Opinion(person, text)))
        elif given or critique:
            roster.append(person)
            notes.append(f"{row.place}: {person} gave no opinion and counts as absent")
        else:
            notes.append(f"{row.place}: empty, skipped")
    _check_number(table, [row for row, _ in opinions])
    if not all(given for _, given in named):
        notes.insert(0, "people without a name are called P1, P2, … by row")
    return _Said(
        tuple(opinion for _, opinion in opinions), tuple(roster), tuple(critiques), tuple(notes)
    )


def _check_number(table: Table, rows: Sequence[Row]) -> None:
    if len(rows) > MAX_OPINIONS:
        raise InputError(
            f"{len(rows)} opinions, but a round takes {MIN_OPINIONS} to {MAX_OPINIONS}",
            where=f"{table.where(rows[MAX_OPINIONS])} and after",
            fix="Split a larger group into several rounds.",
        )
    if len(rows) < MIN_OPINIONS:
        raise InputError(
            f"{len(rows)} opinion{'' if len(rows) == 1 else 's'} found, but a round takes "
            f"{MIN_OPINIONS} to {MAX_OPINIONS}",
            where=f"{table.file}, {table.rows[0].place}",
            fix="Put every person's opinion into a row (in plain text: a line) of its own.",
        )


def _same_in_every_row(table: Table, role: str, column: str) -> str:
    """Return the one text of a column that repeats it in every row, "" without such a column."""
    texts = [(row, text) for row in table.rows if (text := table.text(row, column))]
    for row, text in texts:
        if text != texts[0][1]:
            raise InputError(
                f"this {role} differs from the one in {texts[0][0].place}",
                where=table.where(row, column),
                fix=f"Keep the rows of one {role}, or rename the column if it is something else.",
            )
    return texts[0][1] if texts else ""
