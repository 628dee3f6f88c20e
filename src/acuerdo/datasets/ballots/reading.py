"""Read ballots in whatever format they come."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Final, get_args

from acuerdo.datasets.ballots.abif import read_abif
from acuerdo.datasets.ballots.assembly import BallotFile, Contents, Format, Scale, assemble
from acuerdo.datasets.ballots.preflib import read_preflib
from acuerdo.datasets.ballots.table import read_table
from acuerdo.datasets.sources import Source, read_source
from acuerdo.domain.errors import InputError

FORMATS: Final[tuple[Format, ...]] = get_args(Format)

_BY_SUFFIX: Final[dict[str, Format]] = {f".{format_}": format_ for format_ in FORMATS} | {
    ".tsv": "csv",
}
_PREFLIB_TYPE = re.compile(r"^#\s*DATA TYPE:\s*(soc|soi|toc|toi|cat)\s*$", re.MULTILINE | re.I)
_PREFLIB_COUNT = re.compile(r"^#\s*NUMBER ALTERNATIVES:|\A\s*[0-9]+[ \t]*$", re.MULTILINE | re.I)
_ABIF_BALLOT = re.compile(r"^\s*(=.*:\s*\[|[0-9]+\s*:)", re.MULTILINE)


def read_ballots(
    source: Source, *, name: str = "", format_: Format | None = None, scale: Scale | None = None
) -> BallotFile:
    """Read ballots from a path, bytes or a binary stream.

    The format is `format_`, else what the suffix of `name` (by default the path) says, else what
    the text looks like; `scale` tells ranks from ratings in tables. `BallotFile.assumed` says
    what had to be guessed. Raises InputError naming file, line and field.
    """
    text = read_source(source, name=name)
    decided = format_ or _BY_SUFFIX.get(PurePath(text.file).suffix.lower())
    assumed = text.notes
    if decided is None:
        decided = _recognise(text.text)
        assumed += (f"read as {decided}, from what the text looks like (--format to say so)",)
    contents = _read(decided, text.text, text.file, scale)
    found = assemble(contents, decided, text.file)
    return BallotFile(found.ballots, decided, assumed + found.assumed)


def _read(format_: Format, text: str, file: str, scale: Scale | None) -> Contents:
    if format_ == "csv":
        return read_table(text, file, scale)
    if scale is not None:
        raise InputError(
            f"--scale is for tables; a .{format_} file says itself what it holds",
            where=file,
            fix="Leave it out.",
        )
    return read_abif(text, file) if format_ == "abif" else read_preflib(text, format_, file)


def _recognise(text: str) -> Format:
    if typed := _PREFLIB_TYPE.search(text):
        return _BY_SUFFIX[f".{typed[1].lower()}"]
    if _PREFLIB_COUNT.search(text):
        return "toi"
    return "abif" if _ABIF_BALLOT.search(text) else "csv"
