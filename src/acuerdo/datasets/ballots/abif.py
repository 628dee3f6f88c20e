"""ABIF, the Aggregated Ballot Information Format: `12:A>B=C>D`.

Read are `# comments`, names for tokens (`=A : [Green tea]`), `{metadata}` (skipped), ballots with
`>` for better and `=` or `,` for ties, names in brackets in place of tokens, and scores after a
slash (`A/7>B/3`; with scores, `,` leaves the order to them). Source: https://electowiki.org/wiki/ABIF
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from acuerdo.datasets.ballots.assembly import Contents, Row, Scale, shorten, whole_number
from acuerdo.domain.errors import InputError
from acuerdo.domain.records import LIKERT_MAX, LIKERT_MIN

# A hash inside a word belongs to a name, as in "C#".
_COMMENT = re.compile(r"(?:^|\s)#.*")
_NAMING = re.compile(r"=\s*([^\s:\[\]]+)\s*:\s*\[([^\[\]]+)\]")
_BALLOT = re.compile(r"([^:\[\]]*):(.+)")
_VOTE = re.compile(r"\s*(?:\[([^\[\]]+)\]|([^\s>=,/\[\]]+))\s*(?:/\s*([0-9.]+))?\s*(>|=|,|$)")
_EXAMPLE: Final = "A ballot looks like '12:A>B=C'."


@dataclass
class _Reading:
    """What has been read so far: the column of each token, the name of each column."""

    file: str
    columns: dict[str, int] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    declared: bool = False

    def declare(self, token: str, name: str, where: str) -> None:
        if token in self.columns:
            raise InputError(
                f"the token {shorten(token)!r} is already in use",
                where=where,
                fix="Name every candidate once, above the ballots.",
            )
        self.columns[token] = len(self.names)
        self.names.append(name)
        self.declared = True

    def column(self, token: str, where: str) -> int:
        if token not in self.columns and token in self.names:
            return self.names.index(token)
        if token not in self.columns:
            if self.declared:
                raise InputError(
                    f"{shorten(token)!r} is voted for but not among the named candidates",
                    where=where,
                    fix=f"Correct it, or add the line '={shorten(token)} : [Full name]'.",
                )
            self.columns[token] = len(self.names)
            self.names.append(token)
        return self.columns[token]


@dataclass(frozen=True, slots=True)
class _Vote:
    column: int
    level: int
    score: float | None
    sign: str


def read_abif(text: str, file: str) -> Contents:
    """Read an ABIF file.

    Scores become ratings if every candidate on every ballot has one between 1 and 7; otherwise
    the order alone counts, which is said. Raises InputError naming the line.
    """
    reading = _Reading(file)
    ballots: list[tuple[int, list[_Vote]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        content = _COMMENT.sub("", line).strip()
        where = f"{file}, line {number}"
        if not content or content.startswith("{"):
            continue
        if naming := _NAMING.fullmatch(content):
            reading.declare(naming[1], naming[2].strip(), where)
        elif (ballot := _BALLOT.fullmatch(content)) and not content.startswith("="):
            count = whole_number(ballot[1], "number of ballots", where)
            ballots.append((count, _votes(ballot[2], reading, where)))
        else:
            raise InputError(f"{shorten(content)!r} cannot be read", where=where, fix=_EXAMPLE)
    scores = [vote.score for _, votes in ballots for vote in votes]
    rated = bool(scores) and all(s is not None and LIKERT_MIN <= s <= LIKERT_MAX for s in scores)
    rows = [
        Row({v.column: v.score if rated and v.score else float(v.level) for v in votes}, count)
        for count, votes in ballots
    ]
    scale: Scale = "ratings" if rated else "ranks"
    return Contents(tuple(reading.names), rows, scale, _assumed(rated, scores))


def _assumed(rated: bool, scores: list[float | None]) -> tuple[str, ...]:
    if rated:
        return ("scores read as ratings on 1-7, higher is better",)
    if any(score is not None for score in scores):
        return ("scores left out, only the order counts: some are missing or not on 1-7",)
    return ()


def _votes(order: str, reading: _Reading, where: str) -> list[_Vote]:
    votes: list[_Vote] = []
    position, level = 0, 0
    while position < len(order):
        found = _VOTE.match(order, position)
        if not found:
            raise InputError(
                f"{shorten(order[position:].strip())!r} cannot be read", where=where, fix=_EXAMPLE
            )
        bracketed, token, score, sign = found.groups()
        column = reading.column((bracketed or token).strip(), where)
        if column in {vote.column for vote in votes}:
            raise InputError(
                f"{shorten(bracketed or token)!r} stands on this ballot twice", where=where
            )
        votes.append(_Vote(column, level, _score(score, where), sign))
        level += sign == ">"
        position = found.end()
    _check_order(votes, where)
    return _by_score(votes)


def _by_score(votes: list[_Vote]) -> list[_Vote]:
    """Let the scores give the order if every candidate on the ballot has one."""
    scores = [vote.score for vote in votes if vote.score is not None]
    if len(scores) < len(votes):
        return votes
    falling = sorted(set(scores), reverse=True)
    return [
        replace(vote, level=falling.index(score)) for vote, score in zip(votes, scores, strict=True)
    ]


def _score(text: str | None, where: str) -> float | None:
    if text is None:
        return None
    try:
        return float(text)
    except ValueError:
        raise InputError(f"the score {shorten(text)!r} is not a number", where=where) from None


def _check_order(votes: list[_Vote], where: str) -> None:
    """Refuse a ballot whose signs say one thing and whose scores say another."""
    for better, worse in pairwise(votes):
        if better.score is None or worse.score is None or better.sign == ",":
            continue
        tied = better.sign == "="
        if better.score != worse.score if tied else better.score <= worse.score:
            raise InputError(
                f"the order and the scores disagree: {better.score:g} stands "
                f"{'level with' if tied else 'above'} {worse.score:g}",
                where=where,
                fix="Order the candidates by falling score, '=' between equal ones.",
            )
