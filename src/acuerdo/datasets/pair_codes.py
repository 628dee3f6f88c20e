"""One pass over a table of pairs: every distinct text once, every row as a few numbers."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.datasets.columns import ColumnMap, Role, find_column, matching
from acuerdo.datasets.ratings import rating_number
from acuerdo.datasets.streamed import StreamedTable
from acuerdo.datasets.tables import MAX_NAME_CHARACTERS, check_text
from acuerdo.domain.errors import InputError
from acuerdo.domain.records import LIKERT_LABELS, LIKERT_MAX, LIKERT_MIN
from acuerdo.domain.rounds import MAX_OPINION_CHARACTERS
from acuerdo.domain.sheets import Values
from acuerdo.domain.text import canonical
from acuerdo.ports import Progress, Watch, stop_if_asked

Codes = npt.NDArray[np.int32]

REQUIRED: Final[tuple[Role, ...]] = ("question", "opinion", "statement")
OPTIONAL: Final[tuple[Role, ...]] = ("person", "rating", "context")
_ROWS_BETWEEN_LOOKS: Final = 8192
_NAMELESS: Final = 1 << 32
_SHEET_STEP: Final = 1 << 33


@dataclass(frozen=True, slots=True, eq=False)
class PairCodes:
    """A table of pairs by number. Text 0 of every list is "".

    Of every row: `participant`, `statement` and `rating` (nan for none), shape (rows,). Of every
    participant, one person on one question: `sheet_of`, `opinion_of`, `person_of`, and `first_row`,
    the row they appear in first. `sheets` holds a question and a context, by number, for each
    sheet, in order of appearance. `nameless` counts rows that name no person.
    """

    questions: tuple[str, ...]
    contexts: tuple[str, ...]
    people: tuple[str, ...]
    opinions: tuple[str, ...]
    statements: tuple[str, ...]
    participant: Codes
    statement: Codes
    rating: Values
    sheet_of: Codes
    opinion_of: Codes
    person_of: Codes
    first_row: npt.NDArray[np.int64]
    sheets: tuple[tuple[int, int], ...]
    nameless: int


def recognises(header: Sequence[str], columns: ColumnMap) -> bool:
    """Return whether a header names every column that is needed."""
    return all(matching(role, header, columns, specific=_specific(role)) for role in REQUIRED)


def columns_of(table: StreamedTable, columns: ColumnMap) -> ColumnMap:
    """Return the columns to read, "" for optional ones that are not there.

    Raises InputError if a needed one is missing or several could be meant.
    """
    found = [cell.strip() for cell in table.header]
    used = {
        role: find_column(role, found, columns, table.file, specific=_specific(role))
        for role in (*REQUIRED, *OPTIONAL)
    }
    missing = [role for role in REQUIRED if not used[role]]
    if missing:
        shown = ", ".join(repr(cell) for cell in found[:12])
        raise InputError(
            f"no column is recognised as the {' or the '.join(missing)}; the columns are {shown}",
            where=f"{table.file}, row {table.header_row}",
            fix="Name it as one of question, person, opinion, statement, or say which column it "
            f"is, for example --{missing[0]}-column {found[-1]!r}.",
        )
    return ColumnMap(**used)


def read_codes(table: StreamedTable, used: ColumnMap, watch: Watch) -> PairCodes:
    """Read all rows; raises InputError naming row and column, Cancelled if the watcher stops."""
    reading = _Reading(table, used)
    for done, (number, cells) in enumerate(table.rows()):
        if done % _ROWS_BETWEEN_LOOKS == 0:
            stop_if_asked(watch)
            watch.report(Progress("read", table.bytes_read, table.size))
        reading.add(number, cells)
    watch.report(Progress("read", table.size, table.size))
    return reading.codes()


def _specific(role: Role) -> bool:
    """Say whether general names are not recognised: "text" and "id" may be anything here."""
    return role != "statement"


class _Texts:
    """Distinct texts by number; 0 is "". Spellings that read the same share a number."""

    def __init__(self, limit: int = MAX_OPINION_CHARACTERS, *, one_line: bool = False) -> None:
        self.texts: dict[str, int] = {"": 0}
        self._spelled: dict[str, int] = {"": 0}
        self._limit = limit
        self._one_line = one_line

    def find(self, cell: str) -> int:
        """Return the number of a text that was seen before, -1 if it was not."""
        return self._spelled.get(cell, -1)

    def add(self, cell: str, where: str) -> int:
        """Return the number of a new text; raises InputError if it cannot be used."""
        check_text(cell.strip(), where, self._limit)
        text = canonical(cell)
        if self._one_line:
            text = " ".join(text.split())
        code = self.texts.setdefault(text, len(self.texts))
        # One string serves both tables where the spelling is the plain one.
        self._spelled[text if text == cell else cell] = code
        return code


class _Reading:
    """The rows read so far."""

    def __init__(self, table: StreamedTable, used: ColumnMap) -> None:
        self._file, self._used = table.file, used
        header = [cell.strip() for cell in table.header]
        self._places = {
            role: header.index(used.named(role)) if used.named(role) else -1
            for role in (*REQUIRED, *OPTIONAL)
        }
        self._texts: dict[Role, _Texts] = {
            "question": _Texts(),
            "context": _Texts(),
            "person": _Texts(MAX_NAME_CHARACTERS, one_line=True),
            "opinion": _Texts(),
            "statement": _Texts(),
        }
        self._ratings: dict[str, float] = {}
        self._sheets: dict[tuple[int, int], int] = {}
        self._participants: dict[int, int] = {}
        self._participant, self._statement, self._rating = array("i"), array("i"), array("d")
        self._sheet_of, self._opinion_of, self._person_of = array("i"), array("i"), array("i")
        self._first_row, self._said_in = array("q"), array("q")
        self._nameless = 0

    def add(self, number: int, cells: Sequence[str]) -> None:
        question = self._filled("question", number, cells)
        statement = self._filled("statement", number, cells)
        key = question, self._code("context", number, cells)
        sheet = self._sheets.setdefault(key, len(self._sheets))
        person = self._code("person", number, cells)
        opinion = self._code("opinion", number, cells)
        participant = self._who(sheet, person, opinion, number)
        if opinion and opinion != self._opinion_of[participant]:
            if self._opinion_of[participant]:
                raise self._two_opinions(participant, number)
            self._opinion_of[participant] = opinion
            self._said_in[participant] = number
        self._participant.append(participant)
        self._statement.append(statement)
        self._rating.append(self._rated(number, cells))

    def codes(self) -> PairCodes:
        if not self._participant:
            raise InputError(
                "there are column names but no rows",
                where=self._file,
                fix="Put one person and one statement a row into it.",
            )
        return PairCodes(
            questions=tuple(self._texts["question"].texts),
            contexts=tuple(self._texts["context"].texts),
            people=tuple(self._texts["person"].texts),
            opinions=tuple(self._texts["opinion"].texts),
            statements=tuple(self._texts["statement"].texts),
            participant=np.frombuffer(self._participant, dtype=np.int32),
            statement=np.frombuffer(self._statement, dtype=np.int32),
            rating=np.frombuffer(self._rating, dtype=np.float64),
            sheet_of=np.frombuffer(self._sheet_of, dtype=np.int32),
            opinion_of=np.frombuffer(self._opinion_of, dtype=np.int32),
            person_of=np.frombuffer(self._person_of, dtype=np.int32),
            first_row=np.frombuffer(self._first_row, dtype=np.int64),
            sheets=tuple(self._sheets),
            nameless=self._nameless,
        )

    def _code(self, role: Role, number: int, cells: Sequence[str]) -> int:
        place = self._places[role]
        if place < 0:
            return 0
        code = self._texts[role].find(cells[place])
        return code if code >= 0 else self._texts[role].add(cells[place], self._where(number, role))

    def _filled(self, role: Role, number: int, cells: Sequence[str]) -> int:
        code = self._code(role, number, cells)
        if not code:
            raise InputError(
                f"there is no {role} in this row",
                where=self._where(number, role),
                fix=f"Fill the {role} in, or delete the row.",
            )
        return code

    def _who(self, sheet: int, person: int, opinion: int, number: int) -> int:
        """Return the participant of a row, a new one where nobody fits."""
        new = len(self._sheet_of)
        if person:
            participant = self._participants.setdefault(sheet * _SHEET_STEP + person, new)
        else:
            self._nameless += 1
            # Nobody knows whether rows with neither name nor opinion are of the same person.
            nameless = sheet * _SHEET_STEP + _NAMELESS + opinion
            participant = self._participants.setdefault(nameless, new) if opinion else new
        if participant == new:
            self._sheet_of.append(sheet)
            self._opinion_of.append(opinion)
            self._person_of.append(person)
            self._first_row.append(number)
            self._said_in.append(number)
        return participant

    def _rated(self, number: int, cells: Sequence[str]) -> float:
        place = self._places["rating"]
        written = cells[place] if place >= 0 else ""
        if not written:
            return np.nan
        value = self._ratings.get(written)
        return value if value is not None else self._new_rating(written, number)

    def _new_rating(self, written: str, number: int) -> float:
        value = rating_number(written) if written.strip() else np.nan
        if value is None or value < LIKERT_MIN or value > LIKERT_MAX:
            shown = repr(written) if len(written) <= 40 else f"{written[:40]!r}…"
            raise InputError(
                f"{shown} is not a rating from {LIKERT_MIN} to {LIKERT_MAX}",
                where=self._where(number, "rating"),
                fix=f"{LIKERT_MIN} is {LIKERT_LABELS[0]!r}, {LIKERT_MAX} is "
                f"{LIKERT_LABELS[-1]!r}; leave it empty where a prediction is wanted.",
            )
        return self._ratings.setdefault(written, value)

    def _two_opinions(self, participant: int, number: int) -> InputError:
        texts = tuple(self._texts["person"].texts)
        person = texts[self._person_of[participant]]
        return InputError(
            f"{person} has another opinion on this question in row {self._said_in[participant]}",
            where=self._where(number, "opinion"),
            fix="Keep one text for each person and question, or give each person a name of their "
            "own.",
        )

    def _where(self, number: int, role: Role) -> str:
        return f"{self._file}, row {number}, column {self._used.named(role)!r}"
