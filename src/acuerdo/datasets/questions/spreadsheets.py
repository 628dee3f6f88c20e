"""Texts in CSV files that no spreadsheet program may take for a formula, and back again."""

from __future__ import annotations

import re
from typing import Final

# A cell that begins with one of these is calculated when the file is opened; the wide forms too.
_FORMULA: Final = re.compile(r"'*[=+\-@＝＋－＠\t\r]")


def guarded(text: str) -> str:
    """Return the text with an apostrophe before it if it would be taken for a formula.

    >>> guarded("=1+1"), guarded("'=1+1"), guarded("Why not?")
    ("'=1+1", "''=1+1", 'Why not?')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """Return the text that `guarded` was given.

    >>> unguarded("'=1+1"), unguarded("'tis so?")
    ('=1+1', "'tis so?")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
