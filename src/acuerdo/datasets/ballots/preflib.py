"""PrefLib files: orders with and without ties or gaps (.soc .soi .toc .toi), categories (.cat).

The header of today: `# NUMBER ALTERNATIVES: 3`, `# ALTERNATIVE NAME 1: Tea`; then a ballot a line,
`12: 3,{1,2}`, best first, braces around ties. The header before 2022 had no keys: the number of
alternatives, a line `1,Tea` for each, a line `voters,sum of counts,unique orders`; its ballots are
`12,3,{1,2}`. Source: https://preflib.github.io/PrefLib-Jekyll/format
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from acuerdo.datasets.ballots.assembly import (
    MAX_CANDIDATES,
    Contents,
    Row,
    Scale,
    shorten,
    whole_number,
)
from acuerdo.domain.errors import InputError
from acuerdo.domain.records import LIKERT_MAX

PrefLibFormat = Literal["soc", "soi", "toc", "toi", "cat"]

_NAME = re.compile(r"ALTERNATIVE NAME ([0-9]{1,6})")
_PIECE = re.compile(r"\s*(?:\{([^{}]*)\}|([^{},]+))\s*(,|$)")
_STRICT: Final = frozenset({"soc", "soi"})
_COMPLETE: Final = frozenset({"soc", "toc"})
_UNIQUE_KEYS: Final = ("NUMBER UNIQUE ORDERS", "NUMBER UNIQUE PREFERENCES")


@dataclass(frozen=True)
class _Header:
    """What the file announces; None where it does not. `names` by number of the alternative."""

    names: Mapping[int, str]
    voters: int | None = None
    unique: int | None = None
    categories: int | None = None


@dataclass
class _Lines:
    """Numbered lines of the file, comments told apart."""

    file: str
    keys: dict[str, tuple[int, str]] = field(default_factory=dict)
    body: list[tuple[int, str]] = field(default_factory=list)

    def where(self, number: int) -> str:
        return f"{self.file}, line {number}"


def read_preflib(text: str, format_: PrefLibFormat, file: str) -> Contents:
    """Read a PrefLib file.

    Ballots are checked against the data type (ties, completeness) and against the header's counts.
    In a .cat file an earlier category is better; with exactly seven categories they become the
    ratings 7 to 1, otherwise ranks with ties. Raises InputError naming the line.
    """
    lines = _split(text, file)
    today = "NUMBER ALTERNATIVES" in lines.keys or any(map(_NAME.fullmatch, lines.keys))
    if not today and format_ == "cat":
        raise InputError(
            "a .cat file needs the line '# NUMBER ALTERNATIVES: ...'",
            where=file,
            fix="Old .cat files are not read: download the file again from preflib.org.",
        )
    header, ballots = _modern(lines) if today else _before_2022(lines)
    columns = {number: column for column, number in enumerate(sorted(header.names))}
    rated = format_ == "cat" and header.categories == LIKERT_MAX
    rows: list[Row] = []
    for number, count_text, order in ballots:
        where = lines.where(number)
        count = whole_number(count_text, "number of ballots", where)
        levels = _levels(order, columns, where)
        _check_levels(levels, format_, header, where)
        values = {
            column: float(LIKERT_MAX - level if rated else level)
            for level, tied in enumerate(levels)
            for column in tied
        }
        rows.append(Row(values, count))
    _check_counts(header, rows, file)
    names = tuple(header.names[number] for number in sorted(header.names))
    scale: Scale = "ratings" if rated else "ranks"
    return Contents(names, rows, scale, _assumed(format_, rated))


def _assumed(format_: PrefLibFormat, rated: bool) -> tuple[str, ...]:
    if format_ != "cat":
        return ()
    if rated:
        return ("seven categories read as ratings, the first one as 7",)
    return ("categories read as ranks, the first one as the best",)


def _split(text: str, file: str) -> _Lines:
    lines = _Lines(file)
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.strip()
        if content.startswith("#"):
            key, colon, value = content[1:].partition(":")
            name = " ".join(key.upper().split())
            if colon and name in lines.keys and name.startswith(("NUMBER", "ALTERNATIVE NAME")):
                raise InputError(
                    f"{name!r} stands a second time",
                    where=lines.where(number),
                    fix=f"It is already in line {lines.keys[name][0]}: keep one of them.",
                )
            if colon:
                lines.keys[name] = (number, value.strip())
        elif content:
            lines.body.append((number, content))
    return lines


def _modern(lines: _Lines) -> tuple[_Header, Iterator[tuple[int, str, str]]]:
    def announced(*keys: str) -> int | None:
        for key in keys:
            if key in lines.keys:
                number, value = lines.keys[key]
                return whole_number(value, key.lower(), lines.where(number))
        return None

    names: dict[int, str] = {}
    for key, (line, value) in lines.keys.items():
        if found := _NAME.fullmatch(key):
            names[whole_number(found[1], "alternative", lines.where(line))] = value
    expected = announced("NUMBER ALTERNATIVES")
    if expected is not None:
        names = _complete_names(names, expected, lines.file)
    header = _Header(
        names, announced("NUMBER VOTERS"), announced(*_UNIQUE_KEYS), announced("NUMBER CATEGORIES")
    )
    return header, (_ballot(line, content, ":", lines) for line, content in lines.body)


def _complete_names(names: Mapping[int, str], expected: int, file: str) -> dict[int, str]:
    """Name every announced alternative; an alternative without a name is called by its number."""
    beyond = [number for number in names if number > expected]
    if beyond or expected > MAX_CANDIDATES:
        raise InputError(
            f"the header announces {expected:,} alternatives"
            + (f", but names alternative {beyond[0]}" if beyond else ""),
            where=file,
            fix="Correct 'NUMBER ALTERNATIVES'."
            if beyond
            else f"At most {MAX_CANDIDATES:,} can be read.",
        )
    return {number: names.get(number, str(number)) for number in range(1, expected + 1)}


def _before_2022(lines: _Lines) -> tuple[_Header, Iterator[tuple[int, str, str]]]:
    if not lines.body:
        raise InputError(
            "there is neither a header nor a ballot",
            where=lines.file,
            fix="A PrefLib file starts with lines like '# NUMBER ALTERNATIVES: 3'.",
        )
    line, first = lines.body[0]
    expected = whole_number(first, "number of alternatives", lines.where(line))
    named, rest = lines.body[1 : expected + 1], lines.body[expected + 1 :]
    if not rest:
        raise InputError(
            f"the file ends before the names of its {expected:,} alternatives do", where=lines.file
        )
    names: dict[int, str] = {}
    for line, content in named:
        number, _, name = content.partition(",")
        names[whole_number(number, "alternative", lines.where(line))] = name.strip()
    names = _complete_names(names, expected, lines.file)
    line, content = rest[0]
    totals = [whole_number(part, "total", lines.where(line)) for part in content.split(",")]
    if len(totals) != 3:
        raise InputError(
            f"{shorten(content)!r} should be three numbers: voters, sum of counts, unique orders",
            where=lines.where(line),
        )
    header = _Header(names, voters=totals[1], unique=totals[2])
    return header, (_ballot(line, content, ",", lines) for line, content in rest[1:])


def _ballot(line: int, content: str, separator: str, lines: _Lines) -> tuple[int, str, str]:
    count, found, order = content.partition(separator)
    if not found:
        raise InputError(
            f"{shorten(content)!r} is not a ballot",
            where=lines.where(line),
            fix=f"A ballot looks like '12{separator} 3,{{1,2}}'.",
        )
    return line, count, order


def _levels(order: str, columns: Mapping[int, int], where: str) -> list[list[int]]:
    """Split `3,{1,2}` into columns by level, best first; an empty category is an empty level."""
    levels: list[list[int]] = []
    seen: set[int] = set()
    position = 0
    while position < len(order):
        piece = _PIECE.match(order, position)
        if not piece:
            raise InputError(
                f"{shorten(order[position:].strip())!r} cannot be read",
                where=where,
                fix="Numbers are separated by commas; ties stand in one pair of braces.",
            )
        tied, single, _ = piece.groups()
        numbers = [single] if tied is None else [part for part in tied.split(",") if part.strip()]
        levels.append([_column(number, columns, seen, where) for number in numbers])
        position = piece.end()
    return levels


def _column(text: str, columns: Mapping[int, int], seen: set[int], where: str) -> int:
    number = whole_number(text, "alternative", where)
    if number not in columns:
        raise InputError(
            f"alternative {number} is voted for but not announced",
            where=where,
            fix=f"The header announces {len(columns)} alternatives.",
        )
    if number in seen:
        raise InputError(f"alternative {number} stands on this ballot twice", where=where)
    seen.add(number)
    return columns[number]


def _check_levels(
    levels: Sequence[Sequence[int]], format_: PrefLibFormat, header: _Header, where: str
) -> None:
    if format_ in _STRICT and any(len(level) > 1 for level in levels):
        raise InputError(
            f"a .{format_} file has no ties, but this ballot does",
            where=where,
            fix="Read it as .toi (--format toi).",
        )
    if format_ in _COMPLETE and sum(map(len, levels)) != len(header.names):
        raise InputError(
            f"a .{format_} ballot ranks everything, but this one leaves out "
            f"{len(header.names) - sum(map(len, levels))} of {len(header.names)}",
            where=where,
            fix=f"Read it as .{format_[0]}oi (--format {format_[0]}oi).",
        )
    if header.categories is not None and len(levels) > header.categories:
        raise InputError(
            f"{len(levels)} categories on the ballot, {header.categories} announced", where=where
        )


def _check_counts(header: _Header, rows: Sequence[Row], file: str) -> None:
    found = {"voters": sum(row.count for row in rows), "different ballots": len(rows)}
    announced = {"voters": header.voters, "different ballots": header.unique}
    for what, number in announced.items():
        if number is not None and number != found[what]:
            raise InputError(
                f"the header announces {number:,} {what}, the file has {found[what]:,}",
                where=file,
                fix="The file is cut off, or its header is wrong: get it again or correct it.",
            )
