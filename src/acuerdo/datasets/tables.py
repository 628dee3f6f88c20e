"""What every format becomes: rows of named cells that know where they stand in the file."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from acuerdo.domain.errors import InputError
from acuerdo.domain.rounds import MAX_OPINION_CHARACTERS
from acuerdo.domain.text import canonical

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
Section = Literal["opinions", "critiques", "ratings"]
SECTIONS: Final[tuple[Section, ...]] = ("opinions", "critiques", "ratings")

MAX_NAME_CHARACTERS: Final = 200
MAX_ROWS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Row:
    """One record. `place` is what a person looks for in the file: "row 7", "entry 3"."""

    place: str
    cells: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Table:
    """Records of one kind. `unit` is what the format calls a column: "column" or "field"."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    unit: Literal["column", "field"]

    def where(self, row: Row, column: str = "") -> str:
        """Return file, row and column as messages name them."""
        place = f"{self.file}, {row.place}"
        return f"{place}, {self.unit} {column!r}" if column else place

    def text(self, row: Row, column: str, *, limit: int = MAX_OPINION_CHARACTERS) -> str:
        """Return a cell's text without surrounding space, "" where nothing visible is in it.

        Raises InputError if the cell holds something else than text, more than `limit`
        characters, or half of a character (a lone surrogate).
        """
        value = row.cells.get(column) if column else None
        if value is None:
            return ""
        if not isinstance(value, str):
            raise InputError(
                f"this is {kind_of(value)}, not text",
                where=self.where(row, column),
                fix="Write it as text in quotation marks.",
            )
        text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
        check_text(text, self.where(row, column), limit)
        return text if canonical(text) else ""

    def name(self, row: Row, column: str) -> str:
        """Return a cell that names somebody or something, on one line; whole numbers may name."""
        value = row.cells.get(column) if column else None
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return " ".join(canonical(self.text(row, column, limit=MAX_NAME_CHARACTERS)).split())


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything one file carries: its tables by section, and texts that stand beside them."""

    tables: Mapping[Section, Table]
    question: str = ""
    previous: str = ""
    notes: tuple[str, ...] = ()


def bounded(rows: Iterable[Row], file: str) -> tuple[Row, ...]:
    """Return the rows; raises InputError rather than hold more than any round can need."""
    kept: list[Row] = []
    for row in rows:
        if len(kept) == MAX_ROWS:
            raise _too_many(file, row.place)
        kept.append(row)
    return tuple(kept)


def numbered_lines(text: str, file: str) -> Iterator[tuple[int, str]]:
    """Yield lines that are not blank, without surrounding space, with their number.

    Raises InputError rather than yield more than any round can need.
    """
    yielded = 0
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        if stripped := line.strip():
            if yielded == MAX_ROWS:
                raise _too_many(file, f"line {number}")
            yielded += 1
            yield number, stripped


def _too_many(file: str, place: str) -> InputError:
    return InputError(
        f"there are more than {MAX_ROWS:,} rows",
        where=f"{file}, {place} and after",
        fix="Keep only the rows of this round.",
    )


def check_text(text: str, where: str, limit: int = MAX_OPINION_CHARACTERS) -> None:
    """Raise InputError for a text that is too long or that cannot be written down again."""
    if len(text) > limit:
        raise InputError(
            f"this has {len(text):,} characters; at most {limit:,} can be read",
            where=where,
            fix="Shorten it to what matters for the question.",
        )
    half = next((place for place, c in enumerate(text, 1) if "\ud800" <= c <= "\udfff"), None)
    if half is not None:
        raise InputError(
            f"character {half} is only half of a character (a lone surrogate)",
            where=where,
            fix="Delete it and type it again.",
        )


def kind_of(value: JsonValue) -> str:
    """Return what a JSON value is, in words."""
    match value:
        case None:
            return "nothing (null)"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case _:
            return "an object"
