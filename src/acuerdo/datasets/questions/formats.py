"""Formats of files with questions: by name, by ending, by content."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import PurePath
from typing import Final, Literal

from acuerdo.domain.errors import InputError

QuestionFormat = Literal["json", "jsonl", "csv", "parquet"]
QUESTION_FORMATS: Final[tuple[QuestionFormat, ...]] = ("json", "jsonl", "csv", "parquet")
_PARQUET_SIGNATURE: Final = b"PAR1"
_BY_ENDING: Final[Mapping[str, QuestionFormat]] = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".parquet": "parquet",
}


def question_format(path: PurePath) -> QuestionFormat | None:
    """Return the format that a file's ending stands for, None for an unknown one."""
    ending = PurePath(path.stem) if path.suffix.casefold() == ".gz" else path
    return _BY_ENDING.get(ending.suffix.casefold())


def known_format(format_: str, file: str) -> QuestionFormat | None:
    if not format_:
        return None
    for known in QUESTION_FORMATS:
        if format_.casefold() == known:
            return known
    raise InputError(
        f"{format_!r} is not a format of questions",
        where=file,
        fix=f"Formats are {', '.join(QUESTION_FORMATS)}.",
    )


def recognised_format(stream: io.BufferedReader, file: str) -> QuestionFormat:
    start = stream.peek(4096)[:4096]
    if start.startswith(_PARQUET_SIGNATURE):
        return "parquet"
    kind = question_format(PurePath(file))
    first = start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if kind in (None, "json", "jsonl") and first in (b"{", b"["):
        # JSON Lines are often saved as .json, and the other way round.
        return "jsonl" if first == b"{" else "json"
    return kind or "csv"
