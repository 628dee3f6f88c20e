"""Groups of people who all judged the same statements that none of them wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from acuerdo.domain.judgements import Judgements
from acuerdo.domain.sheets import Positions, Sheet, Values
from acuerdo.domain.text import comparable
from acuerdo.evaluate.truth import NEUTRAL, Mask

Context = Literal["group", "conversation"]

ATTEMPTS: Final = 20
"""Tries per wanted group before a conversation is held to have too few common judgements."""


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """A few people of one question and statements that all of them judged and none wrote.

    `judged` (people, statements) on 1-7. `popular` (statements,) is the share that agreed among
    everybody else who judged it, nan if nobody did. `rivals` (people, own statements) is how the
    members judged statements that a member wrote, nan where they did not; `author` (own
    statements,) says who. `elsewhere` are the question's other statements.
    """

    conversation: str
    language: str
    question: str
    context: str
    opinions: tuple[str, ...]
    statements: tuple[str, ...]
    judged: Values
    popular: Values
    rivals: Values
    author: Positions
    elsewhere: tuple[str, ...]

    def sheet(self, known: Mask | None = None, context: Context = "group") -> Sheet:
        """Return the sheet of all pairs, person by person; `known` (people, statements) are given.

        With `context` "conversation" the scorer also sees the question's other statements.
        """
        people, statements = self.judged.shape
        ratings = np.full(self.judged.shape, np.nan)
        if known is not None:
            ratings[known] = self.judged[known]
        return Sheet(
            question=self.question,
            opinions=self.opinions,
            statements=self.statements + (self.elsewhere if context == "conversation" else ()),
            person=np.repeat(np.arange(people), statements),
            statement=np.tile(np.arange(statements), people),
            ratings=ratings.ravel(),
            context=self.context,
        )


def sample_groups(
    judgements: Judgements,
    groups: int,
    *,
    size: int = 5,
    fewest: int = 16,
    most: int = 16,
    seed: int = 0,
) -> tuple[Group, ...]:
    """Draw up to `groups` groups of `size` people from each question, the same for the same seed.

    A first person is drawn evenly among those with an opinion, each further one in proportion to
    how many statements they share with all before, as long as `fewest` are left. Of the statements
    that all judged and none wrote (its text is not part of a member's opinion), at most `most` are
    drawn. Questions in which people hardly judged the same statements give fewer groups or none.
    """
    found: list[Group] = []
    for rows in judgements.questions():
        table = _Table(judgements, rows)
        rng = np.random.default_rng((seed, len(rows), table.judged.shape[1]))
        for members, columns in table.draw(groups, size, fewest, most, rng):
            found.append(table.group(members, columns))
    return tuple(found)


class _Table:
    """One question's judgements, people x statements."""

    def __init__(self, judgements: Judgements, rows: Positions) -> None:
        self._sheet = judgements.sheet(rows)
        self._row = int(rows[0])
        self._judgements = judgements
        self.judged = np.full((len(self._sheet.opinions), len(self._sheet.statements)), np.nan)
        self.judged[self._sheet.person, self._sheet.statement] = judgements.agreement[rows]
        opinions = [comparable(text) for text in self._sheet.opinions]
        statements = [comparable(text) for text in self._sheet.statements]
        self._said = np.array([bool(opinion) for opinion in opinions], dtype=np.bool_)
        self._wrote = np.array(
            [[bool(text) and text in opinion for text in statements] for opinion in opinions],
            dtype=np.bool_,
        )
        self._there = ~np.isnan(self.judged)
        # For how many a statement would do: judged, and by somebody else.
        self._fit = self._there & ~self._wrote

    def draw(
        self, groups: int, size: int, fewest: int, most: int, rng: np.random.Generator
    ) -> Iterator[tuple[Positions, Positions]]:
        fit = self._fit.astype(np.float32)
        first = np.flatnonzero(self._said & (fit.sum(axis=1) >= fewest))
        if len(first) < size:
            return
        made = 0
        for _ in range(ATTEMPTS * groups):
            if made == groups:
                return
            members = self._members(fit, int(rng.choice(first)), size, fewest, rng)
            if len(members) < size:
                continue
            columns = np.flatnonzero(self._fit[members].all(axis=0))
            if len(columns) > most:
                columns = np.sort(rng.choice(columns, most, replace=False))
            made += 1
            yield members, columns

    def _members(
        self,
        fit: npt.NDArray[np.float32],
        first: int,
        size: int,
        fewest: int,
        rng: np.random.Generator,
    ) -> Positions:
        members = [first]
        common = fit[first]
        while len(members) < size:
            shared = (fit @ common) * self._said
            shared[members] = 0
            shared[shared < fewest] = 0
            total = float(shared.sum())
            if not total:
                break
            drawn = float(rng.random()) * total
            chosen = int(np.searchsorted(np.cumsum(shared, dtype=np.float64), drawn, side="right"))
            members.append(min(chosen, int(np.flatnonzero(shared)[-1])))
            common = common * fit[members[-1]]
        return np.array(members, dtype=np.int64)

    def group(self, members: Positions, columns: Positions) -> Group:
        others = np.ones(len(self.judged), dtype=np.bool_)
        others[members] = False
        voters = self._there[np.ix_(others, columns)].sum(axis=0)
        agreed = (self.judged[np.ix_(others, columns)] > NEUTRAL).sum(axis=0)
        wrote = self._wrote[members]
        author, own = np.nonzero(wrote & (wrote.sum(axis=0) == 1))
        elsewhere = np.setdiff1d(np.arange(self.judged.shape[1]), columns)
        texts, row, table = self._sheet.statements, self._row, self._judgements
        return Group(
            conversation=table.conversation[row],
            language=table.language[row],
            question=self._sheet.question,
            context=self._sheet.context,
            opinions=tuple(self._sheet.opinions[member] for member in members),
            statements=tuple(texts[column] for column in columns),
            judged=self.judged[np.ix_(members, columns)],
            popular=np.divide(agreed, voters, out=np.full(len(columns), np.nan), where=voters > 0),
            rivals=self.judged[np.ix_(members, own)],
            author=author.astype(np.int64),
            elsewhere=tuple(texts[column] for column in elsewhere),
        )
