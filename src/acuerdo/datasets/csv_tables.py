"""Read comma-, semicolon-, tab- or bar-separated tables with a header row."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from acuerdo.datasets.tables import Row, Table, bounded
from acuerdo.domain.errors import InputError

DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_HEADER_CHARACTERS: Final = 50_000


def sniff_delimiter(text: str, wanted: Callable[[Sequence[str]], bool]) -> str:
    """Return the delimiter under which the header holds a wanted column, else most columns."""

    def promise(delimiter: str) -> tuple[bool, int]:
        header = header_cells(text, delimiter)
        return wanted(header), len(header)

    return max(DELIMITERS, key=promise)


def header_cells(text: str, delimiter: str) -> tuple[str, ...]:
    """Return the cells of the first row that is not blank, () if there is none."""
    try:
        return next(_numbered(text[:_HEADER_CHARACTERS], "", delimiter), (0, ()))[1]
    except InputError:
        return ()


def read_csv(text: str, file: str, delimiter: str) -> Table:
    """Return the table. Rows are numbered as a spreadsheet does; blank rows are skipped.

    Empty cells beyond the header are ignored. Raises InputError for rows with too few or too many
    cells and for broken quotation marks.
    """
    rows = _numbered(text, file, delimiter)
    header_row, header = next(rows, (0, ()))
    if not header:
        raise InputError("the file is empty", where=file, fix="Check that it was saved.")
    records = bounded(_records(rows, file, header_row, header, delimiter), file)
    return Table(file=file, columns=header, rows=records, unit="column")


def _records(
    rows: Iterator[tuple[int, tuple[str, ...]]],
    file: str,
    header_row: int,
    header: Sequence[str],
    delimiter: str,
) -> Iterator[Row]:
    for number, cells in rows:
        filled = cells[: len(header)] if not any(cells[len(header) :]) else cells
        if len(filled) != len(header):
            raise InputError(
                f"there are {len(header)} columns in row {header_row}, "
                f"but {len(cells)} in this one",
                where=f"{file}, row {number}",
                fix=f"Put texts that contain a {DELIMITERS[delimiter]} or a line break in "
                "quotation marks (\"…\"), or read the file as plain text (format 'text').",
            )
        yield Row(f"row {number}", dict(zip(header, filled, strict=True)))


def _numbered(text: str, file: str, delimiter: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the rows that are not blank with their number, counting blank ones."""
    rows = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True
    )
    number, line = 0, 0
    try:
        for cells in rows:
            number, line = number + 1, rows.line_num
            stripped = tuple(cell.strip() for cell in cells)
            if any(stripped):
                yield number, stripped
    except csv.Error as error:
        raise InputError(
            f"this row cannot be read: {error}",
            where=f"{file}, row {number + 1} (line {line + 1})",
            fix='Close every quotation mark, and double those inside a quoted text ("").',
        ) from None
