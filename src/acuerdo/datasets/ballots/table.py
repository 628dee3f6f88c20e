"""Ballots in a table: one row a voter (columns are candidates, or Rank1, Rank2, ...), or one row
for each voter and candidate."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from acuerdo.datasets.ballots.assembly import Contents, Row, Scale, shorten, whole_number
from acuerdo.datasets.ballots.scale import decide_scale, read_value
from acuerdo.domain.errors import InputError

_VOTER: Final = frozenset(
    {"voter", "voterid", "person", "personid", "participant", "participantid", "name", "id", ""}
)
_COUNT: Final = frozenset({"#", "count", "counts"})
_CANDIDATE: Final = frozenset({"candidate", "statement", "alternative", "option"})
_RATING: Final = frozenset({"rating", "agreement", "score"})
_RANK: Final = frozenset({"rank"})
_RANK_NUMBER = re.compile(r"rank([0-9]{1,4})")
_SKIPPED: Final = "skipped"
_DELIMITERS: Final = ",;\t"


@dataclass(frozen=True)
class Table:
    """Header and rows, each row with its line number and as many cells as the header."""

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def where(self, line: int, column: int) -> str:
        return f"{self.file}, line {line}, column {shorten(self.header[column])!r}"

    def find(self, names: frozenset[str]) -> int | None:
        """Return the one column of these names, None if there is none."""
        found = [column for column, name in enumerate(self.header) if _plain(name) in names]
        if len(found) > 1:
            raise InputError(
                "two columns mean the same: "
                + " and ".join(repr(shorten(self.header[column])) for column in found),
                where=self.file,
                fix="Keep one of them.",
            )
        return found[0] if found else None


def read_table(text: str, file: str, scale: Scale | None = None) -> Contents:
    """Read a table; commas, semicolons or tabs separate its cells.

    `scale` says whether numbers are ranks (1 is best) or ratings (1-7, higher is better); without
    it the numbers decide, and `Contents.assumed` says how. Raises InputError naming line and
    column.
    """
    table = _parse(text, file)
    if table.find(_CANDIDATE) is not None:
        return _long(table, scale)
    if any(_RANK_NUMBER.fullmatch(_plain(name)) for name in table.header):
        return _rank_columns(table)
    return _wide(table, scale)


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name.casefold())


def _parse(text: str, file: str) -> Table:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    lines: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append((reader.line_num, [cell.strip() for cell in cells]))
    except csv.Error as error:
        raise InputError(
            f"this is not a table: {error}",
            where=f"{file}, line {reader.line_num}",
            fix="Look for a quotation mark that is not closed.",
        ) from None
    if len(lines) < 2:
        raise InputError(
            "there are no ballots under the header",
            where=file,
            fix="The first line names the columns, every further line is a ballot.",
        )
    (_, header), *body = lines
    return Table(
        file, tuple(header), tuple((line, _cells(line, row, header, file)) for line, row in body)
    )


def _cells(line: int, row: Sequence[str], header: Sequence[str], file: str) -> tuple[str, ...]:
    if len(row) > len(header):
        raise InputError(
            f"{len(row)} cells, but only {len(header)} columns",
            where=f"{file}, line {line}",
            fix="Put text that contains the separator in quotation marks.",
        )
    return (*row, *[""] * (len(header) - len(row)))


def _counts(table: Table) -> list[int]:
    """Return how many ballots each row stands for."""
    column = table.find(_COUNT)
    if column is None:
        return [1] * len(table.rows)
    return [
        whole_number(cells[column], "count", table.where(line, column))
        for line, cells in table.rows
    ]


def _wide(table: Table, scale: Scale | None) -> Contents:
    apart = {table.find(_VOTER), table.find(_COUNT)}
    columns = [column for column in range(len(table.header)) if column not in apart]
    rows = [
        Row(
            {
                place: read_value(cells[column], table.where(line, column))
                for place, column in enumerate(columns)
                if cells[column]
            },
            count,
            f"{table.file}, line {line}",
        )
        for (line, cells), count in zip(table.rows, _counts(table), strict=True)
    ]
    _check_voters(table)
    return _scaled(table, tuple(table.header[column] for column in columns), rows, scale)


def _check_voters(table: Table) -> None:
    column = table.find(_VOTER)
    if column is None:
        return
    seen: dict[str, int] = {}
    for line, cells in table.rows:
        voter = cells[column]
        if voter and voter in seen:
            raise InputError(
                f"{shorten(voter)!r} has a second ballot",
                where=table.where(line, column),
                fix=f"The first one is in line {seen[voter]}: keep one of them.",
            )
        seen[voter] = line


def _rank_columns(table: Table) -> Contents:
    """Read Rank1, Rank2, ...: cells hold names; `skipped` leaves a rank unused."""
    ranked = sorted(
        (int(found[1]), column)
        for column, name in enumerate(table.header)
        if (found := _RANK_NUMBER.fullmatch(_plain(name)))
    )
    columns: dict[str, int] = {}
    rows: list[Row] = []
    for (line, cells), count in zip(table.rows, _counts(table), strict=True):
        values: dict[int, float] = {}
        for rank, column in ranked:
            name = cells[column]
            if not name or name.casefold() == _SKIPPED:
                continue
            place = columns.setdefault(name, len(columns))
            if place in values:
                raise InputError(
                    f"{shorten(name)!r} stands on this ballot twice",
                    where=table.where(line, column),
                    fix="Keep the better rank.",
                )
            values[place] = float(rank)
        rows.append(Row(values, count))
    return Contents(tuple(columns), rows, "ranks", ("columns Rank1, Rank2, ... hold the names",))


def _long(table: Table, scale: Scale | None) -> Contents:
    """Read one row for each voter and candidate."""
    person = _required(table, _VOTER, "voter")
    candidate = _required(table, _CANDIDATE, "candidate")
    rating, rank = table.find(_RATING), table.find(_RANK)
    if rating is not None and rank is not None:
        raise InputError(
            "there is a column of ranks and a column of ratings",
            where=table.file,
            fix="Keep the one to count.",
        )
    value = rating if rating is not None else rank
    if value is None:
        raise InputError(
            "there is no column with ranks or ratings",
            where=table.file,
            fix="Call it 'rank' (1 is best) or 'rating' (1-7, higher is better).",
        )
    columns: dict[str, int] = {}
    ballots: dict[str, dict[int, float]] = {}
    for line, cells in table.rows:
        for needed in (person, candidate):
            if not cells[needed]:
                raise InputError("this cell is empty", where=table.where(line, needed))
        place = columns.setdefault(cells[candidate], len(columns))
        ballot = ballots.setdefault(cells[person], {})
        if place in ballot:
            raise InputError(
                f"{shorten(cells[person])!r} votes on {shorten(cells[candidate])!r} twice",
                where=f"{table.file}, line {line}",
                fix="Keep one of the rows.",
            )
        if cells[value]:
            ballot[place] = read_value(cells[value], table.where(line, value))
    rows = [
        Row(ballot, where=f"{table.file}, voter {shorten(voter)!r}")
        for voter, ballot in ballots.items()
    ]
    named: Scale = "ratings" if rating is not None else "ranks"
    if scale is not None and scale != named:
        raise InputError(
            f"the column is called {table.header[value]!r}, but {scale} were asked for",
            where=table.file,
            fix="Leave out --scale, or rename the column.",
        )
    return _scaled(table, tuple(columns), rows, named)


def _required(table: Table, names: frozenset[str], what: str) -> int:
    column = table.find(names)
    if column is None:
        raise InputError(
            f"there is no column for the {what}",
            where=table.file,
            fix=f"The columns are {', '.join(map(repr, _shown(table)))}: call one {what!r}.",
        )
    return column


def _shown(table: Table) -> Iterator[str]:
    return (shorten(name) for name in table.header[:12])


def _scaled(
    table: Table, names: tuple[str, ...], rows: Sequence[Row], scale: Scale | None
) -> Contents:
    counted = table.find(_COUNT) is not None
    decided, assumed = decide_scale(rows, scale, counted=counted)
    return Contents(names, rows, decided, assumed)
