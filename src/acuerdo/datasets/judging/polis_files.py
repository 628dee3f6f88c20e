"""Read the comments and votes of a Polis export, in all the spellings that exist."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from acuerdo.datasets.judging.csv_columns import CsvColumns, read_columns
from acuerdo.datasets.judging.files import ExportFiles
from acuerdo.domain.errors import InputError
from acuerdo.domain.sheets import Positions, Values
from acuerdo.domain.text import canonical

COMMENT: Final = ("comment-id", "tid")
AUTHOR: Final = ("author-id", "pid")
VOTER: Final = ("voter-id", "participant-id", "participant", "pid")
TEXT: Final = ("comment-body", "text", "txt", "comment-text", "comment")
MODERATED: Final = ("moderated", "mod")

_VOTES: Final[Mapping[str, int]] = {
    **dict.fromkeys(("1", "+1", "1.0"), 1),
    **dict.fromkeys(("0", "0.0", "-0", "-0.0"), 0),
    **dict.fromkeys(("-1", "-1.0"), -1),
}
_MAX_DIGITS: Final = 12
_TRUE: Final = frozenset(("t", "true", "1"))
# Seconds since 1970 stay below this for three thousand years; milliseconds passed it in 1973.
_FIRST_MILLISECONDS: Final = 1e11


@dataclass(frozen=True, slots=True)
class PolisComment:
    """One statement; `author` is "" where nobody stands behind it (seeds, anonymous ones)."""

    author: str
    text: str
    rejected: bool
    language: str
    agrees: int | None
    disagrees: int | None


@dataclass(frozen=True, slots=True, eq=False)
class PolisVotes:
    """Votes as the file writes them: positions in `voters` and `comments`, and -1, 0 or 1."""

    voters: tuple[str, ...]
    comments: tuple[str, ...]
    voter: Positions
    comment: Positions
    vote: Values


Key = tuple[str, str]
"""The conversation within the file ("" where there is one) and the comment's id."""


def read_comments(files: ExportFiles) -> dict[str, dict[str, PolisComment]]:
    """Return the comments by conversation within the file ("" if it has one) and by id."""
    name = files.find("comments.csv")
    if not name:
        raise InputError(
            "there is no comments.csv",
            where=str(files.path),
            fix="Hand in the folder or ZIP archive of one Polis export.",
        )
    table = read_columns(files.text(name), files.where(name))
    columns = (
        table.optional("zid"),
        table.column(*COMMENT),
        table.column(*AUTHOR),
        table.column(*TEXT),
        table.optional(*MODERATED),
        table.optional("is-seed"),
        table.optional("anon"),
        table.optional("lang"),
        table.optional("agrees"),
        table.optional("disagrees"),
    )
    found: dict[str, dict[str, PolisComment]] = {}
    for record, cells in enumerate(zip(*columns, strict=True)):
        conversation, comment, author, text, moderated, seed, anonymous, language, *counts = cells
        own = found.setdefault(conversation, {})
        if not comment or comment in own:
            raise InputError(
                f"comment {comment!r} is there twice" if comment else "this comment has no id",
                where=table.where(record, *COMMENT),
                fix="Keep one row a comment.",
            )
        unsigned = seed.lower() in _TRUE or anonymous.lower() in _TRUE
        own[comment] = PolisComment(
            author="" if unsigned else author,
            text=canonical(text),
            rejected=moderated == "-1",
            language=language,
            agrees=_count(counts[0], table, record, "agrees"),
            disagrees=_count(counts[1], table, record, "disagrees"),
        )
    return found


def read_votes(files: ExportFiles) -> dict[str, PolisVotes]:
    """Return the votes by conversation within the file, in the order in which they were cast."""
    name = files.find("votes.csv", "participant-votes.csv", "participants-votes.csv")
    if not name:
        raise InputError(
            "there is no votes.csv and no participant-votes.csv",
            where=str(files.path),
            fix="Hand in the folder or ZIP archive of one Polis export.",
        )
    table = read_columns(files.text(name), files.where(name))
    if not table.place(*COMMENT):
        return {"": _from_matrix(table)}
    voters, comments = table.column(*VOTER), table.column(*COMMENT)
    values = _values(table, table.column("vote"), "vote")
    zids = table.optional("zid")
    order = np.argsort(_seconds(table), kind="stable")
    found = {}
    for zid in dict.fromkeys(zids):
        rows = [int(row) for row in order if zids[row] == zid] if zid else order.tolist()
        voter_codes, voter_texts = _interned([voters[row] for row in rows])
        comment_codes, comment_texts = _interned([comments[row] for row in rows])
        found[zid] = PolisVotes(
            voter_texts, comment_texts, voter_codes, comment_codes, values[np.array(rows, int)]
        )
    return found


def _from_matrix(table: CsvColumns) -> PolisVotes:
    """Read one row a person, one column a comment id, blank where there is no vote."""
    voters = table.column(*VOTER)
    comments = [column for column in table.header if column.isdecimal()]
    if not comments:
        raise InputError(
            "there is no column for any comment",
            where=table.file,
            fix="Hand in the file as it was exported: its columns are numbered like the comments.",
        )
    voter, comment, value = [], [], []
    for place, column in enumerate(comments):
        cells = table.cells[column]
        rows = [row for row, cell in enumerate(cells) if cell]
        votes = [_VOTES.get(cells[row]) for row in rows]
        if None in votes:
            raise _no_vote(cells[rows[votes.index(None)]], table, rows[votes.index(None)], column)
        voter += rows
        comment += [place] * len(rows)
        value += [float(vote) for vote in votes if vote is not None]
    codes, texts = _interned(voters)
    return PolisVotes(
        texts,
        tuple(comments),
        codes[np.array(voter, dtype=np.int64)],
        np.array(comment, dtype=np.int64),
        np.array(value, dtype=np.float64),
    )


def _seconds(table: CsvColumns) -> Values:
    """Return when each vote was cast, zeros where the file does not say."""
    if not table.place("timestamp", "created"):
        return np.zeros(len(table))
    cells = table.column("timestamp", "created")
    times = np.array([_time(cell) for cell in cells], dtype=np.float64)
    if not np.isfinite(times).all():
        record = int(np.flatnonzero(~np.isfinite(times))[0])
        raise InputError(
            f"{cells[record][:40]!r} is not a time in seconds or milliseconds since 1970",
            where=table.where(record, "timestamp", "created"),
            fix="Keep the timestamps as they were exported, or leave the whole column out.",
        )
    return np.where(times > _FIRST_MILLISECONDS, times / 1000, times)


def _values(table: CsvColumns, cells: Sequence[str], column: str) -> Values:
    votes = [_VOTES.get(cell) for cell in cells]
    if None in votes:
        record = votes.index(None)
        raise _no_vote(cells[record], table, record, column)
    return np.array(votes, dtype=np.float64)


def _interned(values: Sequence[str]) -> tuple[Positions, tuple[str, ...]]:
    places: dict[str, int] = {}
    codes = [places.setdefault(value, len(places)) for value in values]
    return np.array(codes, dtype=np.int64), tuple(places)


def _count(cell: str, table: CsvColumns, record: int, column: str) -> int | None:
    if not cell:
        return None
    if not cell.isdecimal() or len(cell) > _MAX_DIGITS:
        raise InputError(
            f"{cell[:40]!r} is not a number of votes", where=table.where(record, column)
        )
    return int(cell)


def _time(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan


def _no_vote(cell: str, table: CsvColumns, record: int, column: str) -> InputError:
    return InputError(
        f"{cell[:40]!r} is not a vote",
        where=table.where(record, column),
        fix="Votes are 1, 0 and -1.",
    )
