"""People and statements in a table of any length: what is to be predicted, or known already."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from acuerdo.datasets.columns import ColumnMap, column_notes
from acuerdo.datasets.pair_codes import PairCodes, columns_of, read_codes, recognises
from acuerdo.datasets.sources import Source
from acuerdo.datasets.streamed import StreamedTable
from acuerdo.domain.errors import InputError
from acuerdo.domain.judgements import Column, Judgements
from acuerdo.domain.sheets import Positions, Sheet, Values
from acuerdo.ports import Unwatched, Watch

_NO_COLUMNS: Final = ColumnMap()
_NOBODY: Final = Unwatched()


@dataclass(frozen=True, slots=True, eq=False)
class PairsFile:
    """A table of pairs: its rows as written, and the same rows by question.

    `ratings` (rows,) holds known agreement, 1-7, nan where none is given. Row positions count rows
    that are not blank from 0. Texts are held once each, rows only as numbers; the cells are read
    from the file again, so close it, or use it in a `with` block.
    """

    table: StreamedTable
    codes: PairCodes
    columns: ColumnMap
    notes: tuple[str, ...]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.table.close()

    def __len__(self) -> int:
        return len(self.codes.statement)

    @property
    def header(self) -> tuple[str, ...]:
        """The column names as written."""
        return self.table.header

    @property
    def ratings(self) -> Values:
        """Known agreement of every row, nan where none is given, shape (rows,)."""
        return self.codes.rating

    @property
    def questions(self) -> int:
        """How many sheets there are."""
        return len(self.codes.sheets)

    def cells(self) -> Iterator[list[str]]:
        """Yield the cells of every row as written, in the file's order.

        Raises InputError if the file is not the one any more that was read before.
        """
        count = 0
        for _, cells in self.table.rows():
            count += 1
            if count > len(self):
                break
            yield cells
        if count != len(self):
            raise InputError(
                "the file was changed while it was read",
                where=self.table.file,
                fix="Run the command again.",
            )

    def sheets(self) -> Iterator[tuple[Positions, Sheet]]:
        """Yield each question's row positions and its sheet, pairs in the order of the rows.

        Questions come in order of appearance; rows with another context are another sheet.
        """
        codes = self.codes
        of_row = codes.sheet_of[codes.participant]
        order = np.argsort(of_row, kind="stable")
        ends = np.cumsum(np.bincount(of_row, minlength=len(codes.sheets)))
        for number, (question, context) in enumerate(codes.sheets):
            rows = order[ends[number - 1] if number else 0 : ends[number]]
            people, person = np.unique(codes.participant[rows], return_inverse=True)
            stated, statement = np.unique(codes.statement[rows], return_inverse=True)
            yield (
                rows,
                Sheet(
                    question=codes.questions[question],
                    opinions=tuple(codes.opinions[k] for k in codes.opinion_of[people]),
                    statements=tuple(codes.statements[k] for k in stated),
                    person=person.astype(np.int64),
                    statement=statement.astype(np.int64),
                    ratings=codes.rating[rows],
                    context=codes.contexts[context],
                ),
            )

    def judgements(self, source: str, licence: str = "") -> Judgements:
        """Return the rated rows of people with an opinion as a table on the scale "agreement".

        Every question is a conversation of its own. People without a name are called after the row
        in which they first appear. Raises InputError if there is no such row.
        """
        codes = self.codes
        opinion = codes.opinion_of[codes.participant]
        rows = np.flatnonzero(~np.isnan(codes.rating) & (opinion > 0))
        if not len(rows):
            raise InputError(
                "no row has both a rating and an opinion",
                where=self.table.file,
                fix=f"Fill in the column {self.columns.rating or 'rating'!r} with 1 to 7.",
            )
        participant = codes.participant[rows]
        sheets = np.array(codes.sheets, dtype=np.int64)[codes.sheet_of[participant]]
        question = _column(codes.questions, sheets[:, 0])
        return Judgements(
            source=_constant(source, len(rows)),
            licence=_constant(licence, len(rows)),
            conversation=question,
            language=_constant("", len(rows)),
            question=question,
            context=_column(codes.contexts, sheets[:, 1]),
            person=Column.of(_names(codes, participant)),
            opinion=_column(codes.opinions, opinion[rows]),
            statement=_column(codes.statements, codes.statement[rows]),
            scale=_constant("agreement", len(rows)),
            value=codes.rating[rows],
        )


def read_pairs(
    source: Source,
    *,
    name: str = "",
    encoding: str = "",
    delimiter: str = "",
    columns: ColumnMap = _NO_COLUMNS,
    watch: Watch = _NOBODY,
) -> PairsFile:
    """Read a CSV, TSV, semicolon- or bar-separated table of people and statements.

    Columns: question, opinion, statement, and optionally person, rating and context; they are
    recognised by well-known names unless `columns` names them, and further ones are kept. Rows may
    stand in any order. A person's opinion may be left out in all rows of a question but one; where
    it is never given they have none. Without a person, each distinct opinion is one. There is no
    limit on the length: cost is linear, memory is bounded by the distinct texts and a few numbers
    a row. Raises InputError naming file, row and column, StorageError if a stream cannot be copied
    to a temporary file, Cancelled if the watcher stops.
    """
    table = StreamedTable(
        source,
        lambda header: recognises(header, columns),
        name=name,
        encoding=encoding,
        delimiter=delimiter,
    )
    with ExitStack() as opened:
        opened.enter_context(table)
        used = columns_of(table, columns)
        codes = read_codes(table, used, watch)
        notes = list(column_notes(used))
        if not used.person:
            notes.append("there is no column for the person: each distinct opinion is one")
        elif codes.nameless:
            rows = "row names" if codes.nameless == 1 else "rows name"
            notes.append(
                f"{codes.nameless:,} {rows} no person: each distinct opinion among them is one"
            )
        opened.pop_all()
    return PairsFile(table, codes, used, tuple(notes))


def read_pairs_judgements(path: Path) -> Judgements:
    """Return the rated rows of a table of pairs, for training; the source is the file's name.

    Raises InputError as `read_pairs` does, and if no row has both a rating and an opinion.
    """
    with read_pairs(path) as pairs:
        return pairs.judgements(path.stem)


def _column(texts: tuple[str, ...], codes: npt.NDArray[np.integer]) -> Column:
    whole = Column(texts, codes.astype(np.int64))
    return whole.take(np.arange(len(codes)))


def _constant(text: str, rows: int) -> Column:
    return Column((text,), np.zeros(rows, dtype=np.int64))


def _names(codes: PairCodes, participant: npt.NDArray[np.integer]) -> list[str]:
    names = {}
    for one in np.unique(participant).tolist():
        name = codes.people[codes.person_of[one]] or f"row {codes.first_row[one]}"
        while not codes.person_of[one] and name in codes.people:
            name += "'"
        names[one] = name
    return [names[one] for one in participant.tolist()]
