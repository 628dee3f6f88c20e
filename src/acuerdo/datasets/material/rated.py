"""Statements that people rated: our own platform's export, and plain tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Final

from acuerdo.datasets.columns import normalised
from acuerdo.datasets.material.lines import Line, read_lines
from acuerdo.datasets.material.reading import (
    ReaderOptions,
    Reading,
    material_of,
    quality_reason,
)
from acuerdo.datasets.streamed import StreamedTable
from acuerdo.datasets.tables import JsonValue
from acuerdo.domain.errors import InputError
from acuerdo.domain.material import Material

UNRATED: Final = "nobody rated the quality"
_LISTS: Final[Mapping[str, str]] = {
    "opinion": "opinions",
    "opinions": "opinions",
    "critique": "critiques",
    "critiques": "critiques",
    "quality": "quality",
    "agreement": "agreement",
}
_SINGLE_NAMES: Final = (
    "group question statement previous context language split source licence author"
)
_SINGLE: Final = tuple(_SINGLE_NAMES.split())
_ANY: Final = ReaderOptions()


def read_platform(path: Path, options: ReaderOptions = _ANY) -> Reading:
    """Read our platform's export: a group a line, with the candidates that it rated.

    A candidate is kept if people rated its quality above `options.quality_above` on average; one
    whose quality nobody rated is left out. Raises InputError naming file, line and field.
    """
    dropped: Counter[str] = Counter()
    kept: list[Material] = []
    for line in read_lines(path):
        candidates = line.objects("candidates")
        if not candidates:
            raise line.missing("candidates")
        for candidate in candidates:
            ratings = candidate.objects("ratings")
            quality = [mark for one in ratings for mark in one.numbers("quality", 1, 7)]
            for one in ratings:
                one.numbers("agreement", 1, 7)
            if _good(quality, options, dropped, unrated=UNRATED):
                kept.append(_material(line, candidate))
    return Reading(tuple(kept), dropped)


def read_jsonl_table(path: Path, options: ReaderOptions = _ANY) -> Reading:
    """Read a statement a line, as JSON; see `read_csv_table` for its fields.

    `opinions` and `critiques` are lists of texts, `quality` and `agreement` numbers or lists of
    them, one for each rater.
    """
    return _of_table(read_lines(path), options)


def read_csv_table(path: Path, options: ReaderOptions = _ANY) -> Reading:
    """Read a statement a row from a table of any length.

    Columns: question, opinion 1, opinion 2, ... and statement; optionally group, previous,
    critique 1, ..., quality and agreement (1-7; quality 1, quality 2, ... for several raters),
    context, language, split, source, licence, author. Case and punctuation in their names do not
    matter; other columns are left alone. Blank opinions are people who are not there. A statement
    with ratings of its quality is kept if their mean is above `options.quality_above`; one without
    is kept as it is. Raises InputError naming file, row and column.
    """
    with StreamedTable(path, lambda header: "statement" in map(normalised, header)) as table:
        columns = _columns(table.header, table.file)
        return _of_table(_rows(table, columns), options)


def _of_table(lines: Iterator[Line], options: ReaderOptions) -> Reading:
    dropped: Counter[str] = Counter()
    kept: list[Material] = []
    for line in lines:
        line.numbers("agreement", 1, 7)
        if _good(line.numbers("quality", 1, 7), options, dropped, unrated=""):
            kept.append(_material(line, line))
    return Reading(tuple(kept), dropped)


def _good(
    quality: tuple[float, ...] | list[float],
    options: ReaderOptions,
    dropped: Counter[str],
    *,
    unrated: str,
) -> bool:
    """Tell whether to keep a statement; `unrated` is why one without ratings is not, "" to keep."""
    if not quality:
        dropped.update([unrated] if unrated else [])
        return not unrated
    if sum(quality) > options.quality_above * len(quality):
        return True
    dropped[quality_reason(options.quality_above)] += 1
    return False


def _material(line: Line, candidate: Line) -> Material:
    opinions, critiques = line.texts("opinions"), line.texts("critiques")
    if critiques and len(critiques) != len(opinions):
        raise InputError(
            f"there are {len(critiques)} critiques for {len(opinions)} opinions",
            where=line.where("critiques"),
            fix='Put one for each person, in the order of the opinions, "" for none.',
        )
    present = [place for place, opinion in enumerate(opinions) if opinion]
    return material_of(
        line.place,
        group=line.text("group") or f"{line.unit} {line.number}",
        question=line.text("question", required=True),
        opinions=tuple(opinions[place] for place in present),
        statement=candidate.text("statement", required=True),
        previous=line.text("previous"),
        critiques=tuple(critiques[place] for place in present) if any(critiques) else (),
        context=line.text("context"),
        language=line.text("language"),
        split=line.text("split"),
        source=line.text("source"),
        licence=line.text("licence") or line.text("license"),
        author=candidate.text("author"),
    )


def _columns(header: tuple[str, ...], file: str) -> dict[int, str]:
    """Return the field of every column that is read, by its place."""
    found: dict[int, str] = {}
    for place, name in enumerate(header):
        plain = "".join(letter for letter in normalised(name) if letter.isalnum())
        field = _LISTS.get(plain.rstrip("0123456789"), "") or (plain if plain in _SINGLE else "")
        if field:
            found[place] = field
    for field in ("question", "opinions", "statement"):
        if field not in found.values():
            shown = ", ".join(repr(name) for name in header[:12])
            raise InputError(
                f"there is no column {field.removesuffix('s')!r}; the columns are {shown}",
                where=file,
                fix="A table needs the columns question, opinion 1, opinion 2 and statement.",
            )
    twice = [field for field in _SINGLE if list(found.values()).count(field) > 1]
    if twice:
        raise InputError(f"there are two columns called {twice[0]!r}", where=f"{file}, row 1")
    return found


def _rows(table: StreamedTable, columns: Mapping[int, str]) -> Iterator[Line]:
    for number, cells in table.rows():
        fields: dict[str, JsonValue] = {}
        lists: dict[str, list[JsonValue]] = {}
        for place, field in columns.items():
            cell = cells[place].strip()
            if field in ("quality", "agreement"):
                lists.setdefault(field, []).append(_number(cell, table, number, place))
            elif field in ("opinions", "critiques"):
                lists.setdefault(field, []).append(cell)
            else:
                fields[field] = cell
        if len(lists.get("critiques", [])) not in (0, len(lists["opinions"])):
            raise InputError(
                f"there are {len(lists['critiques'])} columns of critiques for "
                f"{len(lists['opinions'])} of opinions",
                where=f"{table.file}, row 1",
                fix="Put one for each opinion, in the same order.",
            )
        yield Line(table.file, number, dict(chain(fields.items(), lists.items())), "row")


def _number(cell: str, table: StreamedTable, row: int, place: int) -> float | None:
    if not cell:
        return None
    try:
        return float(cell)
    except ValueError:
        raise InputError(
            f"{cell[:40]!r} is not a number",
            where=f"{table.file}, row {row}, column {table.header[place]!r}",
            fix="Ratings go from 1 to 7; leave the cell blank where there is none.",
        ) from None
