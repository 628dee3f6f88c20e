"""What the command line reads: opinions, critiques, ratings and statements."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from acuerdo.datasets import (
    ColumnMap,
    Source,
    read_critiques,
    read_opinions,
    read_ratings,
    read_source,
)
from acuerdo.domain.errors import InputError
from acuerdo.domain.records import Critique, Opinion, PersonId, Rating
from acuerdo.domain.statements import NO_STATEMENT, candidate_id

RECOGNISED: Final = ColumnMap()
STANDARD_INPUT: Final = Path("-")
_IS_ID: Final = re.compile(r"[0-9a-f]{12}")
_LONGEST_NAME: Final = 200


@dataclass(frozen=True)
class Inputs:
    """Everything read, and what was assumed while reading."""

    question: str
    opinions: tuple[Opinion, ...]
    previous: str
    critiques: tuple[Critique, ...]
    ratings: tuple[Rating, ...]
    roster: tuple[PersonId, ...]
    notes: tuple[str, ...]


def opinions_from(
    file: Path,
    *,
    file_format: str = "",
    encoding: str = "",
    columns: ColumnMap = RECOGNISED,
    critiques: Path | None = None,
    ratings: Path | None = None,
) -> Inputs:
    """Read all files of a round; raises InputError naming file, row and column."""
    said = read_opinions(
        _source(file),
        name=_name(file),
        format=file_format or None,
        encoding=encoding,
        columns=columns,
    )
    known = {opinion.person for opinion in said.opinions} | set(said.roster)
    criticised = read_critiques(critiques, known=known) if critiques else None
    rated = read_ratings(ratings) if ratings else None
    return Inputs(
        question=said.question,
        opinions=said.opinions,
        previous=said.previous,
        critiques=criticised.critiques if criticised else said.critiques,
        ratings=tuple(map(_rating_with_id, rated.ratings if rated else said.ratings)),
        roster=said.roster,
        notes=(
            *(f"{_name(file)}: {note}" for note in said.notes),
            *(f"{critiques}: {note}" for note in (criticised.notes if criticised else ())),
            *(f"{ratings}: {note}" for note in (rated.notes if rated else ())),
        ),
    )


def _source(file: Path) -> Source:
    return sys.stdin.buffer if file == STANDARD_INPUT else file


def _name(file: Path) -> str:
    return "standard input" if file == STANDARD_INPUT else str(file)


def _rating_with_id(rating: Rating) -> Rating:
    """Candidates in a ratings file are named by their id or by their text."""
    named = rating.candidate.strip()
    if _IS_ID.fullmatch(named) or named == NO_STATEMENT:
        return Rating(rating.person, named, rating.value)
    return Rating(rating.person, candidate_id(named), rating.value)


def statement_from(text_or_file: str) -> str:
    """Return the text itself, or what the file of that name holds.

    Raises InputError if the file cannot be read as text.
    """
    if not text_or_file or not _names_a_file(text_or_file):
        return text_or_file
    return read_source(Path(text_or_file)).text.strip()


def written_from(texts_or_files: Sequence[str]) -> tuple[str, ...]:
    """Return candidates written by people; raises InputError for an empty one."""
    texts = tuple(statement_from(given) for given in texts_or_files)
    for given, text in zip(texts_or_files, texts, strict=True):
        if not text.strip():
            raise InputError("a candidate is empty", where=given or "--candidate")
    return texts


def _names_a_file(text: str) -> bool:
    if "\n" in text or len(text) > _LONGEST_NAME:
        return False
    return Path(text).is_file()
