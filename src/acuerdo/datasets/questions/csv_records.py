"""Rows of a table of questions, where a broken quotation mark loses one row and not the rest."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from acuerdo.datasets.csv_tables import DELIMITERS, sniff_delimiter
from acuerdo.datasets.questions.lines_in import TextLine
from acuerdo.datasets.questions.records import Record
from acuerdo.datasets.questions.spreadsheets import unguarded
from acuerdo.domain.errors import InputError

_SNIFFED_CHARACTERS: Final = 50_000


class CsvRecords:
    """A comma-, semicolon-, tab- or bar-separated table with a header row, read once.

    `header` holds the names of the columns. Rows are numbered as a spreadsheet does as long as no
    cell holds a line break; messages name the line besides.
    """

    def __init__(
        self, lines: Iterator[TextLine], file: str, wanted: Callable[[Sequence[str]], bool]
    ) -> None:
        """Read the header; raises InputError if the file is empty or its header is broken."""
        self._file = file
        start = _until(lines, _SNIFFED_CHARACTERS)
        text = "".join(line.text for line in start)
        self.delimiter = sniff_delimiter(text.lstrip(), wanted)
        self._lines = _Rewindable(itertools.chain(start, lines))
        self._reader = csv.reader(
            self._lines, delimiter=self.delimiter, skipinitialspace=True, strict=True
        )
        self._row = 0
        header = next(self._raw(), None)
        if header is None:
            raise InputError("the file is empty", where=file, fix="Check that it was saved.")
        if header.problem is not None:
            raise header.problem
        self._header_row = self._row
        self.header = tuple(str(name).strip() for name in header.cells.values())

    def records(self) -> Iterator[Record]:
        """Yield every row below the header that is not blank, broken ones with their problem."""
        return self._raw(self.header)

    def _raw(self, header: Sequence[str] | None = None) -> Iterator[Record]:
        while True:
            self._lines.begin()
            self._row += 1
            try:
                cells = [cell.strip() for cell in next(self._reader)]
            except StopIteration:
                return
            except csv.Error as error:
                yield self._broken(f"this row cannot be read: {error}")
                continue
            problem = self._lines.problem()
            if problem is not None:
                yield self._rejected(problem)
            elif any(cells):
                yield self._whole(cells) if header is None else self._fitted(cells, header)

    def _whole(self, cells: Sequence[str]) -> Record:
        return Record("header", {str(number): cell for number, cell in enumerate(cells)})

    def _fitted(self, cells: list[str], header: Sequence[str]) -> Record:
        filled = cells[: len(header)] if not any(cells[len(header) :]) else cells
        if len(filled) != len(header):
            return self._broken(
                f"there are {len(header)} columns in row {self._header_row}, "
                f"but {len(cells)} in this one"
            )
        values = (unguarded(cell) for cell in filled)
        return Record(f"row {self._row}", dict(zip(header, values, strict=True)))

    def _broken(self, what: str) -> Record:
        name = DELIMITERS[self.delimiter]
        return self._rejected(
            InputError(
                what,
                where=f"{self._file}, row {self._row} (line {self._lines.first})",
                fix=f"Put texts that contain a {name} or a line break in quotation marks "
                '("…"), close every quotation mark, and double those inside ("").',
            )
        )

    def _rejected(self, problem: InputError) -> Record:
        # A quotation mark that is never closed swallows the rows after it: they are read again.
        self._lines.rewind_to_second()
        return Record(f"row {self._row}", problem=problem)


class _Rewindable:
    """Lines for `csv.reader`, of which those of the row being read can be given out again."""

    def __init__(self, lines: Iterator[TextLine]) -> None:
        self._lines = lines
        self._again: list[TextLine] = []
        self._given: list[TextLine] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._lines)
        self._given.append(line)
        return line.text

    def begin(self) -> None:
        self._given = []

    @property
    def first(self) -> int:
        return self._given[0].number if self._given else 0

    def problem(self) -> InputError | None:
        return next((line.problem for line in self._given if line.problem is not None), None)

    def rewind_to_second(self) -> None:
        self._again.extend(reversed(self._given[1:]))


def _until(lines: Iterator[TextLine], characters: int) -> list[TextLine]:
    taken: list[TextLine] = []
    size = 0
    for line in lines:
        taken.append(line)
        size += len(line.text)
        if size >= characters:
            break
    return taken
