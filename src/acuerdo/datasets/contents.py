"""Tell formats apart and read any of them into the same contents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Final, Literal

from acuerdo.datasets.columns import ColumnMap, Role, matching
from acuerdo.datasets.csv_tables import DELIMITERS, header_cells, read_csv, sniff_delimiter
from acuerdo.datasets.json_tables import (
    SINGULAR,
    looks_like_json,
    looks_like_jsonl,
    read_json,
    read_jsonl,
)
from acuerdo.datasets.sources import Source, read_source
from acuerdo.datasets.tables import Contents, Section, Table
from acuerdo.datasets.text_tables import read_text
from acuerdo.domain.errors import InputError

Format = Literal["csv", "json", "jsonl", "text"]
FORMATS: Final[tuple[Format, ...]] = ("csv", "json", "jsonl", "text")

_BY_ENDING: Final[Mapping[str, Format]] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".txt": "text",
    ".md": "text",
}
_MAIN_ROLE: Final[Mapping[Section, Role]] = {
    "opinions": "opinion",
    "critiques": "critique",
    "ratings": "value",
}


def read_contents(
    source: Source,
    section: Section,
    *,
    name: str,
    format: str | None,  # noqa: A002 - what it is called everywhere
    encoding: str,
    columns: ColumnMap,
) -> tuple[str, Contents]:
    """Return what the source is called in messages and what it holds.

    `section` is what the caller is after: a table without further marks is taken for it. Without
    `format` the ending of the name decides, and without a known ending the text itself: JSON if it
    begins like JSON, CSV if its first row names a column that is recognised, else plain text.
    """
    read = read_source(source, name=name, encoding=encoding)
    kind = _known(format, read.file) or _by_ending(read.file, read.text)
    guessed = kind is None
    kind = kind or _sniffed(read.text, section, columns)
    contents = _contents(read.text, read.file, kind, section, columns)
    notes = (*read.notes, *contents.notes)
    if guessed and kind != "text":
        notes = (f"recognised as {kind.upper()}", *notes)
    return read.file, replace(contents, notes=notes)


def table_of(contents: Contents, section: Section, file: str) -> Table:
    """Return the table of a section; raises InputError if there is none or it has no rows."""
    table = contents.tables.get(section)
    if table is None:
        raise InputError(
            f"there are no {section} in this file",
            where=file,
            fix=f"Put them under the key {section!r}.",
        )
    if not table.rows:
        raise InputError(
            f"there are column names but no {section}" if table.columns else f"no {section} in it",
            where=file,
            fix=f"Put one {SINGULAR[section]} a row into it.",
        )
    return table


def _contents(text: str, file: str, kind: Format, section: Section, columns: ColumnMap) -> Contents:
    match kind:
        case "json":
            return read_json(text, file, section)
        case "jsonl":
            return read_jsonl(text, file, section)
        case "csv":
            delimiter = _delimiter(text, section, columns)
            note = () if delimiter == "," else (f"cells are separated by {DELIMITERS[delimiter]}s",)
            return Contents({section: read_csv(text, file, delimiter)}, notes=note)
        case "text":
            if section == "ratings":
                raise InputError(
                    "ratings cannot be read from plain text",
                    where=file,
                    fix="Hand in CSV with the columns person,candidate,rating.",
                )
            table, remark = read_text(text, file, SINGULAR[section])
            return Contents({section: table}, notes=(remark,))


def _known(format_: str | None, file: str) -> Format | None:
    if not format_:
        return None
    for known in FORMATS:
        if format_.casefold() == known:
            return known
    raise InputError(
        f"{format_!r} is not a format", where=file, fix=f"Formats are {', '.join(FORMATS)}."
    )


def _by_ending(file: str, text: str) -> Format | None:
    kind = _BY_ENDING.get(PurePath(file).suffix.casefold())
    # JSON Lines are often saved as .json.
    return "jsonl" if kind == "json" and looks_like_jsonl(text) else kind


def _sniffed(text: str, section: Section, columns: ColumnMap) -> Format:
    if looks_like_jsonl(text):
        return "jsonl"
    if looks_like_json(text):
        return "json"
    header = header_cells(text, _delimiter(text, section, columns))
    return "csv" if matching(_MAIN_ROLE[section], header, columns) else "text"


def _delimiter(text: str, section: Section, columns: ColumnMap) -> str:
    def holds_main_column(header: Sequence[str]) -> bool:
        return bool(matching(_MAIN_ROLE[section], header, columns))

    return sniff_delimiter(text, holds_main_column)
