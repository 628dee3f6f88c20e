"""Read plain text: one entry a line, or one a paragraph where blank lines separate them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from acuerdo.datasets.tables import Row, Table, numbered_lines

_MAX_WORDS_IN_NAME: Final = 4
_NAMED: Final = re.compile(
    r"(?P<name>[^\s:：][^\n:：]{0,39})(?::\s+|：\s*)(?P<text>\S.*)", re.DOTALL
)


def read_text(text: str, file: str, column: str) -> tuple[Table, str]:
    """Return the entries as a table (`person` and) `column`, and a note that says what was read.

    If a blank line stands between two lines, entries are paragraphs, otherwise lines. A name
    before a colon ("Ana: …", at most 40 characters and 4 words) counts only if every entry has
    one.
    """
    lines = list(numbered_lines(text, file))
    blocks = _paragraphs(lines)
    unit = "paragraph"
    if len(blocks) == 1:
        blocks, unit = lines, "line"
    named = [_NAMED.fullmatch(block) for _, block in blocks]
    names = [match for match in named if match and _is_short(match["name"])]
    if len(names) == len(blocks):
        rows = (
            Row(f"line {line}", {"person": match["name"].strip(), column: match["text"]})
            for (line, _), match in zip(blocks, names, strict=True)
        )
        columns: tuple[str, ...] = ("person", column)
    else:
        rows = (Row(f"line {line}", {column: block}) for line, block in blocks)
        columns = (column,)
    with_names = ", names before the colons" if len(columns) > 1 else ""
    note = f"read as plain text, one {column} a {unit}{with_names}"
    return Table(file=file, columns=columns, rows=tuple(rows), unit="field"), note


def _is_short(name: str) -> bool:
    return len(name.split()) <= _MAX_WORDS_IN_NAME


def _paragraphs(lines: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Join lines that follow each other; each paragraph goes by the number of its first line."""
    found: list[list[tuple[int, str]]] = []
    for number, line in lines:
        if found and number == found[-1][-1][0] + 1:
            found[-1].append((number, line))
        else:
            found.append([(number, line)])
    return [(part[0][0], "\n".join(line for _, line in part)) for part in found]
