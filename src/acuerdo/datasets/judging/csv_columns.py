"""Read the columns of a large CSV file, knowing in which row each cell stands."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from acuerdo.datasets.columns import normalised
from acuerdo.domain.errors import InputError


@dataclass(frozen=True, slots=True)
class CsvColumns:
    """Cells by column, without surrounding space; `header` is as the file spells it.

    `rows` numbers the records as a spreadsheet does: the header is row 1, blank rows count.
    """

    file: str
    header: tuple[str, ...]
    cells: Mapping[str, Sequence[str]]
    rows: Sequence[int]

    def __len__(self) -> int:
        return len(self.rows)

    def place(self, *names: str) -> str:
        """Return the column with one of these names, "" if there is none.

        Case, accents and punctuation do not matter: "comment-id" is "comment_id".
        """
        spelled = {normalised(column): column for column in self.header}
        return next((spelled[n] for n in map(normalised, names) if n in spelled), "")

    def column(self, *names: str) -> Sequence[str]:
        """Return the cells of the column with one of these names, the first that there is.

        Raises InputError if there is none.
        """
        found = self.place(*names)
        if not found:
            shown = ", ".join(repr(column) for column in self.header[:12])
            raise InputError(
                f"there is no column {names[0]!r}; the columns are {shown}",
                where=self.file,
                fix="Hand in the file as it was exported.",
            )
        return self.cells[found]

    def optional(self, *names: str) -> Sequence[str]:
        """Return the cells of the column with one of these names, blank ones if there is none."""
        found = self.place(*names)
        return self.cells[found] if found else [""] * len(self)

    def where(self, record: int, *names: str) -> str:
        """Return file, row and column as messages name them."""
        return f"{self.file}, row {self.rows[record]}, column {self.place(*names)!r}"


def read_columns(text: str, file: str) -> CsvColumns:
    """Return the columns of comma-separated text with a header row.

    Raises InputError for an empty file, two columns of one name, a row with too few or too many
    cells and broken quotation marks.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[list[str]] = []
    rows: list[int] = []
    header: list[str] = []
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if not header:
                header = [cell.strip() for cell in cells]
            elif len(cells) == len(header):
                records.append(cells)
                rows.append(number)
            elif any(cell.strip() for cell in cells):
                raise InputError(
                    f"there are {len(header)} columns, but {len(cells)} in this row",
                    where=f"{file}, row {number}",
                    fix='Put texts that contain a comma or a line break in quotation marks ("…").',
                )
    except csv.Error as error:
        raise InputError(
            f"this row cannot be read: {error}",
            where=f"{file}, row {number + 1}",
            fix='Close every quotation mark, and double those inside a quoted text ("").',
        ) from None
    if not any(header):
        raise InputError("the file is empty", where=file, fix="Check that it was saved.")
    twice = {name for name in header if name and header.count(name) > 1}
    if twice:
        raise InputError(
            f"there are two columns called {min(twice)!r}",
            where=f"{file}, row 1",
            fix="Give each column a name of its own.",
        )
    columns = zip(*records, strict=True) if records else ((),) * len(header)
    cells_by_name = {
        name: [cell.strip() for cell in cells] for name, cells in zip(header, columns, strict=True)
    }
    return CsvColumns(file, tuple(header), cells_by_name, rows)
