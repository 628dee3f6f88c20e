"""What every reader brings, and how it becomes ballots."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from acuerdo.domain.ballots import Ballots, ranks_from_ratings
from acuerdo.domain.errors import InputError

Format = Literal["csv", "soc", "soi", "toc", "toi", "cat", "abif"]
Scale = Literal["ranks", "ratings"]

MAX_CANDIDATES: Final = 1_000
MAX_BALLOTS: Final = 1_000_000_000

_WHOLE_NUMBER = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True)
class BallotFile:
    """Ballots, the format they were read as, and in plain words everything that was assumed."""

    ballots: Ballots
    format: Format
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """`count` identical ballots: a value for each candidate's column that was voted on.

    `where` names file and line for messages.
    """

    values: Mapping[int, float]
    count: int = 1
    where: str = ""


@dataclass(frozen=True)
class Contents:
    """What a file says. Values are ranks (lower is better) or ratings (1-7, higher is better)."""

    names: tuple[str, ...]
    rows: Sequence[Row]
    scale: Scale
    assumed: tuple[str, ...] = ()


def assemble(contents: Contents, format_: Format, file: str) -> BallotFile:
    """Turn a file's contents into ballots; empty ballots are left out, which is said.

    Raises InputError without candidates, without ballots, or with too many of either.
    """
    _check_names(contents.names, file)
    rows = [row for row in contents.rows if row.values]
    empty = sum(row.count for row in contents.rows) - sum(row.count for row in rows)
    total = sum(row.count for row in rows)
    if not rows:
        raise InputError(
            "there is not a single ballot with a vote on it",
            where=file,
            fix="Each ballot needs a rank or a rating for at least one candidate.",
        )
    if total > MAX_BALLOTS:
        raise InputError(f"{total:,} ballots; at most {MAX_BALLOTS:,} can be counted", where=file)
    values = np.full((len(rows), len(contents.names)), np.nan)
    for filled, row in zip(values, rows, strict=True):
        filled[list(row.values)] = list(row.values.values())
    rated = contents.scale == "ratings"
    ballots = Ballots(
        ranks=ranks_from_ratings(values if rated else -values),
        names=contents.names,
        counts=np.array([row.count for row in rows], dtype=np.int64),
        ratings=values if rated else None,
    )
    left_out = (f"{empty} empty ballot(s) left out",) if empty else ()
    return BallotFile(ballots, format_, contents.assumed + left_out)


def whole_number(text: str, what: str, where: str, *, least: int = 1) -> int:
    """Return a whole number written in digits, or raise InputError naming what it is."""
    if not _WHOLE_NUMBER.fullmatch(text.strip()) or int(text) < least:
        raise InputError(
            f"the {what} is {shorten(text)!r}, not a whole number of at least {least}",
            where=where,
            fix="Write it in digits, without spaces or separators.",
        )
    return int(text)


def shorten(text: str, length: int = 40) -> str:
    """Return a text short enough to stand in a message."""
    return text if len(text) <= length else f"{text[:length]}…"


def _check_names(names: Sequence[str], file: str) -> None:
    if not names:
        raise InputError(
            "there are no candidates", where=file, fix="Name each candidate, see docs/ballots.md."
        )
    if len(names) > MAX_CANDIDATES:
        raise InputError(
            f"{len(names):,} candidates; at most {MAX_CANDIDATES:,} can be read", where=file
        )
    seen: set[str] = set()
    for number, name in enumerate(names, start=1):
        if not name.strip():
            raise InputError(f"candidate {number} has no name", where=file, fix="Name it.")
        if name in seen:
            raise InputError(
                f"two candidates are called {shorten(name)!r}",
                where=file,
                fix="Give each candidate a name of its own.",
            )
        seen.add(name)
